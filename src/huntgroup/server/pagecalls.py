"""A call that a page follows by a socket, and whichever page's socket is there."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from starlette.websockets import WebSocket, WebSocketDisconnect

from huntgroup.domain.clock import Clock
from huntgroup.server.house import House, PagedLine
from huntgroup.server.livechannel import LiveChannel
from huntgroup.server.webcalls import Visit
from huntgroup.wire import live

MOST_UNSENT = 32
# So many messages in so much time are more than anybody types; who sends far more is no person.
MOST_MESSAGES = 20
WITHIN_MS = 10_000
MOST_REFUSED = 100
LAST_WORDS_S = 5.0
# The call goes on in another page, or on another line: this one must not come back by itself.
REPLACED = 4409
_GONE = (WebSocketDisconnect, RuntimeError, OSError)
_POLICY_VIOLATION = 1008
_TOO_FAST = live.Refused(code="too_fast", message="You are sending faster than we can read. Please wait a moment.")


class SocketChannel:
    """`Channel` over one page's socket; `pump` must run while it is used. A page that does not read is `full`."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._unsent: asyncio.Queue[str | None] = asyncio.Queue(MOST_UNSENT)
        self.can_say = True

    def say(self, message: str) -> bool:
        """Queue a message; False when the socket is gone or too much waits."""
        if not self.can_say or self._unsent.full():
            return False
        self._unsent.put_nowait(message)
        return True

    async def pump(self) -> None:
        """Send until `finish`, or until the socket is gone."""
        try:
            while (message := await self._unsent.get()) is not None:
                await self._socket.send_text(message)
        except _GONE:
            pass
        finally:
            self.can_say = False

    async def finish(self, limit_s: float) -> None:
        """Let what is queued be sent; nothing follows. A page that does not read is waited for no longer than this."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._unsent.put(None), limit_s)


class Pace:
    """Whether a page may send one more message now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken_ms: deque[int] = deque(maxlen=MOST_MESSAGES)
        self.refused = 0

    def allows(self) -> bool:
        now_ms = self._clock.now_ms()
        if len(self._taken_ms) == MOST_MESSAGES and now_ms - self._taken_ms[0] < WITHIN_MS:
            self.refused += 1
            return False
        self._taken_ms.append(now_ms)
        return True


class PageCall:
    """The keeper of one visit: one page at a time, and a later one takes the place of the one before."""

    def __init__(self, house: House, clock: Clock, visit: Visit, line: PagedLine) -> None:
        self._house = house
        self._visit = visit
        self._clock = clock
        self._pace = Pace(clock)
        self._page: asyncio.Task[None] | None = None
        self.line = line

    async def serve(self, socket: WebSocket) -> None:
        """Hold a page's socket, which is accepted, until it is gone or replaced, or the call has left; close it."""
        if self._page is not None:
            self._page.cancel()
        left = self._visit.left
        self._page = page = asyncio.create_task(self._talk(socket, left), name="a call's page")
        self.line.attach()
        try:
            await asyncio.wait({page})
        finally:
            page.cancel()
            self.line.detach()
            if self._page is page:
                self._page = None
            with contextlib.suppress(*_GONE):
                changed = left.is_set() and not self._visit.over.is_set()
                await socket.close(self._close_code(replaced=changed or page.cancelled()))

    def _close_code(self, *, replaced: bool) -> int:
        if replaced:
            return REPLACED
        return _POLICY_VIOLATION if self._pace.refused >= MOST_REFUSED else 1000

    async def _talk(self, socket: WebSocket, left: asyncio.Event) -> None:
        out = SocketChannel(socket)
        channel = LiveChannel(self._house, self._visit, out, self.line.report, returns_within_ms=self.line.return_ms)
        tasks = [
            asyncio.create_task(work)
            for work in (out.pump(), self._read(socket, out, channel), self._end(channel, left))
        ]
        try:
            _, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[2] not in running:
                await out.finish(LAST_WORDS_S)
                await asyncio.wait({tasks[0]}, timeout=LAST_WORDS_S)
        finally:
            channel.close()
            for task in tasks:
                task.cancel()

    async def _read(self, socket: WebSocket, out: SocketChannel, channel: LiveChannel) -> None:
        """Return when the page is gone, or sends so much that it is no person's."""
        while self._pace.refused < MOST_REFUSED:
            try:
                message = await socket.receive()
            except _GONE:
                return
            if message["type"] == "websocket.disconnect":
                return
            said = message.get("text") or message.get("bytes") or ""
            if self._pace.allows():
                channel.take(said)
            else:
                self.line.report("too_fast")
                channel.refuse(said, _TOO_FAST)

    async def _end(self, channel: LiveChannel, left: asyncio.Event) -> None:
        await left.wait()
        await channel.finish(LAST_WORDS_S)
