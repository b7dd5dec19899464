"""A telephone at the real server: webhooks over HTTP, sound over the media socket, a frame each way per 20 ms.

The far end of the line is kept as a carrier keeps it: marks are echoed when what is before them was played, and all of
them at once after a clear. With `hurry` time runs faster while somebody's speech is playing and at its own speed while
everybody waits, so that waits are true and long calls are short.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from huntgroup.media.formats import FRAME_MS, PCMU_8K
from huntgroup.media.frames import pieces
from huntgroup.media.playback import Playback
from huntgroup.testing.call_recording import CallRecording
from huntgroup.testing.media_stream import Stream, new_protocol, open_stream
from huntgroup.testing.phone_exchange import DialFailed, Instructions, PhoneExchange
from huntgroup.wire.twilio import Cleared, MarkPlaced, Problem, Sound

HURRY = 16.0
# In a hurry, the end of a stretch of sound still plays at real speed: the server keeps up, and makes the next sentence
# while the last one sounds, as it would on a real call.
_AGENT_RESERVE_MS = 400
_OWN_RESERVE_MS = 400
_MAX_LATENESS_S = 0.1


class NoAnswer(Exception):
    """What was waited for did not happen in time."""


class Telephone:
    """One call. `dial` connects it; `hang_up` ends it, and `put_away` must follow.

    When the stream ends the telephone does as the carrier does: it goes on with the TwiML, over pauses and redirects,
    to another server where the first is dead, and on a new stream where it is told to. `instructions` are the TwiML of
    the current stream, `afterwards` the one that the last stream's end led to; `streams` are all of them, `clears` the
    times at which the server cleared the line, `problems` what it sent that cannot be understood.
    """

    def __init__(
        self,
        base_url: str,
        team: str,
        *,
        number: str = "+12025550143",
        called: str = "+12025550100",
        auth_token: str | None = None,
        public_url: str | None = None,
        speed: float = 1.0,
        hurry: bool = False,
        on_frame: Callable[[int], None] | None = None,
        other_urls: Sequence[str] = (),
    ) -> None:
        self.exchange = PhoneExchange(base_url, public_url=public_url, auth_token=auth_token, others=other_urls)
        self.recording = CallRecording()
        self.instructions = Instructions()
        self.afterwards: Instructions | None = None
        self.problems: list[Problem] = []
        self.clears: list[int] = []
        self.streams: list[Stream] = []
        self.close_code: int | None = None
        self._team, self._number, self._called = team, number, called
        self._speed, self._hurry = speed, hurry
        self._on_frame = on_frame
        self._protocol = new_protocol(self.exchange)
        self._playback = Playback(PCMU_8K)
        self._speech: deque[bytes] = deque()
        self._socket: ClientConnection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._ticked = asyncio.Condition()
        self._is_between = False
        self._is_over = False
        self._hung_up = False

    @property
    def now_ms(self) -> int:
        """The call's media clock."""
        return self.recording.length_ms

    @property
    def call_id(self) -> str:
        """The call's id as the server announced it; "" when it did not connect."""
        return self.instructions.parameters.get("call_id", "")

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, by either side."""
        return self._is_over

    @property
    def closed_by_server(self) -> bool:
        """Whether the other side ended it."""
        return self._is_over and not self._hung_up

    async def dial(self) -> Instructions:
        """Call the number and, when the answer says so, connect the stream. Raises `DialFailed`."""
        self.instructions = await self.exchange.dial(self._team, caller=self._number, called=self._called)
        if self.instructions.stream_url is None:
            self._is_over = True
            return self.instructions
        await self._connect()
        self._tasks = [asyncio.create_task(self._talk()), asyncio.create_task(self._listen())]
        return self.instructions

    def speak(self, ulaw: bytes) -> None:
        """Put µ-law into the mouthpiece, behind what is still being said."""
        padding = PCMU_8K.silence(1)[:1] * (-len(ulaw) % PCMU_8K.frame_bytes)
        self._speech.extend(pieces(ulaw + padding, PCMU_8K.frame_bytes))

    async def hang_up(self) -> None:
        """Put the phone down; does nothing when the call is over."""
        if self._is_over or self._socket is None:
            return
        self._hung_up = True
        await self._send(self._protocol.stop())
        await self._socket.close()
        self.close_code = self._socket.close_code
        await self._end()

    async def put_away(self) -> None:
        """Stop the telephone's tasks, whatever the call does."""
        self._is_over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    async def until(self, condition: Callable[[], bool], timeout_ms: int | None = None) -> None:
        """Return when the condition holds or the call is over. Raises `NoAnswer` after `timeout_ms`."""
        limit_ms = None if timeout_ms is None else self.now_ms + timeout_ms
        async with self._ticked:
            while not condition() and not self._is_over:
                if limit_ms is not None and self.now_ms >= limit_ms:
                    raise NoAnswer(f"nothing within {timeout_ms} ms, at {self.now_ms} ms of the call")
                await self._ticked.wait()

    async def _talk(self) -> None:
        """Exchange a frame each 20 ms; lateness is caught up, but never by more than a few frames at once."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._is_over:
            due = max(due, loop.time() - _MAX_LATENESS_S) + FRAME_MS / 1000 / self._pace()
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._tick()

    def _pace(self) -> float:
        """How many times faster than real time the next frame comes."""
        talking = len(self._speech) * FRAME_MS > _OWN_RESERVE_MS
        listening = self._playback.queued_ms > _AGENT_RESERVE_MS
        return max(self._speed, HURRY) if self._hurry and (talking or listening) else self._speed

    async def _tick(self) -> None:
        frame = self._speech.popleft() if self._speech else PCMU_8K.silence(FRAME_MS)
        played = self._playback.advance(FRAME_MS)
        self.recording.add(frame, played.audio, agent_is_playing=played.voiced_bytes > 0)
        await self._send(self._protocol.media(frame))
        await self._echo(played.marks)
        if self._on_frame is not None:
            self._on_frame(self.now_ms)
        await self._notify()

    async def _listen(self) -> None:
        """Hear one stream after the other, as long as the TwiML leads from one to the next."""
        while self._socket is not None:
            try:
                async for text in self._socket:
                    await self._obey(text)
            except ConnectionClosed as closed:
                self.problems.append(Problem("socket_broken", str(closed.rcvd.code if closed.rcvd else 1006)))
            self.close_code = self._socket.close_code
            self.streams[-1].ended_s = time.monotonic()
            if self._hung_up or not await self._go_on():
                break
        await self._end()

    async def _go_on(self) -> bool:
        """Follow the TwiML after a stream; True when it led to another one."""
        self._is_between = True
        self._playback.clear()
        following = self.instructions.redirect_url
        try:
            while following is not None and not self._hung_up:
                self.afterwards = await self.exchange.post(following, {"From": self._number, "To": self._called})
                await asyncio.sleep(self.afterwards.pause_s)
                if self.afterwards.stream_url is not None:
                    self.instructions = self.afterwards
                    await self._connect()
                    return True
                following = self.afterwards.redirect_url
        except DialFailed as failed:
            self.problems.append(Problem("redirect_failed", str(failed)))
        return False

    async def _connect(self) -> None:
        """Open the stream that the TwiML names. Raises `DialFailed`."""
        self._socket, self._protocol = await open_stream(self.exchange, self.instructions)
        self.streams.append(Stream(time.monotonic()))
        self._is_between = False

    async def _obey(self, text: str | bytes) -> None:
        event = self._protocol.receive(text)
        if isinstance(event, Sound):
            if self.streams[-1].first_sound_s is None:
                self.streams[-1].first_sound_s = time.monotonic()
            self._playback.play(event.audio)
        elif isinstance(event, MarkPlaced):
            self._playback.mark(event.name)
        elif isinstance(event, Cleared):
            self.clears.append(self.now_ms)
            await self._echo(self._playback.clear())
        else:
            self.problems.append(event)

    async def _echo(self, marks: tuple[str, ...]) -> None:
        for name in marks:
            await self._send(self._protocol.mark(name))

    async def _send(self, text: str) -> None:
        """Send a frame; while there is no stream it is lost, as sound on a dead line is."""
        if self._socket is None or self._is_between or self._is_over:
            return
        try:
            await self._socket.send(text)
        except ConnectionClosed:
            return

    async def _end(self) -> None:
        self._is_over = True
        await self._notify()

    async def _notify(self) -> None:
        async with self._ticked:
            self._ticked.notify_all()
