"""The server's side of a Media Stream: frames in, events out; audio and marks in, frames out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from huntgroup.wire.twilio import messages as m
from huntgroup.wire.twilio.problems import Problem, from_decode_error

# Sound goes out in pieces of at most 200 ms, so that a clear is never stuck behind one large frame.
MAX_CHUNK_BYTES = m.BYTES_PER_MS * 200
# A carrier sends 20 ms; copies of the protocol send up to 100 ms.
MAX_FRAME_BYTES = m.BYTES_PER_MS * 1000
MAX_MESSAGE_CHARS = 16_384
_MAX_JUMP_MS = 10_000
_MAX_JITTER_MS = 200
# A number further ahead than a minute of frames is a mistake; to believe it would drop everything after it.
_MAX_LEAP = 3000
_DIGITS = frozenset("0123456789*#ABCD")


class Started(msgspec.Struct, frozen=True, gc=False):
    """The stream is open."""

    stream_sid: str
    call_sid: str
    parameters: dict[str, str]


class Frame(msgspec.Struct, frozen=True, gc=False):
    """Caller's µ-law."""

    audio: bytes


class Digit(msgspec.Struct, frozen=True, gc=False):
    """A key was pressed."""

    digit: str


class MarkEcho(msgspec.Struct, frozen=True, gc=False):
    """Our mark came back."""

    name: str


class Stopped(msgspec.Struct, frozen=True, gc=False):
    """The carrier ended the stream: the caller hung up."""


Received = Started | Frame | Digit | MarkEcho | Stopped | Problem


class StreamProtocol:
    """One stream. `receive` never raises for what the other side sends; it returns problems as values."""

    def __init__(self) -> None:
        self.stream_sid = ""
        self._is_connected = False
        self._is_stopped = False
        self._sequence = 0
        self._chunk = 0
        self._shift_ms = 0
        self._now_ms = 0

    @property
    def now_ms(self) -> int:
        """The media clock: the end of the last frame, in ms since the stream began."""
        return self._now_ms

    def receive(self, data: str | bytes) -> list[Received]:
        """One text frame of the carrier; returns what it means, in order."""
        if len(data) > MAX_MESSAGE_CHARS:
            return [Problem("frame_too_large", f"{len(data)} characters")]
        try:
            message = m.decode_from_twilio(data)
        except msgspec.DecodeError as error:
            return [from_decode_error(error)]
        except UnicodeError:
            return [Problem("malformed_json")]
        if isinstance(message, m.Connected):
            return self._connected()
        if isinstance(message, m.Start):
            return self._start(message)
        return self._in_stream(message)

    def play(self, ulaw: bytes) -> Iterator[str]:
        """Frames that let the caller hear `ulaw`."""
        for start in range(0, len(ulaw), MAX_CHUNK_BYTES):
            yield self.sound(ulaw[start : start + MAX_CHUNK_BYTES])

    def sound(self, ulaw: bytes) -> str:
        """The frame that lets the caller hear at most `MAX_CHUNK_BYTES`."""
        return m.encode(m.Play(self.stream_sid, m.PlayBody(ulaw)))

    def mark(self, name: str) -> str:
        """The frame that places a mark behind what was played."""
        return m.encode(m.PlaceMark(self.stream_sid, m.MarkBody(name)))

    def clear(self) -> str:
        """The frame that drops what waits to be played."""
        return m.encode(m.Clear(self.stream_sid))

    def _connected(self) -> list[Received]:
        if self._is_connected or self.stream_sid:
            return [Problem("second_connected")]
        self._is_connected = True
        return []

    def _start(self, message: m.Start) -> list[Received]:
        body = message.start
        if self.stream_sid:
            return [Problem("second_start")]
        if not body.stream_sid or body.stream_sid != message.stream_sid:
            return [Problem("wrong_stream", "start names two streams", is_fatal=True)]
        if (body.media_format.encoding, body.media_format.sample_rate) != ("audio/x-mulaw", m.RATE_HZ):
            return [Problem("unsupported_format", "only 8 kHz µ-law", is_fatal=True)]
        self.stream_sid = body.stream_sid
        problem = self._sequenced(message.sequence_number)
        started = Started(body.stream_sid, body.call_sid, body.custom_parameters)
        return [problem, started] if problem else [started]

    def _in_stream(self, message: m.Media | m.Dtmf | m.Mark | m.Stop) -> list[Received]:
        if not self.stream_sid:
            return [Problem("before_start")]
        if message.stream_sid != self.stream_sid:
            return [Problem("wrong_stream")]
        if self._is_stopped:
            return [Problem("after_stop")]
        late = self._sequenced(message.sequence_number)
        if isinstance(message, m.Media):
            return [late] if late else self._media(message.media)
        # A late key, mark or stop still happened; only late sound is useless.
        happened = self._control(message)
        return [late, happened] if late else [happened]

    def _control(self, message: m.Dtmf | m.Mark | m.Stop) -> Received:
        if isinstance(message, m.Mark):
            return MarkEcho(message.mark.name)
        if isinstance(message, m.Stop):
            self._is_stopped = True
            return Stopped()
        digit = message.dtmf.digit.upper()
        return Digit(digit) if digit in _DIGITS else Problem("bad_digit")

    def _media(self, body: m.MediaBody) -> list[Received]:
        unusable = _unusable(body)
        if unusable is not None:
            return [unusable]
        try:
            chunk, timestamp_ms = int(body.chunk), int(body.timestamp)
        except ValueError:
            return [Problem("bad_number", "media.chunk or media.timestamp")]
        if not 0 < chunk - self._chunk <= _MAX_LEAP:
            return [Problem("out_of_order", f"chunk {chunk} after {self._chunk}")]
        missing = chunk - self._chunk - 1
        self._chunk = chunk
        jump = self._tick(timestamp_ms, len(body.payload) // m.BYTES_PER_MS)
        frame = Frame(body.payload)
        if missing:
            return [Problem("frames_missing", f"{missing} before chunk {chunk}"), frame]
        return [jump, frame] if jump else [frame]

    def _tick(self, timestamp_ms: int, length_ms: int) -> Problem | None:
        """Move the media clock to the end of a frame; it never goes back and never leaps."""
        end_ms = timestamp_ms + self._shift_ms + length_ms
        step_ms = end_ms - self._now_ms
        if -_MAX_JITTER_MS <= step_ms <= _MAX_JUMP_MS:
            self._now_ms = max(self._now_ms, end_ms)
            return None
        self._now_ms += length_ms
        self._shift_ms += self._now_ms - end_ms
        return Problem("timestamp_jump", f"{step_ms} ms")

    def _sequenced(self, number: m.Number) -> Problem | None:
        try:
            sequence = int(number)
        except ValueError:
            return Problem("bad_number", "sequenceNumber")
        if not 0 < sequence - self._sequence <= _MAX_LEAP:
            return Problem("out_of_order", f"sequence {sequence} after {self._sequence}")
        self._sequence = sequence
        return None


def _unusable(body: m.MediaBody) -> Problem | None:
    if body.track != "inbound":
        return Problem("unexpected_track")
    if not body.payload:
        return Problem("empty_frame")
    if len(body.payload) > MAX_FRAME_BYTES:
        return Problem("frame_too_large", f"{len(body.payload)} bytes")
    return None
