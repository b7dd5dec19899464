"""A caller whose telephone is broken: dials as the carrier does, then sends whatever the test likes."""

from __future__ import annotations

import asyncio
import secrets
from types import TracebackType

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from huntgroup.media.formats import FRAME_MS, PCMU_8K
from huntgroup.testing.phone_exchange import Instructions, PhoneExchange
from huntgroup.wire.twilio import CallerProtocol


class FaultyCaller:
    """Raw access to the media socket. Entering connects without a word; the test says `connected` and `start` itself.

    `instructions` are those of an earlier dial, for a token that is used twice; otherwise entering dials.
    """

    def __init__(self, base_url: str, team: str, *, instructions: Instructions | None = None) -> None:
        self.exchange = PhoneExchange(base_url)
        self.protocol = CallerProtocol(stream_sid="MZ" + secrets.token_hex(16), call_sid=self.exchange.call_sid)
        self.instructions = instructions or Instructions()
        self._team = team
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> FaultyCaller:
        if self.instructions.stream_url is None:
            self.instructions = await self.exchange.dial(self._team, caller="+12025550143", called="+12025550100")
        url = self.exchange.reachable(f"{self.exchange.base_url}/twilio/media").replace("http", "ws", 1)
        self._socket = await connect(url, compression=None, proxy=None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    @property
    def socket(self) -> ClientConnection:
        """The open media socket."""
        if self._socket is None:
            raise RuntimeError("not connected: use `async with`")
        return self._socket

    async def begin(self, parameters: dict[str, str] | None = None) -> None:
        """Say `connected` and `start`, with the parameters of the TwiML or others."""
        await self.send(self.protocol.connected())
        await self.send(self.protocol.start(self.instructions.parameters if parameters is None else parameters))

    async def send(self, *frames: str | bytes) -> None:
        """Send frames, rubbish included; a socket that the server has closed swallows them."""
        try:
            for frame in frames:
                await self.socket.send(frame)
        except ConnectionClosed:
            return

    async def send_sound(self, frames: int = 5) -> None:
        """Send well-formed sound."""
        for _ in range(frames):
            await self.send(self.protocol.media(PCMU_8K.silence(FRAME_MS)))

    async def break_off(self) -> None:
        """Cut the wire in the middle of a word: no stop, no closing handshake."""
        self.socket.transport.abort()
        await self.socket.wait_closed()

    async def close_code(self, timeout_s: float = 5) -> int | None:
        """Wait until the server closes the socket; the code it gave. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed:
                return self.socket.close_code
