"""The caller's packets as they come off the transport."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtp import RtpPacket

from huntgroup.rtc.arrivals import Arrivals
from huntgroup.rtc.keys import KeyEvents
from huntgroup.rtc.opus import FRAME_BYTES, OpusDecoder

# A packet that is missing is covered by the one before it, fainter; after that there is silence.
_COVER_FRAMES = 2


class Inbound:
    """What aiortc's receiver would be: registered with the transport in its stead, with its two payload types.

    aiortc's own decodes on a thread per call, waits a third of a second for a packet that is lost, and drops telephone
    keys. `on_key` hears each press. `silent_pulls` counts calls of `take` since a packet came; None before the first.
    """

    def __init__(self, receiver: RTCRtpReceiver, key_type: int | None, on_key: Callable[[str], None]) -> None:
        self._receiver = receiver
        self._key_type = key_type
        self._on_key = on_key
        self._keys = KeyEvents()
        self._arrivals = Arrivals()
        self._decoder = OpusDecoder()
        self._sound = bytearray()
        self._last = b""
        self._covered = 0
        self._source: int | None = None
        self.silent_pulls: int | None = None

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Begin to receive; aiortc calls this once the transport is up, and again after a renegotiation."""
        transport: RTCDtlsTransport = self._receiver.transport
        if self in transport._rtp_router.receivers:
            return
        transport._register_rtp_receiver(self, parameters)
        if self._key_type is not None:
            transport._rtp_router.register_receiver(self, ssrcs=[], payload_types=[self._key_type])

    def take(self) -> bytes | None:
        """The caller's next 20 ms; None when nothing came of which there could be a sound."""
        if self.silent_pulls is not None:
            self.silent_pulls += 1
        while len(self._sound) < FRAME_BYTES:
            packet = self._arrivals.pull()
            if packet is None:
                return self._cover()
            self._covered = 0
            self._sound += self._decoder.decode(packet)
            if not self._sound:
                return self._cover()
        frame = bytes(self._sound[:FRAME_BYTES])
        del self._sound[:FRAME_BYTES]
        self._last = frame
        return frame

    @property
    def lost(self) -> int:
        """How many packets never came, or came too late."""
        return self._arrivals.lost

    def _cover(self) -> bytes | None:
        if not self._last or self._covered >= _COVER_FRAMES:
            self._last = b""
            return None
        self._covered += 1
        self._last = _fainter(self._last)
        return self._last

    # -- what the transport calls ---------------------------------------------------------------------------------

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        self.silent_pulls = 0
        if packet.payload_type == self._key_type:
            key = self._keys.take(packet.timestamp, packet.payload)
            if key is not None:
                self._on_key(key)
            # Keys share the numbering of the sound: what stands at their place is silence.
            return
        if packet.ssrc != self._source:
            self._source = packet.ssrc
            self._arrivals.restart()
        self._arrivals.push(packet.sequence_number, packet.payload)

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        """Sender reports: nothing is played in step with another stream."""

    def _handle_disconnect(self) -> None:
        """The peer tells the line by its connection's state."""


def _fainter(pcm16: bytes) -> bytes:
    import numpy as np

    return (np.frombuffer(pcm16, "<i2") // 2).astype("<i2").tobytes()
