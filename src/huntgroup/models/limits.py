"""What a provider's rate limits leave for one more call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huntgroup.domain.clock import Clock
from huntgroup.wire.realtime import RateLimit

EXCEEDED = frozenset({"rate_limit_exceeded", "inference_rate_limit_exceeded", "rate_limited"})
# A minute of a call with both sides speaking is about 1,800 audio tokens, billed again with each response.
NEEDED = {"tokens": 6_000, "requests": 10}
REST_MS = 10_000


@dataclass
class _Standing:
    remaining: int
    until_ms: int


class ProviderLimits:
    """The provider's last word on its limits, each until it is reset: `rate_limits.updated` and refusals."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._standing: dict[str, _Standing] = {}
        self._closed_until_ms = 0

    def updated(self, limits: Iterable[RateLimit]) -> None:
        """Note what the server reports."""
        now_ms = self._clock.now_ms()
        for limit in limits:
            if limit.name and limit.remaining is not None:
                until_ms = now_ms + int((limit.reset_seconds or 0.0) * 1000)
                self._standing[limit.name] = _Standing(limit.remaining, until_ms)

    def exceeded(self) -> None:
        """Note that the server refused something because a limit was reached."""
        self._closed_until_ms = self._clock.now_ms() + REST_MS

    def has_room(self) -> bool:
        """Whether one more call can be taken by what is known; what was reset since counts as free."""
        now_ms = self._clock.now_ms()
        short = (
            standing.remaining < NEEDED.get(name, 1) and standing.until_ms > now_ms
            for name, standing in self._standing.items()
        )
        return now_ms >= self._closed_until_ms and not any(short)
