"""Time as a dependency: what a call knows of clocks."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A monotonic clock, a calendar and a way to wait; tests put a virtual one in its place."""

    def now_ms(self) -> int:
        """Return monotonic milliseconds from an arbitrary start."""
        ...

    def utc_now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        ...

    async def sleep_ms(self, ms: int) -> None:
        """Return after `ms` milliseconds; at once for zero or less."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def utc_now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_ms(self, ms: int) -> None:
        await asyncio.sleep(max(ms, 0) / 1000)
