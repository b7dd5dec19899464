"""A clock that moves only when told, so that a test of seconds takes microseconds and always ends the same way."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

_EPOCH = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
# Enough turns of the loop for a chain of tasks to hand something on before time moves again.
_SETTLE_TURNS = 30


class VirtualClock:
    """`Clock` whose time stands still between calls of `advance`."""

    def __init__(self, start: datetime = _EPOCH) -> None:
        self._start = start
        self._now_ms = 0
        self._order = count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []

    def now_ms(self) -> int:
        """Milliseconds since the clock was made."""
        return self._now_ms

    def utc_now(self) -> datetime:
        """The start time plus what was advanced."""
        return self._start + timedelta(milliseconds=self._now_ms)

    async def sleep_ms(self, ms: int) -> None:
        """Wait until the clock was advanced by `ms`; 0 or less lets other tasks run once."""
        if ms <= 0:
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now_ms + ms, next(self._order), wake))
        await wake

    async def advance(self, ms: int) -> None:
        """Let `ms` pass: sleepers wake in order of time, and each one's consequences run before the next wakes."""
        target = self._now_ms + ms
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            self._now_ms = max(self._now_ms, self._sleepers[0][0])
            self._wake_due()
            await self.settle()
        self._now_ms = target

    async def settle(self) -> None:
        """Let every task that can run do so, without moving time."""
        for _ in range(_SETTLE_TURNS):
            await asyncio.sleep(0)

    @property
    def sleeping(self) -> int:
        """How many tasks wait for this clock."""
        return sum(not wake.done() for _, _, wake in self._sleepers)

    def _wake_due(self) -> None:
        while self._sleepers and self._sleepers[0][0] <= self._now_ms:
            _, _, wake = heapq.heappop(self._sleepers)
            if not wake.done():
                wake.set_result(None)
