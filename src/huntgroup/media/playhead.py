"""Where the far end is in the sound that it gets: by marks, and by the clock between them.

Offsets are ms of sound sent since the call began; times are the line's clock.
"""

from __future__ import annotations

from collections import deque

from huntgroup.media.schedule import Schedule

# A mark overdue by more than this is taken for lost, and the clock alone decides.
MARK_GRACE_MS = 2000
EPSILON_MS = 1e-6
# Marks that a clear brings back come in one burst; a busy carrier may send a frame or two in between.
_TOGETHER_MS = 40


class Playhead:
    """`sent` is the offset up to which sound was given to the line, `settled` up to which it was heard for certain.

    The far end reached `settled` at `anchor_ms` and plays on from there at real speed, for all that is known.
    """

    __slots__ = ("_marks", "_schedule", "_starved", "anchor_ms", "sent", "settled")

    def __init__(self) -> None:
        self.sent = 0.0
        self.settled = 0.0
        self.anchor_ms = 0.0
        self._marks: deque[tuple[str, float]] = deque()
        self._schedule = Schedule()
        self._starved: tuple[float, float] | None = None

    def begin(self, now_ms: int) -> None:
        """Sound follows now that all before it is settled: the far end begins anew."""
        self.anchor_ms = max(float(now_ms), self.anchor_ms)
        self._schedule.restart()
        self._starved = None

    def follow(self, now_ms: int) -> None:
        """Sound follows while some is still owed: later than it is due, it makes the far end wait."""
        if now_ms > self.due_ms(self.sent):
            self._starved = (self.sent, float(now_ms))

    def extend(self, audio_ms: float) -> float:
        """So much more is sent; returns the offset at which it begins."""
        start = self.sent
        self.sent = start + audio_ms
        return start

    def mark(self, name: str) -> None:
        """A mark is sent behind all sound so far."""
        self._marks.append((name, self.sent))

    def echo(self, name: str) -> float | None:
        """A mark came back: returns its offset; those before it are not owed any more. None for an unknown name."""
        if not any(pending == name for pending, _ in self._marks):
            return None
        while True:
            pending, offset = self._marks.popleft()
            if pending == name:
                return offset

    def forget_marks(self) -> None:
        """No mark is owed any more."""
        self._marks.clear()

    def position(self, now_ms: int) -> float:
        """The offset that sounds at `now_ms`."""
        by_clock = self._by_clock(now_ms)
        for _, offset in self._marks:
            if now_ms <= self.anchor_ms + offset - self.settled + MARK_GRACE_MS:
                return min(by_clock, max(offset, self.settled))
        return by_clock

    def is_idle(self, now_ms: int) -> bool:
        """Whether all that was sent has been heard (marks still owed keep it busy, within a grace)."""
        for _, offset in self._marks:
            if now_ms <= self.anchor_ms + offset - self.settled + MARK_GRACE_MS:
                return False
        return self.position(now_ms) >= self.sent - EPSILON_MS

    def due_ms(self, offset: float) -> float:
        """When the far end reaches an offset, if it plays on without waiting."""
        return self.anchor_ms + offset - self.settled

    def reached_at(self, position: float, now_ms: int) -> float:
        """When a position was reached that is known to be reached by now."""
        return min(float(now_ms), self.due_ms(position))

    def _by_clock(self, now_ms: int) -> float:
        """Where the far end is if it never waits, but for sound that came too late to follow on."""
        position = min(self.sent, self.settled + max(0.0, now_ms - self.anchor_ms))
        if self._starved is not None and position > self._starved[0]:
            offset, since_ms = self._starved
            position = max(self.settled, offset, min(position, offset + now_ms - since_ms))
        return position

    def reached(self, offset: float, at_ms: float) -> float | None:
        """A mark says that all up to `offset` was heard: returns when it really was; None when that was settled."""
        if self._starved is not None and offset > self._starved[0]:
            self._schedule.restart()
            self._starved = None
        played_ms = self._schedule.marked(offset, at_ms)
        if offset > self.settled:
            return played_ms
        self.anchor_ms = max(self.anchor_ms, at_ms)
        return None

    def settle(self, position: float, at_ms: float) -> None:
        """All up to `position` was heard, its end at `at_ms`."""
        self.settled = position
        self.anchor_ms = at_ms

    def was_reached(self, offset: float, at_ms: float, cleared_ms: int) -> bool:
        """Whether the mark that came back at `at_ms` was reached, not only brought back by a clear at `cleared_ms`."""
        near = at_ms > cleared_ms - _TOGETHER_MS
        return at_ms < cleared_ms and not (near and not self._schedule.allows(offset, at_ms))

    def clear(self, now_ms: int) -> None:
        """What is sent and not settled is gone."""
        self._marks.clear()
        self._schedule.restart()
        self._starved = None
        self.sent = self.settled
        self.anchor_ms = float(now_ms)
