"""The messages of Media Streams, field for field. `payload` is sound; msgspec does the base64.

Twilio sends its numbers as strings; plain numbers are read too, for the carriers that copy the protocol.
"""

from __future__ import annotations

import msgspec

Number = str | int

# The only sound of a stream: one byte of µ-law per sample.
RATE_HZ = 8000
BYTES_PER_MS = RATE_HZ // 1000


class _Message(msgspec.Struct, frozen=True, gc=False, tag_field="event", rename="camel"):
    """A text frame."""


class _Body(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A nested object."""


class MediaFormat(_Body, frozen=True):
    encoding: str
    sample_rate: int
    channels: int = 1


class StartBody(_Body, frozen=True):
    """`customParameters` hold what the TwiML's `<Parameter>` elements said."""

    stream_sid: str
    call_sid: str
    media_format: MediaFormat
    account_sid: str = ""
    tracks: list[str] = []
    custom_parameters: dict[str, str] = {}


class MediaBody(_Body, frozen=True):
    track: str
    chunk: Number
    timestamp: Number
    payload: bytes


class DtmfBody(_Body, frozen=True):
    digit: str
    track: str = "inbound_track"


class MarkBody(_Body, frozen=True):
    name: str


class StopBody(_Body, frozen=True):
    call_sid: str = ""
    account_sid: str = ""


class Connected(_Message, tag="connected", frozen=True):
    protocol: str = "Call"
    version: str = "1.0.0"


class Start(_Message, tag="start", frozen=True):
    start: StartBody
    stream_sid: str
    sequence_number: Number


class Media(_Message, tag="media", frozen=True):
    media: MediaBody
    stream_sid: str
    sequence_number: Number


class Dtmf(_Message, tag="dtmf", frozen=True):
    dtmf: DtmfBody
    stream_sid: str
    sequence_number: Number


class Mark(_Message, tag="mark", frozen=True):
    mark: MarkBody
    stream_sid: str
    sequence_number: Number


class Stop(_Message, tag="stop", frozen=True):
    stop: StopBody
    stream_sid: str
    sequence_number: Number


class PlayBody(_Body, frozen=True):
    payload: bytes


class Play(_Message, tag="media", frozen=True):
    """Server to Twilio: sound to be played, of any length."""

    stream_sid: str
    media: PlayBody


class PlaceMark(_Message, tag="mark", frozen=True):
    """Server to Twilio: to be echoed when everything before it was played."""

    stream_sid: str
    mark: MarkBody


class Clear(_Message, tag="clear", frozen=True):
    """Server to Twilio: drop what waits to be played."""

    stream_sid: str


FromTwilio = Connected | Start | Media | Dtmf | Mark | Stop
ToTwilio = Play | PlaceMark | Clear

decode_from_twilio = msgspec.json.Decoder(FromTwilio).decode
decode_to_twilio = msgspec.json.Decoder(ToTwilio).decode
_encoder = msgspec.json.Encoder()


def encode(message: FromTwilio | ToTwilio) -> str:
    """The text frame of a message."""
    return _encoder.encode(message).decode()
