"""When the far end played what: the earliest course that its marks allow."""

from __future__ import annotations

from collections import deque

from huntgroup.media.formats import FRAME_MS

# A far end that waited (an empty buffer, a network that stood still) stays late; an echo alone is late once or twice.
STALL_MS = 150.0
_KEPT = 8


class Schedule:
    """The course of one stretch of sound that is played without a pause, as a line through its marks.

    A mark is echoed when all before it was played: the echo can be late, and what plays cannot catch up. So the
    earliest echo of the last few tells the course, and later ones are late echoes, unless one is so late that the far
    end itself must have stood still.
    """

    def __init__(self) -> None:
        self._starts: deque[float] = deque(maxlen=_KEPT)

    def restart(self) -> None:
        """Another stretch begins, of which nothing is known."""
        self._starts.clear()

    def marked(self, offset: float, at_ms: float) -> float:
        """A mark behind `offset` came back at `at_ms`; returns when the sound up to it was really played."""
        start = at_ms - offset
        if self._starts and start - min(self._starts) > STALL_MS:
            self._starts.clear()
        self._starts.append(start)
        return offset + min(self._starts)

    def allows(self, offset: float, at_ms: float) -> bool:
        """Whether the sound up to `offset` can have been played by `at_ms`."""
        return not self._starts or at_ms - offset >= min(self._starts) - FRAME_MS
