"""Sound like a voice, without one."""

import numpy as np
from numpy.typing import NDArray

from huntgroup.media.formats import PCM16_8K, AudioFormat
from huntgroup.media.transcode import transcode

Sound = NDArray[np.float64]
RATE = 8_000


def babble(seed: int, ms: int, level: float = 3_000) -> Sound:
    """A pitch with overtones that wanders, in syllables, with some breath; 8 kHz samples."""
    chance = np.random.default_rng(seed)
    count = RATE * ms // 1000
    slow = np.interp(np.arange(count), np.linspace(0, count, ms // 150 + 2), chance.uniform(0, 1, ms // 150 + 2))
    phase = 2 * np.pi * np.cumsum(90 + 20 * seed % 100 + 60 * slow) / RATE
    tone = sum(np.sin(k * phase + chance.uniform(0, 6)) * chance.uniform(0.2, 1) / k for k in range(1, 12))
    loud = np.interp(np.arange(count), np.linspace(0, count, ms // 90 + 2), chance.uniform(0, 1, ms // 90 + 2) ** 2)
    out = loud * (np.asarray(tone) + 0.3 * chance.standard_normal(count))
    return np.asarray(level * out / out.std())


def encoded(sound: Sound, fmt: AudioFormat) -> bytes:
    return transcode(np.clip(sound, -32_000, 32_000).astype("<i2").tobytes(), PCM16_8K, fmt)
