"""Who takes a call over, and when; and what becomes of a call that nobody comes back to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from huntgroup.calls.processes.orphancalls import (
    BURY_DEAD_AFTER_MS,
    LINE_BACK_WITHIN_MS,
    NEVER_LATER_MS,
    TRUSTED_AFTER_MS,
    OrphanCalls,
)
from huntgroup.calls.processes.ownership import LIFETIME_MS, Ownership
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.record.spool import Entry, Spool, encode_entry
from huntgroup.domain.facts import CallEnded, CallStarted, DtmfPressed, Fact, ToolAnswered, ToolCalled
from huntgroup.testing.memory_leases import MemoryLeases, MemoryOutcomes
from huntgroup.testing.memory_store import MemoryCallStore
from huntgroup.testing.virtual_clock import VirtualClock
from tests.calls.teams import TEAM

LONGEST_MS = 30 * 60_000


@asynccontextmanager
async def writing_facts(process: OrphanCalls) -> AsyncIterator[None]:
    running = asyncio.create_task(process.writer.run())
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def stored(houses: "Houses", process: OrphanCalls, call_id: str) -> None:
    """Let time pass until all that waits is stored: each step may wait for the disk."""
    for _ in range(500):
        await houses.clock.advance(1_000)
        await asyncio.sleep(0.005)
        if not process.writer.holds(call_id):
            return
    raise AssertionError("facts are still waiting")


class Houses:
    """Processes that share a database and a disk; those in `dead` are known to be dead."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock()
        self.leases = MemoryLeases(self.clock)
        self.store = MemoryCallStore(self.leases)
        self.outcomes = MemoryOutcomes()
        self.dead: set[str] = set()
        self.buried: list[str] = []
        self.folder = folder

    def process(self, name: str) -> OrphanCalls:
        ownership = Ownership(self.leases, name, self.clock)
        spool = Spool(self.folder, name)
        return OrphanCalls(
            store=self.store,
            leases=self.leases,
            ownership=ownership,
            outcomes=self.outcomes,
            writer=FactWriter(self.store, self.clock, spool, epoch_of=ownership.epoch_of),
            teams={"office": TEAM},
            clock=self.clock,
            is_dead=self.dead.__contains__,
            longest_ms=LONGEST_MS,
            on_buried=self.buried.append,
        )

    async def live_call(self, *more: Fact) -> None:
        await self.leases.renew("a", {"c": 1}, lifetime_ms=LIFETIME_MS)
        await self.store.append([started(), *more], epochs=[1] * (1 + len(more)))


def started() -> CallStarted:
    at = "2026-11-16T09:00:00+00:00"
    return CallStarted(
        call_id="c", seq=0, t_ms=0, team="office", line="twilio", caller=None, callee=None, model="m", started_at=at
    )


def pressed(seq: int) -> DtmfPressed:
    return DtmfPressed(call_id="c", seq=seq, t_ms=seq * 1_000, digit="1")


def writing(seq: int) -> ToolCalled:
    return ToolCalled(
        call_id="c",
        seq=seq,
        t_ms=seq,
        agent="desk",
        turn=1,
        tool="write",
        tool_call_id="t",
        arguments={},
        effect="write",
    )


