"""Leases and tool outcomes in memory: several "processes" of one test share one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huntgroup.calls.ports import Clock, Lease
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import StoreUnavailable

CLOSED_KEY: dict[str, Any] = {"ok": False, "error": "abandoned"}


@dataclass
class _Row:
    owner: str
    epoch: int
    until_ms: int


class MemoryLeases:
    """`calls.ports.CallLeases` in this process, on `clock`. While `away` every method raises `StoreUnavailable`."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.away = False
        self.ended: set[str] = set()
        self._clock = clock or SystemClock()
        self._rows: dict[str, _Row] = {}
        self._processes: dict[str, tuple[int, bool]] = {}

    def epoch_of(self, call_id: str) -> int:
        """Return the latest epoch of a call; 0 when it has none."""
        row = self._rows.get(call_id)
        return row.epoch if row is not None else 0

    async def renew(
        self, owner: str, held: Mapping[str, int], *, lifetime_ms: int, draining: bool = False
    ) -> frozenset[str]:
        now_ms = self._now_ms()
        self._processes[owner] = (now_ms + lifetime_ms, draining)
        lost = set()
        for call_id, epoch in held.items():
            row = self._rows.setdefault(call_id, _Row(owner, epoch, 0))
            if (row.owner, row.epoch) == (owner, epoch):
                row.until_ms = now_ms + lifetime_ms
            else:
                lost.add(call_id)
        return frozenset(lost)

    async def take(self, call_id: str, owner: str, *, lifetime_ms: int, gone: str | None = None) -> int | None:
        now_ms = self._now_ms()
        row = self._rows.get(call_id)
        if row is None:
            row = self._rows[call_id] = _Row(owner, 1, 0)
        if row.until_ms > now_ms and row.owner != gone:
            return None
        row.owner, row.epoch, row.until_ms = owner, row.epoch + 1, now_ms + lifetime_ms
        return row.epoch

    async def release(self, owner: str, held: Mapping[str, int]) -> None:
        now_ms = self._now_ms()
        for call_id, epoch in held.items():
            row = self._rows.get(call_id)
            if row is not None and (row.owner, row.epoch) == (owner, epoch):
                row.until_ms = min(row.until_ms, now_ms)

    async def find(self, call_id: str) -> Lease | None:
        now_ms = self._now_ms()
        row = self._rows.get(call_id)
        return None if row is None else Lease(row.owner, row.epoch, row.until_ms <= now_ms)

    async def abandoned(self, *, after_ms: int, limit: int = 50) -> list[tuple[str, str]]:
        now_ms = self._now_ms()
        rows = [(row.until_ms, call_id, row.owner) for call_id, row in self._rows.items() if call_id not in self.ended]
        return [(call_id, owner) for until_ms, call_id, owner in sorted(rows) if until_ms + after_ms <= now_ms][:limit]

    async def others(self, owner: str) -> list[str]:
        now_ms = self._now_ms()
        alive = (name for name, (until_ms, draining) in self._processes.items() if until_ms > now_ms and not draining)
        return sorted(name for name in alive if name != owner)

    async def leave(self, owner: str) -> None:
        self._now_ms()
        self._processes.pop(owner, None)

    def _now_ms(self) -> int:
        if self.away:
            raise StoreUnavailable("the leases in memory are told to be away")
        return self._clock.now_ms()


class MemoryOutcomes:
    """`calls.ports.ToolOutcomes` in this process; `kept` is what was done, by key."""

    def __init__(self) -> None:
        self.away = False
        self.kept: dict[str, dict[str, Any]] = {}

    async def settle(self, key: str, call_id: str) -> dict[str, Any] | None:
        if self.away:
            raise StoreUnavailable("the outcomes in memory are told to be away")
        found = self.kept.setdefault(key, CLOSED_KEY)
        return None if found == CLOSED_KEY else found
