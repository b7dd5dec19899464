"""G.711 companding. Input of any length; PCM16 is signed little endian mono, one byte of G.711 per sample.

An odd last byte of PCM16 raises `ValueError`: a caller that streams must align first (see `frames.Framer`).
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # The module leaves the standard library in 3.13, where `audioop-lts` puts the same C code in its place.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop


def ulaw_to_pcm16(ulaw: bytes) -> bytes:
    """Expand µ-law to PCM16 at the same rate."""
    return audioop.ulaw2lin(ulaw, 2)


def pcm16_to_ulaw(pcm16: bytes) -> bytes:
    """Compress PCM16 to µ-law at the same rate."""
    _whole_samples(pcm16)
    return audioop.lin2ulaw(pcm16, 2)


def alaw_to_pcm16(alaw: bytes) -> bytes:
    """Expand A-law to PCM16 at the same rate."""
    return audioop.alaw2lin(alaw, 2)


def pcm16_to_alaw(pcm16: bytes) -> bytes:
    """Compress PCM16 to A-law at the same rate."""
    _whole_samples(pcm16)
    return audioop.lin2alaw(pcm16, 2)


def _whole_samples(pcm16: bytes) -> None:
    if len(pcm16) % 2:
        raise ValueError(f"PCM16 needs whole samples, got {len(pcm16)} bytes")
