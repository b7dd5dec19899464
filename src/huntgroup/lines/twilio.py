"""A phone call over a Twilio Media Stream: a thin shell of sockets and queues around `wire.twilio`."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from starlette.websockets import WebSocketDisconnect

from huntgroup.calls.ports import (
    LineAudio,
    LineBadInput,
    LineDtmf,
    LineEnded,
    LineEvent,
    LineMark,
)
from huntgroup.lines.outbox import Outbox
from huntgroup.lines.socket import TextSocket, aborter_of, sender_of
from huntgroup.media.formats import PCMU_8K, AudioFormat
from huntgroup.wire.twilio import (
    MAX_CHUNK_BYTES,
    Digit,
    Frame,
    MarkEcho,
    Problem,
    Received,
    Started,
    Stopped,
    StreamProtocol,
)

MAX_REPORTS_PER_PROBLEM = 20
CLOSE_LIMIT_MS = 2_000
_FAREWELL = "huntgroup.farewell"
_GONE = (WebSocketDisconnect, RuntimeError, OSError)  # TimeoutError is an OSError: catch it first.


class StreamRefused(Exception):
    """No call begins on this socket; the message is a short code for the log."""


class TwilioLine:
    """`Line` over one socket. `start` must be awaited before the line is used.

    The caller of `start` must close the socket when that raises. Sound is µ-law and goes to the wire as it is given.
    """

    kind = "twilio"
    written = False

    def __init__(self, socket: TextSocket, *, drain_ms: int = 15_000, close_ms: int = CLOSE_LIMIT_MS) -> None:
        self._socket = socket
        self._send_now = sender_of(socket)
        self._abort = aborter_of(socket)
        self._drain_s = drain_ms / 1000
        self._close_s = close_ms / 1000
        self._protocol = StreamProtocol()
        self._inbox: deque[LineEvent] = deque()
        self._outbox = Outbox()
        self._reading = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._ended: LineEnded | None = None
        self._is_leaving = False
        self._said_farewell = False
        self.problems: Counter[str] = Counter()

    async def start(self) -> Started:
        """Read until the stream's `start`. Raises `StreamRefused`; the caller must set a time limit."""
        while True:
            text = await self._read_text()
            if text is None:
                raise StreamRefused("closed_before_start")
            for event in self._protocol.receive(text):
                if isinstance(event, Started):
                    return event
                self._take(event)
                if self._ended is not None or sum(self.problems.values()) > MAX_REPORTS_PER_PROBLEM:
                    raise StreamRefused(next(iter(self.problems), "bad_start"))

    @property
    def format(self) -> AudioFormat:
        """8 kHz µ-law."""
        return PCMU_8K

    @property
    def was_lost(self) -> bool:
        """Whether the line ended without a goodbye from either side."""
        return self._ended is not None and self._ended.lost

    def now_ms(self) -> int:
        """The carrier's media clock."""
        return self._protocol.now_ms

    async def receive(self) -> LineEvent:
        """The next event; `LineEnded` for ever after the end. Cancelling loses nothing."""
        while not self._inbox:
            if self._ended is not None:
                return self._ended
            await self._pull()
        return self._inbox.popleft()

    def play(self, audio: bytes) -> None:
        """Queue µ-law; beyond ten minutes unsent it is dropped, with a report."""
        if self._ended is not None or self._is_leaving or not audio:
            return
        if not self._outbox.has_room(audio):
            self._report(Problem("outbound_overflow"))
            return
        if self._is_clear and len(audio) <= MAX_CHUNK_BYTES and self._send_now(self._protocol.sound(audio)):
            return
        self._outbox.put(audio)

    def mark(self, name: str) -> None:
        """Queue a mark behind the sound."""
        if self._ended is None:
            self._post(self._protocol.mark(name))

    def clear(self) -> None:
        """Drop sound here and at the carrier. Marks still here are sent ahead of the clear, which echoes them."""
        if self._ended is not None:
            return
        self._outbox.drop_sound()
        self._post(self._protocol.clear())

    async def pump(self) -> None:
        """Write the queue out until the line is over."""
        while self._ended is None:
            await self._outbox.filled()
            await self._flush()

    async def hang_up(self) -> None:
        """Let queued sound be heard (with a limit), then close the socket, after which the TwiML goes on."""
        if self._ended is None and not self._is_leaving:
            self.mark(_FAREWELL)
            self._is_leaving = True
            try:
                async with asyncio.timeout(self._drain_s):
                    await self._say_farewell()
            except TimeoutError:
                self.problems["farewell_unheard"] += 1
        self._end(LineEnded("hung_up_by_us", lost=False))
        await self.close()

    async def _say_farewell(self) -> None:
        """Send what is queued and wait until it was heard; a carrier that stops reading holds both up for ever."""
        await self._flush()
        while self._ended is None and not self._said_farewell:
            await self._pull()

    async def _pull(self) -> None:
        """Read one frame into the inbox, unless somebody else just did."""
        async with self._reading:
            if self._inbox and not self._is_leaving:
                return
            text = await self._read_text()
            if self._ended is not None:
                return
            if text is None:
                self._end(LineEnded("socket_lost", lost=not self._is_leaving))
                return
            for event in self._protocol.receive(text):
                self._take(event)

    async def _read_text(self) -> str | None:
        """The next text frame; None when the socket is gone."""
        while True:
            try:
                message = await self._socket.receive()
            except _GONE:
                return None
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text")
            if text is not None:
                return str(text)
            self._report(Problem("binary_frame"))

    def _take(self, event: Received) -> None:
        if isinstance(event, Frame):
            self._inbox.append(LineAudio(event.audio))
        elif isinstance(event, MarkEcho):
            self._take_mark(event.name)
        elif isinstance(event, Digit):
            self._inbox.append(LineDtmf(event.digit))
        elif isinstance(event, Stopped):
            self._end(LineEnded("caller_hung_up", lost=False))
        elif isinstance(event, Problem):
            self._report(event)

    def _take_mark(self, name: str) -> None:
        if name == _FAREWELL:
            self._said_farewell = True
        else:
            self._inbox.append(LineMark(name))

    def _report(self, problem: Problem) -> None:
        self.problems[problem.code] += 1
        if self.problems[problem.code] <= MAX_REPORTS_PER_PROBLEM:
            self._inbox.append(LineBadInput(problem.code, problem.detail))
        if problem.is_fatal:
            self._end(LineEnded(problem.code, lost=True))

    def _end(self, ended: LineEnded) -> None:
        if self._ended is None:
            self._ended = ended
            self._inbox.append(ended)
            self._outbox.wake()

    @property
    def _is_clear(self) -> bool:
        """Whether nothing waits, so that what is written now keeps its place."""
        return not self._outbox and not self._writing.locked()

    def _post(self, text: str) -> None:
        if not (self._is_clear and self._send_now(text)):
            self._outbox.put(text)

    async def _flush(self) -> None:
        async with self._writing:
            while self._outbox and self._ended is None:
                entry = self._outbox.take()
                if isinstance(entry, str):
                    await self._send(entry)
                    continue
                for text in self._protocol.play(entry):
                    await self._send(text)
            if self._ended is None:
                self._outbox.rest()

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except _GONE:
            self._end(LineEnded("socket_lost", lost=not self._is_leaving))

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the socket, without a goodbye when the carrier takes none; nothing when it is closed already."""
        try:
            async with asyncio.timeout(self._close_s):
                await self._socket.close(code, reason)
        except TimeoutError:
            self.problems["close_unread"] += 1
            self._abort()
        except _GONE:
            self.problems["closed_already"] += 1
