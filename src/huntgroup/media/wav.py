"""The head of a WAV file."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from huntgroup.media.formats import AudioFormat, Encoding

HEAD_BYTES = 44
_TAGS: dict[Encoding, int] = {"audio/pcm": 1, "audio/pcma": 6, "audio/pcmu": 7}
_MOST_BYTES = 0xFFFF_FFFF - HEAD_BYTES


@dataclass(frozen=True, slots=True)
class WavHead:
    """What a file says of its sound."""

    format: AudioFormat
    channels: int


def wav_head(fmt: AudioFormat, channels: int, data_bytes: int) -> bytes:
    """Return the 44 bytes before `data_bytes` of interleaved sound; a file longer than WAV can say says the most."""
    size, frame = min(data_bytes, _MOST_BYTES), channels * fmt.sample_bytes
    form = struct.pack(
        "<HHIIHH", _TAGS[fmt.encoding], channels, fmt.rate_hz, fmt.rate_hz * frame, frame, 8 * fmt.sample_bytes
    )
    return b"".join(
        (b"RIFF", struct.pack("<I", size + HEAD_BYTES - 8), b"WAVEfmt ", struct.pack("<I", len(form)), form, b"data",
         struct.pack("<I", size))
    )  # fmt: skip


def read_wav_head(head: bytes) -> WavHead:
    """Read what `wav_head` wrote. Raises `ValueError` for anything else."""
    if len(head) < HEAD_BYTES or head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt " or head[36:40] != b"data":
        raise ValueError("is not a WAV file of ours")
    tag, channels, rate_hz = struct.unpack("<HHI", head[20:28])
    encoding = next((name for name, number in _TAGS.items() if number == tag), None)
    if encoding is None or channels < 1:
        raise ValueError("is a WAV file of an encoding that we do not write")
    return WavHead(AudioFormat(encoding, rate_hz), channels)
