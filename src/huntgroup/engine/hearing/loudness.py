"""How loud a frame is, and whether it is as loud as the voice before it.

The network doubts single frames of a voice it does not know well; a frame that is much louder than the room and nearly
as loud as the voice was belongs to the voice.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

QUIET_DBFS = -96.0
_BELOW_VOICE_DB = 14.0
_ABOVE_ROOM_DB = 12.0
_VOICE_SHARE, _ROOM_SHARE = 0.2, 0.05


def level_dbfs(frame: NDArray[np.int16]) -> float:
    """RMS level of a frame in dB below full scale, at least -96."""
    if not len(frame):
        return QUIET_DBFS
    samples = frame.astype(np.float32)
    power = float(samples @ samples) / len(frame) / 32768.0**2
    return max(QUIET_DBFS, 10.0 * math.log10(power)) if power > 0 else QUIET_DBFS


class Levels:
    """Running levels of the caller's voice and of the room behind it."""

    def __init__(self) -> None:
        self._voice_dbfs = -20.0
        self._room_dbfs = QUIET_DBFS

    def voice(self, dbfs: float) -> None:
        """This frame was speech."""
        self._voice_dbfs += _VOICE_SHARE * (dbfs - self._voice_dbfs)

    def rest(self, dbfs: float) -> None:
        """This frame was not."""
        self._room_dbfs += _ROOM_SHARE * (dbfs - self._room_dbfs)

    def like_voice(self, dbfs: float) -> bool:
        """Near the voice's level and well above the room's."""
        return dbfs > self._voice_dbfs - _BELOW_VOICE_DB and dbfs > self._room_dbfs + _ABOVE_ROOM_DB
