"""How long somebody has been speaking, judged by level alone: cheap enough for every frame of every call."""

from __future__ import annotations

from collections import deque

from huntgroup.media import levels

KEPT_MS = 5_000
_QUIETEST_DBFS = -55.0
_ABOVE_ROOM_DB = 10.0
_RISE_DB, _FALL = 0.05, 0.3


class VoiceMeter:
    """Levels of one caller's sound, and which stretches stand out from the room.

    The room's level falls at once and rises slowly, so that a voice does not count as the room for many seconds.
    """

    def __init__(self) -> None:
        self._room_dbfs = -70.0
        self._frames: deque[tuple[int, int, bool]] = deque()

    def push(self, pcm16: bytes, end_ms: int, length_ms: int) -> bool:
        """Take the next stretch, which ended at `end_ms`; returns whether it stands out."""
        level = levels.dbfs(pcm16)
        voiced = level > max(_QUIETEST_DBFS, self._room_dbfs + _ABOVE_ROOM_DB)
        step = level - self._room_dbfs
        self._room_dbfs += min(_RISE_DB * length_ms / 20, step) if step > 0 else step * _FALL
        self._frames.append((end_ms, length_ms, voiced))
        while self._frames[0][0] < end_ms - KEPT_MS:
            self._frames.popleft()
        return voiced

    def voiced_ms(self, since_ms: int) -> int:
        """How much stood out since a moment."""
        return sum(min(length, end - since_ms) for end, length, voiced in self._frames if voiced and end > since_ms)
