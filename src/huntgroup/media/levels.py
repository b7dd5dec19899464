"""How loud a stretch of PCM16 mono is."""

from __future__ import annotations

import math
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

FULL_SCALE = 32768
SILENCE_DBFS = -96.0


def rms(pcm16: bytes) -> int:
    """Root mean square, 0..32768; 0 for nothing."""
    return audioop.rms(pcm16, 2)


def peak(pcm16: bytes) -> int:
    """Largest magnitude, 0..32768; 0 for nothing."""
    return audioop.max(pcm16, 2)


def dbfs(pcm16: bytes) -> float:
    """RMS level relative to full scale; digital silence reads -96.0."""
    level = rms(pcm16)
    return max(SILENCE_DBFS, 20 * math.log10(level / FULL_SCALE)) if level else SILENCE_DBFS


def is_quiet(pcm16: bytes, threshold_dbfs: float = -50.0) -> bool:
    """Whether nobody speaks in it, by level alone."""
    return dbfs(pcm16) < threshold_dbfs


def gain(pcm16: bytes, factor: float) -> bytes:
    """The same sound, `factor` times as loud, clipped at full scale."""
    return audioop.mul(pcm16, 2, factor)


def mix(a: bytes, b: bytes) -> bytes:
    """Two sounds at once; the shorter one is followed by silence, sums are clipped."""
    length = max(len(a), len(b))
    return audioop.add(a.ljust(length, b"\0"), b.ljust(length, b"\0"), 2)
