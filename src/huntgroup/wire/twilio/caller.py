"""The carrier's side of a Media Stream: what Twilio sends to a server, and what it understands from one."""

from __future__ import annotations

import msgspec

from huntgroup.wire.twilio import messages as m
from huntgroup.wire.twilio.problems import Problem, from_decode_error


class Sound(msgspec.Struct, frozen=True, gc=False):
    """µ-law to be played to the caller."""

    audio: bytes


class MarkPlaced(msgspec.Struct, frozen=True, gc=False):
    """To be echoed when everything before it was played."""

    name: str


class Cleared(msgspec.Struct, frozen=True, gc=False):
    """Drop what waits, and echo all pending marks."""


class CallerProtocol:
    """One stream, numbered as Twilio numbers it: sequence numbers and chunks from "1", timestamps in ms from "0"."""

    def __init__(self, *, stream_sid: str, call_sid: str, account_sid: str = "AC" + "0" * 32) -> None:
        self.stream_sid = stream_sid
        self.call_sid = call_sid
        self.account_sid = account_sid
        self._sequence = 0
        self._chunk = 0
        self._sent_bytes = 0

    @property
    def now_ms(self) -> int:
        """The media clock: ms of caller's sound sent so far."""
        return self._sent_bytes // m.BYTES_PER_MS

    def connected(self) -> str:
        """The first frame of a socket."""
        return m.encode(m.Connected())

    def start(self, parameters: dict[str, str]) -> str:
        """The second frame; `parameters` are those of the TwiML."""
        body = m.StartBody(
            stream_sid=self.stream_sid,
            call_sid=self.call_sid,
            account_sid=self.account_sid,
            media_format=m.MediaFormat("audio/x-mulaw", m.RATE_HZ, 1),
            tracks=["inbound"],
            custom_parameters=parameters,
        )
        return m.encode(m.Start(body, self.stream_sid, self._next()))

    def media(self, ulaw: bytes) -> str:
        """The caller's next sound, 20 ms by custom."""
        self._chunk += 1
        body = m.MediaBody("inbound", str(self._chunk), str(self.now_ms), ulaw)
        self._sent_bytes += len(ulaw)
        return m.encode(m.Media(body, self.stream_sid, self._next()))

    def dtmf(self, digit: str) -> str:
        """A key was pressed."""
        return m.encode(m.Dtmf(m.DtmfBody(digit), self.stream_sid, self._next()))

    def mark(self, name: str) -> str:
        """The echo of a mark."""
        return m.encode(m.Mark(m.MarkBody(name), self.stream_sid, self._next()))

    def stop(self) -> str:
        """The last frame of a stream."""
        body = m.StopBody(self.call_sid, self.account_sid)
        return m.encode(m.Stop(body, self.stream_sid, self._next()))

    def receive(self, data: str | bytes) -> Sound | MarkPlaced | Cleared | Problem:
        """One frame of the server."""
        try:
            message = m.decode_to_twilio(data)
        except msgspec.DecodeError as error:
            return from_decode_error(error)
        if message.stream_sid != self.stream_sid:
            return Problem("wrong_stream")
        if isinstance(message, m.Play):
            return Sound(message.media.payload)
        return MarkPlaced(message.mark.name) if isinstance(message, m.PlaceMark) else Cleared()

    def _next(self) -> str:
        self._sequence += 1
        return str(self._sequence)
