"""Facts reach the store in order, whatever the store, the disk and the process do."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from huntgroup.calls.record.log import FactLog
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.record.spool import Entry, Spool, decode_entry, encode_entry
from huntgroup.domain.errors import SpoolUnusable, StoreUnavailable
from huntgroup.domain.facts import BadInput, DtmfPressed, Fact, ToolCalled, decode_fact, encode_fact
from huntgroup.testing.memory_leases import MemoryLeases
from huntgroup.testing.memory_store import MemoryCallStore
from huntgroup.testing.virtual_clock import VirtualClock


def pressed(seq: int, call_id: str = "c") -> DtmfPressed:
    return DtmfPressed(call_id=call_id, seq=seq, t_ms=seq, digit="1")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def numbers(store: MemoryCallStore) -> list[int]:
    return [fact.seq for fact in await store.facts("c")]


async def until_acknowledged(writer: FactWriter) -> None:
    """Wait on the real clock: the disk is real."""
    await writer.acknowledged(patience_ms=10_000)


@asynccontextmanager
async def running(writer: FactWriter) -> AsyncIterator[FactWriter]:
    task = asyncio.create_task(writer.run())
    try:
        yield writer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def settled(writer: FactWriter, clock: VirtualClock) -> None:
    """Let time pass until everything is stored: each step may wait for the disk."""
    waiting = asyncio.create_task(writer.settled())
    for _ in range(500):
        await clock.advance(1_000)
        await asyncio.sleep(0.005)
        if waiting.done():
            return
    raise AssertionError("facts are still waiting")


async def is_back(writer: FactWriter, clock: VirtualClock) -> None:
    """Let time pass until the spool is done with: its last fact is stored a moment before its file is emptied."""
    for _ in range(500):
        if not writer.away:
            return
        await clock.advance(1_000)
        await asyncio.sleep(0.005)
    raise AssertionError("the store is still away")


class PickyStore(MemoryCallStore):
    """Refuses the fact with number 1, and a whole batch with it."""

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        if any(fact.seq == 1 for fact in facts):
            raise ValueError("this fact cannot be stored")
        return await super().append(facts, epochs=epochs)


class HangingStore(MemoryCallStore):
    """Takes a batch and never answers, as long as `hangs`."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = True

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        if self.hangs:
            await asyncio.Event().wait()
        return await super().append(facts, epochs=epochs)


class FullDisk(Spool):
    """Has no room, as long as `full`."""

    full = True

    def append(self, entries: Sequence[Entry]) -> None:
        if self.full:
            raise SpoolUnusable("no space left on device")
        super().append(entries)


class NextBeforeEach(MemoryCallStore):
    """While it takes a batch another call says something: there is always a fact that is not stored."""

    writer: FactWriter | None = None
    _said = 0

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        if self.writer is not None:
            self._said += 1
            self.writer.put(pressed(self._said, "other"))
        await asyncio.sleep(0)
        return await super().append(facts, epochs=epochs)


class StubbornDisk(Spool):
    """The file can be written to, and not be cut."""

    def clear(self, upto: int) -> bool:
        raise SpoolUnusable("facts cannot be spooled to disk (read-only)")


async def test_facts_are_stored_in_order_and_settled_says_so() -> None:
    store = MemoryCallStore()
    async with running(FactWriter(store, VirtualClock())) as writer:
        for seq in range(500):
            writer.put(pressed(seq))
        await writer.settled()
    assert await numbers(store) == list(range(500))


async def test_settled_waits_for_what_was_put_so_far_and_not_for_what_comes_meanwhile() -> None:
    store = NextBeforeEach()
    async with running(FactWriter(store, VirtualClock())) as writer:
        store.writer = writer
        writer.put(pressed(0))
        await asyncio.wait_for(writer.settled(), 10)
        assert (writer.holds("c"), writer.holds("other")) == (False, True)
        store.writer = None
        await writer.settled()
        assert not writer.holds("other")


async def test_a_spool_that_cannot_be_emptied_is_a_named_problem_and_the_next_outage_is_written_behind_it(
    tmp_path: Path,
) -> None:
    store, clock, disk = MemoryCallStore(), VirtualClock(), StubbornDisk(tmp_path, "p")
    async with running(FactWriter(store, clock, disk)) as writer:
        for seq in range(2):
            store.away = True
            writer.put(pressed(seq))
            await until_acknowledged(writer)
            store.away = False
            await settled(writer, clock)
            assert not writer.away
        assert writer.problem is not None
        assert disk.path.read_bytes().count(b"\n") == 2
    assert await numbers(store) == [0, 1]


