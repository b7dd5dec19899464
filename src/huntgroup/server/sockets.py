"""uvicorn's WebSocket with a short way for text messages: those of a phone call come fifty times a second each way.

Handshake, pings, closing and everything unusual stay uvicorn's. The peer is stopped only when many messages wait, where
uvicorn stops and starts it at each one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any, cast

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from huntgroup.lines.socket import Sink, TextSocket
from huntgroup.wire.websocket import TextSplitter, text_frame

MOST_WAITING = 256
MOST_WAITING_BYTES = 1024 * 1024
# How long a peer has for the rest of what was written once nobody is interested in it any more.
LINGER_S = 1.0
_EXTENSION = "huntgroup.short_way"


class Inbox:
    """What uvicorn's protocol needs of a queue, for one reader."""

    def __init__(self) -> None:
        self._waiting: deque[Any] = deque()
        self._waiting_bytes = 0
        self._reader: asyncio.Future[None] | None = None
        self.sink: Sink | None = None

    @property
    def is_full(self) -> bool:
        """Whether so much waits that the peer should be stopped, in messages or in their size."""
        return len(self._waiting) > MOST_WAITING or self._waiting_bytes > MOST_WAITING_BYTES

    def put_nowait(self, message: Any) -> None:
        """Hand a message to the sink; without one, add it and wake the reader."""
        if self.sink is not None:
            self.sink(message)
            return
        self._waiting.append(message)
        self._waiting_bytes += _size(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        """The next message. Cancelling loses nothing."""
        while not self._waiting:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self.pop()

    def pop(self) -> Any:
        """The next message, of at least one."""
        message = self._waiting.popleft()
        self._waiting_bytes -= _size(message)
        return message

    def empty(self) -> bool:
        return not self._waiting

    def qsize(self) -> int:
        return len(self._waiting)


def _size(message: Any) -> int:
    return len(message.get("text") or message.get("bytes") or "")


class ShortWayProtocol(WebSocketsSansIOProtocol):
    """To be given to uvicorn as `ws`. To an application that knows nothing of it this is any WebSocket."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.queue = self._inbox = Inbox()  # type: ignore[assignment]
        self._splitter = TextSplitter(self.config.ws_max_size)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][_EXTENSION] = {"protocol": self}

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            super().data_received(data)
            return
        for is_text, payload in self._splitter.feed(data):
            if is_text:
                self._take(payload)
            else:
                super().data_received(payload)
                self._go_on_reading()

    def send_now(self, text: str) -> bool:
        """Write a message at once; False when it cannot be, and `send` says why or waits until it can."""
        if not self.handshake_complete or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        if not self.writable.is_set():
            return False
        self.transport.write(text_frame(text.encode()))
        return True

    def push_to(self, sink: Sink | None) -> None:
        """Give every message to `sink`, which must not raise, those that wait first; None: queue them again."""
        while sink is not None and not self._inbox.empty():
            sink(self._inbox.pop())
        self._inbox.sink = sink
        self._go_on_reading()

    def _go_on_reading(self) -> None:
        """What is taken at once does not fill up; the server stops the peer at each message that is not ours."""
        if self._inbox.sink is not None and self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def abort(self) -> None:
        """Give the connection up, with what the peer has not taken."""
        self.transport.abort()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_later(LINGER_S)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._abort_later(self.close_timeout + LINGER_S)

    def _abort_later(self, delay_s: float) -> None:
        """A transport that is closed waits for ever for a peer that stopped reading."""
        if not self.disconnected:
            self.loop.call_later(delay_s, self.transport.abort)

    def _take(self, payload: bytes) -> None:
        if self.close_sent:
            return
        try:
            self.queue.put_nowait({"type": "websocket.receive", "text": payload.decode()})
        except UnicodeDecodeError:
            self.conn.send_close(1007)
            self.handle_parser_exception()
            return
        if self._inbox.is_full and not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()


class MediaSocket:
    """An accepted media socket as a line wants it, without the layers between server and application."""

    def __init__(self, socket: WebSocket, protocol: ShortWayProtocol) -> None:
        self.send_text = socket.send_text
        self.send_now = protocol.send_now
        self.abort = protocol.abort
        self.push_to = protocol.push_to
        self.close = socket.close
        self.receive = cast(Callable[[], Coroutine[Any, Any, MutableMapping[str, Any]]], protocol.receive)


def media_socket(socket: WebSocket) -> TextSocket:
    """The shortest way to an accepted socket; on another server than ours, the socket itself."""
    extension = socket.scope.get("extensions", {}).get(_EXTENSION)
    return socket if extension is None else MediaSocket(socket, extension["protocol"])
