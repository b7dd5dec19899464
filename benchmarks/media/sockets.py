"""WebSockets for the world around the server under test: as little work per frame as Python allows, both sides.

Only what the world needs: whole text and binary frames, pings answered, close. Not a general implementation.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _BINARY, _CLOSE, _PING = 1, 2, 8, 9
# A mask of zeros is allowed and leaves the payload as it is.
_ZERO_MASK = bytes(4)


class Refused(Exception):
    """The other side did not open a WebSocket."""


class Socket(asyncio.Protocol):
    """One connection. `on_frame` is called with the payload of each whole frame, `on_closed` once at the end."""

    def __init__(self, *, is_client: bool) -> None:
        self.path = ""
        self.on_frame: Callable[[bytes], None] = lambda payload: None
        self.on_closed: Callable[[], None] = lambda: None
        self.is_open = False
        self._mask = 0x80 if is_client else 0
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not descend from asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self._is_over:
            self._is_over = True
            self.on_closed()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.is_open:
            self._open()
        if self.is_open:
            self._read_frames()

    def send(self, payload: bytes, opcode: int = _TEXT) -> None:
        """Write one frame; does nothing when the connection is over."""
        if self._transport is None or not self.is_open:
            return
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | opcode, self._mask | size))
        elif size < 65536:
            head = bytes((0x80 | opcode, self._mask | 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, self._mask | 127)) + size.to_bytes(8, "big")
        self._transport.write(head + _ZERO_MASK + payload if self._mask else head + payload)

    def close(self) -> None:
        """Say goodbye and close once that is written."""
        if self._transport is not None:
            self.send((1000).to_bytes(2, "big"), _CLOSE)
            self._transport.close()

    def abort(self) -> None:
        """Be gone without a goodbye."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _open(self) -> None:
        """Read the handshake's head, when it is whole."""
        raise NotImplementedError

    def _read_frames(self) -> None:
        buffer, at = self._buffer, 0
        while (end := _frame_end(buffer, at)) is not None:
            head, start, stop = end
            payload = bytes(buffer[start:stop])
            if buffer[at + 1] & 0x80:
                payload = _unmasked(payload, bytes(buffer[start - 4 : start]))
            at = stop
            self._take(head, payload)
        del buffer[:at]

    def _take(self, head: int, payload: bytes) -> None:
        opcode = head & 15
        if opcode == _CLOSE:
            self.close()
        elif opcode == _PING:
            self.send(payload, 10)
        elif opcode in (0, _TEXT, _BINARY):
            if self._parts or not head & 0x80:
                self._parts.append(payload)
                if not head & 0x80:
                    return
                payload, self._parts = b"".join(self._parts), []
            self.on_frame(payload)


class ServerSocket(Socket):
    """The side that is called; `accept` is told of the socket before its first frame."""

    def __init__(self, accept: Callable[[ServerSocket], None]) -> None:
        super().__init__(is_client=False)
        self._accept = accept

    def _open(self) -> None:
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.split(b"\r\n")
        self.path = lines[0].split()[1].decode()
        headers = dict(line.lower().split(b": ", 1) for line in lines[1:] if b": " in line)
        if b"sec-websocket-key" not in headers:
            self._swallow(headers, rest)
            return
        key = next(line.split(b": ", 1)[1] for line in lines if line.lower().startswith(b"sec-websocket-key"))
        answer = base64.b64encode(hashlib.sha1(key.strip() + _MAGIC).digest())
        self._write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + answer + b"\r\n\r\n"
        )
        self._buffer = bytearray(rest)
        self.is_open = True
        self._accept(self)

    def _swallow(self, headers: dict[bytes, bytes], body: bytes) -> None:
        """A plain request (spans for a collector) is read and answered with nothing."""
        length = int(headers.get(b"content-length", b"0"))
        if len(body) >= length:
            self._buffer = bytearray(body[length:])
            self._write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class ClientSocket(Socket):
    """The side that calls; `opened` is done when frames may be sent and fails with `Refused`."""

    def __init__(self, host: str, path: str) -> None:
        super().__init__(is_client=True)
        self._host = host
        self.path = path
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self._write(
            f"GET {self.path} HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(Refused("closed"))
        super().connection_lost(exc)

    def _open(self) -> None:
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return
        if b" 101 " not in head.split(b"\r\n")[0]:
            self.opened.set_exception(Refused(head.split(b"\r\n")[0].decode()))
            return
        self._buffer = bytearray(rest)
        self.is_open = True
        self.opened.set_result(None)


async def dial(url: str) -> ClientSocket:
    """Open a connection to a `ws://` address on this machine. Raises `Refused` or `OSError`."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: ClientSocket(parts.netloc, path), parts.hostname, parts.port)
    await socket.opened
    return socket


def _frame_end(buffer: bytearray, at: int) -> tuple[int, int, int] | None:
    """First byte, start and end of the payload of the frame at `at`; None while it is not whole."""
    have = len(buffer) - at
    if have < 2:
        return None
    size, start = buffer[at + 1] & 0x7F, at + 2
    if size >= 126:
        wide = 2 if size == 126 else 8
        if have < 2 + wide:
            return None
        size = int.from_bytes(buffer[start : start + wide], "big")
        start += wide
    if buffer[at + 1] & 0x80:
        start += 4
    return None if start + size > len(buffer) else (buffer[at], start, start + size)


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "little")
    return (int.from_bytes(payload, "little") ^ key).to_bytes(size, "little")