async def test_without_a_spool_facts_wait_in_memory_while_the_store_is_away() -> None:
    store, clock = MemoryCallStore(), VirtualClock()
    store.away = True
    async with running(FactWriter(store, clock)) as writer:
        writer.put(pressed(0))
        await clock.advance(200)
        assert (writer.backlog, writer.away) == (1, True)
        store.away = False
        await clock.advance(5_000)
        assert (writer.backlog, writer.away) == (0, False)
    assert await numbers(store) == [0]


async def test_while_the_store_is_away_a_fact_is_acknowledged_once_it_is_on_disk(tmp_path: Path) -> None:
    store, clock = MemoryCallStore(), VirtualClock()
    store.away = True
    async with running(FactWriter(store, clock, Spool(tmp_path, "p"), epoch_of=lambda call_id: 7)) as writer:
        writer.put(pressed(0))
        await until_acknowledged(writer)
        lines = (tmp_path / "p.jsonl").read_bytes().splitlines()
        assert [decode_entry(line) for line in lines] == [Entry(7, pressed(0))]
        assert writer.backlog == 1


async def test_facts_arrive_in_order_when_the_store_is_back_and_the_spool_is_empty_again(tmp_path: Path) -> None:
    store, clock = MemoryCallStore(), VirtualClock()
    async with running(FactWriter(store, clock, Spool(tmp_path, "p"))) as writer:
        writer.put(pressed(0))
        await writer.settled()
        store.away = True
        for seq in range(1, 700):
            writer.put(pressed(seq))
            if seq % 100 == 0:
                await until_acknowledged(writer)
        store.away = False
        await settled(writer, clock)
        writer.put(pressed(700))
        await settled(writer, clock)
        await is_back(writer, clock)
        assert await asyncio.to_thread((tmp_path / "p.jsonl").read_bytes) == b""
    assert await numbers(store) == list(range(701))


async def test_a_store_that_hangs_counts_as_away(tmp_path: Path) -> None:
    store, clock = HangingStore(), VirtualClock()
    async with running(FactWriter(store, clock, Spool(tmp_path, "p"))) as writer:
        writer.put(pressed(0))
        await until_acknowledged(writer)
        assert writer.away
        store.hangs = False
        await settled(writer, clock)
    assert await numbers(store) == [0]


async def test_a_full_disk_is_a_named_problem_and_facts_wait_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store, clock, disk = MemoryCallStore(), VirtualClock(), FullDisk(tmp_path, "p")
    store.away = True
    async with running(FactWriter(store, clock, disk)) as writer:
        writer.put(pressed(0))
        await clock.advance(100)
        with pytest.raises(StoreUnavailable):
            await writer.acknowledged(patience_ms=20)
        assert writer.problem == "no space left on device"
        disk.full = False
        writer.put(pressed(1))
        await until_acknowledged(writer)
        assert writer.problem is None
        store.away = False
        await settled(writer, clock)
    assert await numbers(store) == [0, 1]
    assert caplog.text.count("SpoolUnusable") == 1


async def test_a_folder_that_cannot_be_is_named_at_the_start_and_disturbs_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = MemoryCallStore()
    async with running(FactWriter(store, VirtualClock(), Spool(tmp_path / "file" / "spool", "p"))) as writer:
        writer.put(pressed(0))
        await writer.settled()
        assert writer.problem is not None
        assert "cannot be spooled" in writer.problem
    assert await numbers(store) == [0]


async def test_what_cannot_be_stored_at_the_end_is_taken_up_at_the_next_start(tmp_path: Path) -> None:
    away = MemoryCallStore()
    away.away = True
    first = FactWriter(away, VirtualClock(), Spool(tmp_path, "first"))
    first.put(pressed(0))
    first.put(pressed(1))
    await first.close(patience_ms=20)
    assert names_in(tmp_path) == ["first.jsonl"]
    store, clock = MemoryCallStore(), VirtualClock()
    second = FactWriter(store, clock, Spool(tmp_path, "second"))
    assert await second.adopt("first")
    assert await numbers(store) == [0, 1]
    await second.close()
    assert names_in(tmp_path) == []


async def test_orphans_are_taken_up_while_running_and_a_living_process_keeps_its_own(tmp_path: Path) -> None:
    store, clock = MemoryCallStore(), VirtualClock()
    async with running(FactWriter(store, clock, Spool(tmp_path, "p"))) as writer:
        living = Spool(tmp_path, "living")
        living.append([Entry(1, pressed(9))])
        (tmp_path / "dead.jsonl").write_bytes(encode_entry(Entry(1, pressed(0))))
        for _ in range(100):
            await clock.advance(1_000)
            await asyncio.sleep(0.005)
            if "dead.jsonl" not in names_in(tmp_path):
                break
        assert await numbers(store) == [0]
        assert not await writer.adopt("living")
    living.close()


