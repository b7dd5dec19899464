"""Facts reach the store in order, whatever the store does."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from huntgroup.calls.log import FactLog
from huntgroup.calls.recorder import FactWriter
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import BadInput, DtmfPressed, Fact, ToolCalled, decode_fact, encode_fact
from huntgroup.testing.memory_store import MemoryCallStore
from huntgroup.testing.virtual_clock import VirtualClock


def pressed(seq: int) -> DtmfPressed:
    return DtmfPressed(call_id="c", seq=seq, t_ms=seq, digit="1")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class ShyStore(MemoryCallStore):
    """Is away for the first `absences` batches."""

    def __init__(self, absences: int) -> None:
        super().__init__()
        self.absences = absences

    async def append(self, facts: Sequence[Fact]) -> None:
        if self.absences:
            self.absences -= 1
            raise StoreUnavailable("away")
        await super().append(facts)


class PickyStore(MemoryCallStore):
    """Refuses the fact with number 1, and a whole batch with it."""

    async def append(self, facts: Sequence[Fact]) -> None:
        if any(fact.seq == 1 for fact in facts):
            raise ValueError("this fact cannot be stored")
        await super().append(facts)


async def test_facts_are_stored_in_order_and_settled_says_so() -> None:
    store = MemoryCallStore()
    writer = FactWriter(store, VirtualClock())
    running = asyncio.create_task(writer.run())
    for seq in range(500):
        writer.put(pressed(seq))
    await writer.settled()
    running.cancel()
    assert [fact.seq for fact in await store.facts("c")] == list(range(500))


async def test_facts_wait_while_the_store_is_away() -> None:
    store, clock = ShyStore(3), VirtualClock()
    writer = FactWriter(store, clock)
    running = asyncio.create_task(writer.run())
    writer.put(pressed(0))
    await clock.advance(200)
    assert writer.backlog == 1
    await clock.advance(5_000)
    running.cancel()
    assert len(await store.facts("c")) == 1


async def test_what_cannot_be_stored_at_the_end_is_spooled_and_written_at_the_next_start(tmp_path: Path) -> None:
    spool = tmp_path / "spool" / "facts.jsonl"
    away = FactWriter(ShyStore(1_000_000), VirtualClock(), spool)
    away.put(pressed(0))
    away.put(pressed(1))
    await away.close(patience_ms=20)
    store = MemoryCallStore()
    writer = FactWriter(store, VirtualClock(), spool)
    running = asyncio.create_task(writer.run())
    await asyncio.sleep(0)
    await writer.settled()
    running.cancel()
    assert [fact.seq for fact in await store.facts("c")] == [0, 1]
    assert not spool.exists()


async def test_a_torn_line_of_the_spool_loses_only_itself(tmp_path: Path) -> None:
    spool = tmp_path / "facts.jsonl"
    spool.write_bytes(encode_fact(pressed(0)) + b"\n" + encode_fact(pressed(1))[:20])
    store = MemoryCallStore()
    writer = FactWriter(store, VirtualClock(), spool)
    running = asyncio.create_task(writer.run())
    await asyncio.sleep(0)
    await writer.settled()
    running.cancel()
    assert len(await store.facts("c")) == 1
    assert spool.with_suffix(".unreadable").exists()


async def test_a_fact_that_the_store_refuses_is_set_aside_and_holds_up_no_other(tmp_path: Path) -> None:
    spool, store = tmp_path / "facts.jsonl", PickyStore()
    writer = FactWriter(store, VirtualClock(), spool)
    running = asyncio.create_task(writer.run())
    for seq in range(3):
        writer.put(pressed(seq))
    await writer.settled()
    writer.put(pressed(3))
    await writer.settled()
    await writer.close()
    assert not running.done()
    running.cancel()
    assert [fact.seq for fact in await store.facts("c")] == [0, 2, 3]
    assert decode_fact(spool.with_suffix(".unreadable").read_bytes()) == pressed(1)
    assert not spool.exists()


def test_a_lone_surrogate_in_a_fact_becomes_text() -> None:
    told: list[Fact] = []
    log = FactLog("c", now_ms=lambda: 0, owner=lambda: "desk", listeners=(told.append,))
    log.add(BadInput, source="line", code="bad", detail="half a smile \ud83d")
    arguments = {"what\ud83d": ["\ud83d", 5]}
    log.add(ToolCalled, turn=1, tool="look", tool_call_id="fc", arguments=arguments, effect="read")
    assert [decode_fact(encode_fact(fact)) for fact in told] == list(log.facts)
    assert "half a smile ?" in str(log.facts[0])


async def test_a_spool_stays_until_its_facts_are_stored(tmp_path: Path) -> None:
    spool, clock = tmp_path / "facts.jsonl", VirtualClock()
    spool.write_bytes(encode_fact(pressed(0)) + b"\n")
    killed = asyncio.create_task(FactWriter(ShyStore(1_000), clock, spool).run())
    await clock.advance(500)
    killed.cancel()
    assert names_in(tmp_path) == ["facts.taken"]
    store = MemoryCallStore()
    writer = FactWriter(store, clock, spool)
    running = asyncio.create_task(writer.run())
    await clock.settle()
    await writer.settled()
    running.cancel()
    assert await store.facts("c") == [pressed(0)]
    assert names_in(tmp_path) == []
