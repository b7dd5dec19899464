"""The client's WebSocket: the library's connection with a short way for text messages, in both directions.

Handshake, TLS, proxies, pings, closing and everything unusual stay the library's. A message is written in the moment in
which it is sent and never waits for a task.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from huntgroup.wire.websocket import Masks, TextSplitter, text_frame

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MOST_WAITING = 1_000
MOST_WAITING_BYTES = 1024 * 1024
_HEAD_END = b"\r\n\r\n"
_MAX_HEAD_BYTES = 64 * 1024
_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class ShortWayConnection(ClientConnection):
    """To be given to `websockets.connect` as `create_connection`, without compression.

    Use `next_message` and `send_now` in place of `recv` and `send`. One task may wait in `next_message` at a time.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._splitter = TextSplitter(MAX_MESSAGE_BYTES)
        self._masks = Masks()
        self._head = b""
        self._arrived: deque[bytes] = deque()
        self._arrived_bytes = 0
        self._parts: list[bytes] = []
        self._reader: asyncio.Future[None] | None = None
        self._sink: Callable[[bytes], None] | None = None
        self._is_stopped = False
        self._is_lost = False
        self._is_deaf = False

    # -- for the session ------------------------------------------------------------------------------------------

    async def next_message(self) -> bytes:
        """The next message, in order. Raises `ConnectionClosed` when no more will come."""
        while not self._arrived:
            if self._is_lost:
                raise self._closed()
            self._reader = self.loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        message = self._arrived.popleft()
        self._arrived_bytes -= len(message)
        if (
            self._is_stopped
            and len(self._arrived) < MOST_WAITING // 2
            and self._arrived_bytes < MOST_WAITING_BYTES // 2
        ):
            self._is_stopped = False
            self.transport.resume_reading()
        return message

    async def push_to(self, take: Callable[[bytes], None]) -> None:
        """Give every message to `take` when it comes. Raises `ConnectionClosed` at the end, and what `take` raises."""
        while self._arrived:
            take(await self.next_message())
        self._sink = take
        try:
            while not self._is_lost:
                self._reader = self.loop.create_future()
                await self._reader
        finally:
            self._sink = self._reader = None
        raise self._closed()

    def send_now(self, text: bytes) -> None:
        """Write a message. Raises `ConnectionClosed` when the connection is over or ending."""
        if self._is_lost or self.protocol.state is not State.OPEN or self.transport.is_closing():
            raise self._closed()
        self.transport.write(text_frame(text, self._masks))

    @property
    def unsent_bytes(self) -> int:
        """What the network has not taken yet."""
        return self.transport.get_write_buffer_size()

    def stop_listening(self) -> None:
        """Throw away what comes from now on: what nobody reads must not hold up the goodbye."""
        self._is_deaf = True
        self._arrived.clear()
        self._arrived_bytes = 0
        if self._is_stopped:
            self._is_stopped = False
            self.transport.resume_reading()

    def abort(self) -> None:
        """Give the connection up at once, with what was not sent; nothing when it is over."""
        self.transport.abort()

    # -- for the transport ----------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.response is None:
            data = self._after_head(data)
        for is_text, payload in self._splitter.feed(data) if data else ():
            if is_text:
                self._take(payload)
            else:
                super().data_received(payload)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._is_lost = True
        self._wake()

    def process_event(self, event: Any) -> None:
        if isinstance(event, Frame) and event.opcode in _DATA and self.response is not None:
            self._parts.append(bytes(event.data))
            if event.fin:
                whole, self._parts = b"".join(self._parts), []
                self._take(whole)
        else:
            super().process_event(event)

    def _after_head(self, data: bytes) -> bytes:
        """Give the handshake's answer to the library, and return the beginning of the frames behind it."""
        self._head += data
        end = self._head.find(_HEAD_END)
        if end < 0 and len(self._head) < _MAX_HEAD_BYTES:
            return b""
        # A refusal has a body, which is the library's too.
        is_opened = end >= 0 and self._head.startswith(b"HTTP/1.1 101")
        cut = end + len(_HEAD_END) if is_opened else len(self._head)
        head, rest, self._head = self._head[:cut], self._head[cut:], b""
        super().data_received(head)
        return rest

    def _take(self, message: bytes) -> None:
        if self._is_deaf:
            return
        if self._sink is not None:
            self._push(message)
            return
        self._arrived.append(message)
        self._arrived_bytes += len(message)
        self._wake()
        is_full = len(self._arrived) > MOST_WAITING or self._arrived_bytes > MOST_WAITING_BYTES
        if is_full and not self._is_stopped:
            self._is_stopped = True
            self.transport.pause_reading()

    def _push(self, message: bytes) -> None:
        sink = self._sink
        try:
            if sink is not None:
                sink(message)
        except Exception as error:
            self._sink = None
            if self._reader is not None and not self._reader.done():
                self._reader.set_exception(error)

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _closed(self) -> ConnectionClosed:
        """Why no more can be sent or will come; while the connection is only ending there is no code yet."""
        if self.protocol.state is State.CLOSED:
            return self.protocol.close_exc
        ended = self.protocol
        return ConnectionClosed(ended.close_rcvd, ended.close_sent, ended.close_rcvd_then_sent)
