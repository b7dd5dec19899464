"""Facts reach the store in order, whatever the store does."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from huntgroup.calls.recorder import FactWriter
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import DtmfPressed, Fact, encode_fact
from huntgroup.testing.memory_store import MemoryCallStore
from huntgroup.testing.virtual_clock import VirtualClock


def pressed(seq: int) -> DtmfPressed:
    return DtmfPressed(call_id="c", seq=seq, t_ms=seq, digit="1")


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
