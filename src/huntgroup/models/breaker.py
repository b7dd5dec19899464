"""A circuit breaker: a backend that fails again and again is left alone for a while."""

from __future__ import annotations

from typing import Literal

from huntgroup.domain.clock import Clock

State = Literal["closed", "open", "half_open"]


class Breaker:
    """Counts failures in a row; open, it allows one trial after `rest_ms`, and a failed trial doubles the rest.

    The owner asks `allows` before each try and tells every outcome: `opened` for a session that could be opened,
    `succeeded` for one that has done its work, `failed` for one that could not be opened or broke, `released` for a try
    that was given up.
    """

    def __init__(self, clock: Clock, *, failures: int = 3, rest_ms: int = 15_000, most_rest_ms: int = 240_000) -> None:
        self._clock = clock
        self._limit = failures
        self._first_rest_ms = self._rest_ms = rest_ms
        self._most_rest_ms = most_rest_ms
        self._failures = 0
        self._open_until_ms: int | None = None
        self._trial = False

    @property
    def state(self) -> State:
        if self._open_until_ms is None:
            return "closed"
        return "half_open" if self._clock.now_ms() >= self._open_until_ms else "open"

    @property
    def would_allow(self) -> bool:
        """Whether a try might be made now."""
        return self.state == "closed" or (self.state == "half_open" and not self._trial)

    def allows(self) -> bool:
        """Whether a try may be made now; half open, that is the one trial until its outcome is told."""
        allowed = self.would_allow
        self._trial = self._trial or (allowed and self.state == "half_open")
        return allowed

    def released(self) -> None:
        """A try was given up with no outcome, as by a caller who hung up: another may be made."""
        self._trial = False

    def opened(self) -> None:
        """A session was opened: calls may come again, but the next failure opens the breaker at once."""
        if self._open_until_ms is not None:
            self._open_until_ms, self._trial = None, False
            self._failures = self._limit - 1

    def succeeded(self) -> None:
        """A session has done its work."""
        self._failures, self._open_until_ms, self._trial = 0, None, False
        self._rest_ms = self._first_rest_ms

    def failed(self, *, fatal: bool = False) -> None:
        """A session could not be opened, or broke; `fatal` when no other would fare better, as with a wrong key."""
        self._failures = self._limit if fatal else self._failures + 1
        if self._failures < self._limit:
            return
        if self._trial:
            self._rest_ms = min(self._rest_ms * 2, self._most_rest_ms)
        self._trial = False
        self._open_until_ms = self._clock.now_ms() + self._rest_ms
