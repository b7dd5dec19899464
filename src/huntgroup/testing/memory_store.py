"""The store of calls in memory: for tests, and to see a call without any database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import CallStarted, Fact
from huntgroup.domain.record import end_of
from huntgroup.testing.memory_leases import MemoryLeases


class MemoryCallStore:
    """`calls.ports.CallStore` in this process. While `away` is True every method raises `StoreUnavailable`.

    `leases` fence what is written, as the table of leases does in the database; `strays` is what they kept out.
    """

    def __init__(self, leases: MemoryLeases | None = None) -> None:
        self.away = False
        self.leases = leases or MemoryLeases()
        self.strays: list[Fact] = []
        self._facts: dict[str, dict[int, Fact]] = {}
        self._analytics: dict[str, Analytics] = {}

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        """Store a batch; idempotent on call id and sequence number."""
        self._check()
        moved = set()
        for index, fact in enumerate(facts):
            if epochs is not None and epochs[index] < self.leases.epoch_of(fact.call_id):
                if self._facts.get(fact.call_id, {}).get(fact.seq) != fact:
                    self.strays.append(fact)
                    moved.add(fact.call_id)
                continue
            self._facts.setdefault(fact.call_id, {}).setdefault(fact.seq, fact)
        self.leases.ended = {call_id for call_id, kept in self._facts.items() if end_of(kept.values()) is not None}
        return frozenset(moved)

    async def facts(self, call_id: str) -> list[Fact]:
        """Return a call's facts in order; [] when it is unknown."""
        self._check()
        kept = self._facts.get(call_id, {})
        return [kept[seq] for seq in sorted(kept)]

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        """Return calls, newest first."""
        self._check()
        summaries = [self._summary(call_id, kept) for call_id, kept in self._facts.items()]
        found = [summary for summary in summaries if summary is not None and team in (None, summary.team)]
        found.sort(key=lambda summary: (datetime.fromisoformat(summary.started_at), summary.call_id), reverse=True)
        return found[:limit]

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None:
        """Store the analytics of a call; a later one replaces an earlier one. Of a call that is not there none is."""
        self._check()
        if any(isinstance(fact, CallStarted) for fact in self._facts.get(call_id, {}).values()):
            self._analytics[call_id] = analytics

    async def analytics(self, call_id: str) -> Analytics | None:
        """Return the analytics of a call; None when there are none."""
        self._check()
        return self._analytics.get(call_id)

    def _check(self) -> None:
        if self.away:
            raise StoreUnavailable("the store in memory is told to be away")

    def _summary(self, call_id: str, kept: dict[int, Fact]) -> CallSummary | None:
        started = next((fact for fact in kept.values() if isinstance(fact, CallStarted)), None)
        ended = end_of(kept.values())
        if started is None:
            return None
        analytics = self._analytics.get(call_id)
        return CallSummary(
            call_id=call_id,
            team=started.team,
            line=started.line,
            caller=started.caller,
            started_at=started.started_at,
            ended_at=None if ended is None else _later(started.started_at, ended.duration_ms),
            duration_ms=None if ended is None else ended.duration_ms,
            end_reason=None if ended is None else ended.reason,
            sentiment_score=None if analytics is None else analytics.sentiment_score,
            lead_score=None if analytics is None else analytics.lead_score,
            resolution=None if analytics is None else analytics.resolution,
        )


def _later(moment: str, ms: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(milliseconds=ms)).isoformat()
