"""The job: it waits for the whole record, tries again, never raises, and drains at shutdown."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from huntgroup.analytics import AnalyticsJob, RulesAnalyst
from huntgroup.analytics.ports import AnalyticsStore
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import Fact
from tests.analytics.facts import CallBuilder


class InstantClock:
    """Sleeps take no time and are counted."""

    def __init__(self) -> None:
        self.slept_ms: list[int] = []

    def now_ms(self) -> int:
        return sum(self.slept_ms)

    def utc_now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    async def sleep_ms(self, ms: int) -> None:
        self.slept_ms.append(ms)
        await asyncio.sleep(0)


class MemoryStore:
    """Calls by id; `outages` many reads fail first, `late` many return the record without its end."""

    def __init__(self, *calls: list[Fact], outages: int = 0, late: int = 0) -> None:
        self.records = {facts[0].call_id: facts for facts in calls}
        self.saved: dict[str, Analytics] = {}
        self.outages = outages
        self.late = late

    async def facts(self, call_id: str) -> list[Fact]:
        if self.outages > 0:
            self.outages -= 1
            raise StoreUnavailable("away")
        self.late -= 1
        return self.records[call_id][: -1 if self.late >= 0 else None]

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        return [
            CallSummary(
                call_id=call_id, team="clinic", line="loopback", caller=None, started_at="2026", ended_at="2026",
                duration_ms=1, end_reason="silence",
                sentiment_score=self.saved[call_id].sentiment_score if call_id in self.saved else None,
            )
            for call_id in self.records
        ]  # fmt: skip

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None:
        self.saved[call_id] = analytics

    async def analytics(self, call_id: str) -> Analytics | None:
        return self.saved.get(call_id)


class ForgottenCalls(MemoryStore):
    """Lists no calls, so that nothing is swept."""

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        return []


class BrokenAnalyst:
    """Has a bug."""

    async def analyse(self, facts: Sequence[Fact]) -> Analytics:
        raise ZeroDivisionError


def call(name: str = "call_1") -> list[Fact]:
    return CallBuilder(name).caller("Hello").says("Hi").ends()


def job_on(store: AnalyticsStore, **options: int) -> tuple[AnalyticsJob, InstantClock]:
    clock = InstantClock()
    return AnalyticsJob(store, RulesAnalyst(clock), clock, **options), clock


async def worked(job: AnalyticsJob, *call_ids: str) -> None:
    for call_id in call_ids:
        job.submit(call_id)
    running = asyncio.create_task(job.run())
    await job.close()
    await running


async def test_an_ended_call_is_analysed() -> None:
    store = ForgottenCalls(call())
    job, _ = job_on(store)
    await worked(job, "call_1")
    assert store.saved["call_1"].method == "rules"


async def test_it_waits_for_the_database_and_for_the_last_facts() -> None:
    store = ForgottenCalls(call(), outages=2, late=1)
    job, clock = job_on(store)
    await worked(job, "call_1")
    assert "call_1" in store.saved
    assert clock.slept_ms == [200, 400, 800]


async def test_it_gives_up_quietly_and_works_on() -> None:
    store = ForgottenCalls(call("call_1"), call("call_2"), outages=3)
    job, _ = job_on(store, attempts=3)
    await worked(job, "call_1", "call_2")
    assert (list(store.saved), job.failures) == (["call_2"], 1)


async def test_a_bug_in_the_analyst_stops_nothing() -> None:
    clock = InstantClock()
    job = AnalyticsJob(ForgottenCalls(call()), BrokenAnalyst(), clock, attempts=2)
    await worked(job, "call_1", "call_1")
    assert job.failures == 2


async def test_the_start_sweeps_calls_without_analytics() -> None:
    store = MemoryStore(call("call_1"), call("call_2"))
    job, _ = job_on(store)
    await worked(job)
    assert set(store.saved) == {"call_1", "call_2"}
    assert await job.sweep() == 0


async def test_a_full_queue_refuses_and_does_not_block() -> None:
    job, _ = job_on(ForgottenCalls(call()), capacity=1)
    assert [job.submit("call_1"), job.submit("call_1")] == [True, False]


async def test_nothing_is_taken_after_close() -> None:
    job, _ = job_on(ForgottenCalls(call()))
    await job.close()
    await job.close()
    assert not job.submit("call_1")
