"""The sound formats that cross a border, and the arithmetic between their bytes and milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["audio/pcmu", "audio/pcma", "audio/pcm"]

FRAME_MS = 20


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """Mono sound in one encoding at one rate; `audio/pcm` is signed 16 bit little endian."""

    encoding: Encoding
    rate_hz: int

    @property
    def sample_bytes(self) -> int:
        """Bytes of one sample."""
        return 2 if self.encoding == "audio/pcm" else 1

    @property
    def bytes_per_ms(self) -> int:
        """Bytes of one millisecond; exact for every telephony rate (multiples of 1 kHz)."""
        return self.rate_hz * self.sample_bytes // 1000

    @property
    def frame_bytes(self) -> int:
        """Bytes of one 20 ms frame."""
        return self.bytes_per_ms * FRAME_MS

    def duration_ms(self, n_bytes: int) -> float:
        """How long `n_bytes` of this format sound."""
        return n_bytes / self.bytes_per_ms

    def silence(self, ms: int) -> bytes:
        """`ms` of digital silence."""
        return _SILENCE[self.encoding] * (ms * self.rate_hz // 1000)


_SILENCE: dict[Encoding, bytes] = {"audio/pcmu": b"\xff", "audio/pcma": b"\xd5", "audio/pcm": b"\0\0"}

PCMU_8K = AudioFormat("audio/pcmu", 8000)
PCMA_8K = AudioFormat("audio/pcma", 8000)
PCM16_8K = AudioFormat("audio/pcm", 8000)
PCM16_16K = AudioFormat("audio/pcm", 16000)
PCM16_24K = AudioFormat("audio/pcm", 24000)


def bytes_per_ms(fmt: AudioFormat) -> int:
    """Bytes of one millisecond of `fmt`."""
    return fmt.bytes_per_ms