async def test_a_call_of_a_dead_process_is_taken_at_once(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call(pressed(1))
    houses.dead.add("a")
    found = await houses.process("b").take_over("c")
    assert isinstance(found, Resumption)
    assert (found.epoch, found.state.next_seq, found.reason) == (2, 2, "process_lost")


async def test_a_call_of_a_process_that_may_live_is_taken_only_when_its_lease_has_ended(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    other = houses.process("b")
    await other.ownership.renew()
    assert await other.take_over("c") == "later"
    await houses.clock.advance(LIFETIME_MS)
    assert isinstance(await other.take_over("c"), Resumption)


async def test_facts_that_wait_here_are_stored_before_the_call_is_taken_again(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    process = houses.process("a")
    process.ownership.hold("c")
    houses.store.away = True
    async with writing_facts(process):
        process.writer.put(pressed(1))
        await process.writer.acknowledged()
        houses.store.away = False
        assert await process.take_over("c") == "later"
        await stored(houses, process, "c")
        found = await process.take_over("c")
    assert isinstance(found, Resumption)
    assert (found.record, houses.store.strays) == ((started(), pressed(1)), [])


async def test_a_neighbour_that_lives_has_its_calls_as_long_as_its_spool_holds_facts(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    spool = Spool(tmp_path, "a")
    await asyncio.to_thread(spool.append, [Entry(1, pressed(1))])
    other = houses.process("b")
    await other.ownership.renew()
    await houses.clock.advance(LIFETIME_MS + LONGEST_MS + NEVER_LATER_MS)
    assert (await other.take_over("c"), await other.bury()) == ("later", 0)
    await asyncio.to_thread(spool.clear, spool.path.stat().st_size)
    assert isinstance(await other.take_over("c"), Resumption)
    spool.close()


async def test_after_an_outage_an_ended_lease_says_nothing_until_its_owner_had_the_time_to_renew(
    tmp_path: Path,
) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    other = houses.process("b")
    await other.ownership.renew()
    houses.leases.away = True
    await houses.clock.advance(LIFETIME_MS)
    await other.ownership.renew()
    houses.leases.away = False
    await other.ownership.renew()
    await houses.clock.advance(TRUSTED_AFTER_MS)
    assert await other.take_over("c") == "later"
    await houses.clock.advance(1)
    assert isinstance(await other.take_over("c"), Resumption)


async def test_of_many_who_try_one_has_it(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    houses.dead.add("a")
    found = await asyncio.gather(*(houses.process(f"p{number}").take_over("c") for number in range(5)))
    assert sum(isinstance(one, Resumption) for one in found) == 1
    assert sum(one == "later" for one in found) == 4


async def test_a_process_that_took_a_call_whose_stream_never_came_can_take_it_again(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    houses.dead.add("a")
    process = houses.process("b")
    await process.take_over("c")
    again = await process.take_over("c")
    assert isinstance(again, Resumption)
    assert again.epoch == process.ownership.epoch_of("c") == 3


async def test_what_the_dead_process_had_on_disk_is_part_of_the_record(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    (tmp_path / "a.jsonl").write_bytes(encode_entry(Entry(1, pressed(1))) + encode_entry(Entry(1, pressed(2))))
    houses.dead.add("a")
    found = await houses.process("b").take_over("c")
    assert isinstance(found, Resumption)
    assert found.record == (started(), pressed(1), pressed(2))
    assert houses.store.strays == []


async def test_unknown_and_ended_calls_are_not_taken(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    watching = houses.process("b")
    await watching.ownership.renew()
    # It may have begun in an outage that has only just ended.
    assert await watching.take_over("nobody") == "later"
    await houses.clock.advance(TRUSTED_AFTER_MS + 1)
    assert await watching.take_over("nobody") == "unknown"
    await houses.live_call(CallEnded(call_id="c", seq=1, t_ms=5, reason="caller_hung_up", duration_ms=5))
    houses.dead.add("a")
    process = houses.process("b")
    assert await process.take_over("c") == "ended"
    assert process.ownership.calls == frozenset()
    assert await houses.leases.find("nobody") is None


async def test_a_call_whose_line_was_lost_goes_on_for_some_minutes_only(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call(CallEnded(call_id="c", seq=1, t_ms=5_000, reason="line_lost", duration_ms=5_000))
    houses.dead.add("a")
    process = houses.process("b")
    lost_at = datetime.fromisoformat(started().started_at) + timedelta(milliseconds=5_000)
    await houses.clock.advance(int((lost_at - houses.clock.utc_now()).total_seconds() * 1000) + LINE_BACK_WITHIN_MS)
    assert isinstance(await process.take_over("c"), Resumption)
    await houses.clock.advance(1)
    assert await process.take_over("c") == "ended"


async def test_an_outage_in_the_middle_of_a_take_over_leaves_the_call_to_be_had(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call(writing(1))
    houses.dead.add("a")
    houses.outcomes.away = True
    process = houses.process("b")
    assert await process.take_over("c") == "later"
    houses.leases.away = houses.store.away = True
    assert await process.take_over("c") == "later"
    houses.leases.away = houses.store.away = houses.outcomes.away = False
    assert isinstance(await process.take_over("c"), Resumption)


async def test_a_call_that_nobody_comes_back_to_is_closed(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call(writing(1))
    houses.dead.add("a")
    process = houses.process("b")
    running = asyncio.create_task(process.writer.run())
    await houses.clock.advance(LIFETIME_MS + BURY_DEAD_AFTER_MS - 1_000)
    assert await process.bury() == 0
    await houses.clock.advance(1_000)
    assert await process.bury() == 1
    running.cancel()
    record = await houses.store.facts("c")
    assert [type(fact).__name__ for fact in record] == ["CallStarted", "ToolCalled", "ToolAnswered", "CallEnded"]
    assert isinstance(record[2], ToolAnswered)
    assert isinstance(record[3], CallEnded)
    assert (record[2].error, record[3].reason) == ("outcome_unknown", "process_lost")
    assert houses.buried == ["c"]
    assert await houses.process("d").bury() == 0


async def test_a_call_whose_process_only_cannot_reach_the_database_is_left_alone(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    process = houses.process("b")
    await houses.clock.advance(LONGEST_MS)
    assert await process.bury() == 0
    assert await houses.leases.renew("a", {"c": 1}, lifetime_ms=LIFETIME_MS) == frozenset()


async def test_a_call_that_can_live_no_more_is_closed_whoever_had_it(tmp_path: Path) -> None:
    houses = Houses(tmp_path)
    await houses.live_call()
    process = houses.process("b")
    running = asyncio.create_task(process.writer.run())
    await houses.clock.advance(LIFETIME_MS + LONGEST_MS + NEVER_LATER_MS)
    assert await process.bury() == 1
    running.cancel()