async def test_an_orphan_keeps_its_facts_until_they_are_stored(tmp_path: Path) -> None:
    (tmp_path / "dead.jsonl").write_bytes(encode_entry(Entry(1, pressed(0))))
    store = MemoryCallStore()
    store.away = True
    writer = FactWriter(store, VirtualClock(), Spool(tmp_path, "p"))
    assert not await writer.adopt("dead")
    store.away = False
    assert await writer.adopt("dead")
    assert await numbers(store) == [0]


async def test_an_orphans_facts_are_stored_under_the_ownership_of_their_time(tmp_path: Path) -> None:
    leases = MemoryLeases()
    store = MemoryCallStore(leases)
    await leases.take("c", "other", lifetime_ms=60_000)
    (tmp_path / "dead.jsonl").write_bytes(encode_entry(Entry(1, pressed(0))))
    assert await FactWriter(store, VirtualClock(), Spool(tmp_path, "p")).adopt("dead")
    assert (await store.facts("c"), store.strays) == ([], [pressed(0)])


async def test_a_torn_line_loses_only_itself(tmp_path: Path) -> None:
    line = encode_entry(Entry(1, pressed(0)))
    (tmp_path / "dead.jsonl").write_bytes(line + line[:20])
    store = MemoryCallStore()
    assert await FactWriter(store, VirtualClock(), Spool(tmp_path, "p")).adopt("dead")
    assert await numbers(store) == [0]
    assert names_in(tmp_path) == ["dead.unreadable"]


async def test_a_fact_that_the_store_refuses_is_set_aside_and_holds_up_no_other(tmp_path: Path) -> None:
    store = PickyStore()
    writer = FactWriter(store, VirtualClock(), Spool(tmp_path, "p"))
    async with running(writer):
        for seq in range(4):
            writer.put(pressed(seq))
        await writer.settled()
    await writer.close()
    assert await numbers(store) == [0, 2, 3]
    assert decode_entry((tmp_path / "p.unreadable").read_bytes()).fact == pressed(1)


def test_two_processes_never_write_one_file(tmp_path: Path) -> None:
    one = Spool(tmp_path, "same")
    one.append([Entry(1, pressed(0))])
    with pytest.raises(SpoolUnusable):
        Spool(tmp_path, "same").append([Entry(1, pressed(1))])
    one.close()


def test_a_file_that_cannot_be_cut_is_unusable_and_stays_as_it_is(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "p")
    spool.append([Entry(1, pressed(0))])
    assert spool._file is not None
    reading = os.open(spool.path, os.O_RDONLY)
    os.dup2(reading, spool._file)
    with pytest.raises(SpoolUnusable):
        spool.clear(spool.path.stat().st_size)
    assert len(spool.read(0, 10).entries) == 1
    os.close(reading)
    spool.close()


def test_a_write_that_the_disk_refuses_leaves_no_torn_line(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "p")
    spool.append([Entry(1, pressed(0))])
    limit = os.path.getsize(spool.path) + 30
    child = os.fork()
    if child == 0:
        os._exit(_full_in_the_middle(tmp_path, limit))
    assert os.waitpid(child, 0)[1] == 0
    spool.close()


def _full_in_the_middle(folder: Path, limit: int) -> int:
    """In a process of its own, whose files may not grow beyond `limit`: write, fail, then write on with more room."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    spool = Spool(folder, "child")
    spool.append([Entry(1, pressed(0))])
    try:
        spool.append([Entry(1, pressed(1))])
    except SpoolUnusable:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        spool.append([Entry(1, pressed(2))])
        found = [decode_entry(line).fact.seq for line in spool.path.read_bytes().splitlines()]
        return 0 if found == [0, 2] else 2
    return 1


def test_a_lone_surrogate_in_a_fact_becomes_text() -> None:
    told: list[Fact] = []
    log = FactLog("c", now_ms=lambda: 0, owner=lambda: "desk", listeners=(told.append,))
    log.add(BadInput, source="line", code="bad", detail="half a smile \ud83d")
    arguments = {"what\ud83d": ["\ud83d", 5]}
    log.add(ToolCalled, turn=1, tool="look", tool_call_id="fc", arguments=arguments, effect="read")
    assert [decode_fact(encode_fact(fact)) for fact in told] == list(log.facts)
    assert "half a smile ?" in str(log.facts[0])
