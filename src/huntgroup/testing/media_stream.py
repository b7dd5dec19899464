"""Media streams of a telephone's call: each opened as the carrier opens it, where the TwiML says."""

import secrets
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake

from huntgroup.testing.phone_exchange import DialFailed, Instructions, PhoneExchange
from huntgroup.wire.twilio import CallerProtocol


@dataclass
class Stream:
    """One media stream of a call, in seconds of the machine's monotonic clock; null while nothing was heard on it."""

    began_s: float
    first_sound_s: float | None = None
    ended_s: float | None = None


def new_protocol(exchange: PhoneExchange) -> CallerProtocol:
    """Return the carrier's side of one stream of the exchange's call."""
    return CallerProtocol(stream_sid="MZ" + secrets.token_hex(16), call_sid=exchange.call_sid)


async def open_stream(exchange: PhoneExchange, instructions: Instructions) -> tuple[ClientConnection, CallerProtocol]:
    """Open the media socket that the TwiML names, and introduce the stream. Raises `DialFailed`."""
    url = instructions.stream_url or ""
    try:
        socket = await connect(
            exchange.reachable(url),
            additional_headers=exchange.signed(url),
            compression=None,
            proxy=None,
        )
    except (OSError, InvalidHandshake) as error:
        raise DialFailed(f"the media socket was refused: {error}") from None
    protocol = new_protocol(exchange)
    await socket.send(protocol.connected())
    await socket.send(protocol.start(instructions.parameters))
    return socket, protocol
