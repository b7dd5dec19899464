"""Twilio Media Streams as sans-I/O protocol, both sides.

`StreamProtocol` is the server's side, `CallerProtocol` the carrier's: the same messages turned round.
"""

from huntgroup.wire.twilio.caller import CallerProtocol, Cleared, MarkPlaced, Sound
from huntgroup.wire.twilio.messages import MediaFormat, StartBody
from huntgroup.wire.twilio.problems import Problem
from huntgroup.wire.twilio.stream import (
    MAX_CHUNK_BYTES,
    Digit,
    Frame,
    MarkEcho,
    Received,
    Started,
    Stopped,
    StreamProtocol,
)

__all__ = [
    "MAX_CHUNK_BYTES",
    "CallerProtocol",
    "Cleared",
    "Digit",
    "Frame",
    "MarkEcho",
    "MarkPlaced",
    "MediaFormat",
    "Problem",
    "Received",
    "Sound",
    "StartBody",
    "Started",
    "Stopped",
    "StreamProtocol",
]
