"""Opus as WebRTC carries it, from and to PCM16 mono at 24 kHz."""

from __future__ import annotations

from fractions import Fraction

import av
from av.audio.resampler import AudioResampler
from av.packet import Packet

RATE_HZ = 24_000
FRAME_MS = 20
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1000
FRAME_BYTES = 2 * FRAME_SAMPLES
# RTP counts Opus at 48 kHz whatever it was made from.
TICKS_PER_FRAME = 48_000 * FRAME_MS // 1000
RTP_TIME_BASE = Fraction(1, 48_000)

_BIT_RATE = 32_000


class OpusEncoder:
    """One outbound stream, 20 ms a packet."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "w")
        codec.bit_rate = _BIT_RATE
        codec.sample_rate = RATE_HZ
        codec.format = "s16"
        codec.layout = "mono"
        codec.time_base = Fraction(1, RATE_HZ)
        codec.options = {"application": "voip", "frame_duration": str(FRAME_MS), "fec": "1", "packet_loss": "5"}
        self._codec = codec
        self._frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        self._frame.sample_rate = RATE_HZ
        self._frame.time_base = Fraction(1, RATE_HZ)
        self._samples = 0

    def encode(self, pcm16: bytes) -> bytes:
        """Return the packet of exactly `FRAME_BYTES` of sound."""
        self._frame.planes[0].update(pcm16)
        self._frame.pts = self._samples
        self._samples += FRAME_SAMPLES
        return b"".join(bytes(packet) for packet in self._codec.encode(self._frame))


class OpusDecoder:
    """One inbound stream. A packet that cannot be read is silence of one frame, and counted in `unreadable`."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "r")
        codec.format = "s16"
        codec.layout = "stereo"
        codec.sample_rate = 48_000
        self._codec = codec
        self._mono = AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        self.unreadable = 0

    def decode(self, packet: bytes) -> bytes:
        """Return the sound of one packet, perhaps none of it yet."""
        try:
            frames = self._codec.decode(Packet(packet))
        except av.FFmpegError:
            self.unreadable += 1
            return bytes(FRAME_BYTES)
        return b"".join(
            bytes(out.planes[0])[: 2 * out.samples] for frame in frames for out in self._mono.resample(frame)
        )
