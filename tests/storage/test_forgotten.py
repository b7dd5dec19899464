"""Deletion is final: whatever comes of a call after it was deleted leaves no row behind."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.record.spool import Entry, Spool, spools_in
from huntgroup.domain import facts as f
from huntgroup.domain.facts import Fact
from huntgroup.storage.base import Database, once, remember
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.forgotten import forget_in
from huntgroup.storage.latewords import LateWords
from huntgroup.storage.leases import PgCallLeases
from huntgroup.storage.retention import RecordRetention
from huntgroup.testing.virtual_clock import VirtualClock
from tests.storage.test_archive import analytics, keep
from tests.storage.test_latewords import NOW, ended
from tests.storage.test_retention import BEGAN, KEPT

TABLES = ("calls", "facts", "stray_facts", "call_words", "analytics", "tool_results", "call_leases")
LATE: Sequence[Fact] = (
    f.CallStarted(
        call_id="one", seq=0, t_ms=0, team="clinic", line="twilio", caller="+15550100", callee=None, model="m/x",
        started_at="2026-11-16T09:00:00+00:00",
    ),
    f.CallerSpoke(call_id="one", seq=3, t_ms=9, turn=2, item_id="c", text="so late", start_ms=0, end_ms=9),
    f.CallEnded(call_id="one", seq=4, t_ms=10, reason="caller_hung_up", duration_ms=10),
)  # fmt: skip


async def left_of(db: Database, call_id: str) -> list[str]:
    """The tables in which there is a row of a call."""
    async with db.session() as session:
        query = "select count(*) from huntgroup.{} where call_id = :call_id"
        counts = {
            table: (await session.execute(text(query.format(table)), {"call_id": call_id})).scalar_one()
            for table in TABLES
        }
        return [table for table, count in counts.items() if count]


@pytest.fixture
async def store(db: Database) -> PgCallStore:
    """A store with one call in it, which had an owner."""
    await keep(db, "one", "hello you")
    await PgCallLeases(db).renew("p1", {"one": 1}, lifetime_ms=0)
    return PgCallStore(db, append_every_ms=0)


@pytest.mark.parametrize("epochs", [None, [1, 1, 1], [0, 0, 0]])
async def test_late_facts_of_a_deleted_call_leave_nothing(
    db: Database, store: PgCallStore, epochs: list[int] | None
) -> None:
    await store.forget(["one"])
    await store.append(LATE, epochs=epochs)
    await store.save_analytics("one", analytics())
    assert await left_of(db, "one") == []


async def test_other_calls_of_the_same_batch_are_stored(db: Database, store: PgCallStore) -> None:
    await store.forget(["one"])
    other = f.BadInput(call_id="two", seq=1, t_ms=0, source="line", code="odd", detail="")
    await store.append([*LATE, other], epochs=[1, 1, 1, 1])
    assert await store.facts("two") == [other]


async def test_a_record_that_its_team_keeps_no_longer_does_not_come_back(db: Database, store: PgCallStore) -> None:
    await store.save_analytics("one", analytics())
    await RecordRetention(db, store, KEPT).forget_expired(BEGAN + timedelta(days=91))
    await store.append(LATE, epochs=[1, 1, 1])
    assert await left_of(db, "one") == ["calls", "analytics"]


async def test_what_expired_with_its_tenants_time_does_not_come_back(db: Database, store: PgCallStore) -> None:
    async with db.session() as session:
        await session.execute(text("update huntgroup.calls set keep_until = '2026-12-01T00:00:00Z'"))
    assert await store.forget_expired(datetime(2026, 12, 2, tzinfo=UTC)) == 1
    await store.append(LATE)
    assert await left_of(db, "one") == []


async def test_facts_that_waited_in_a_spool_meanwhile_are_dropped_and_the_spool_is_emptied(
    db: Database, store: PgCallStore, tmp_path: Path
) -> None:
    left = Spool(tmp_path, "gone")
    left.append([Entry(1, fact) for fact in LATE])
    left.close()
    await store.forget(["one"])
    writer = FactWriter(store, VirtualClock(), Spool(tmp_path, "here"))
    assert await writer.adopt("gone")
    assert await left_of(db, "one") == []
    assert spools_in(tmp_path) == []


async def test_a_batch_that_is_being_stored_is_waited_for_and_goes_too(db: Database, store: PgCallStore) -> None:
    async with db.session() as session:
        await session.execute(text("select * from huntgroup.call_leases where call_id = 'one' for share"))
        forgetting = asyncio.create_task(store.forget(["one"]))
        # It has no way to tell that it waits; what is stored in this transaction has to be gone either way.
        await asyncio.sleep(0.2)
        await session.execute(
            text("insert into huntgroup.facts (call_id, seq, type, t_ms, body) values ('one', 9, 'Odd', 0, '{}')")
        )
    await forgetting
    assert await left_of(db, "one") == []


async def test_a_batch_that_comes_while_a_call_is_deleted_waits_and_finds_it_gone(
    db: Database, store: PgCallStore
) -> None:
    async with db.session() as session:
        await forget_in(session, ["one"])
        storing = asyncio.create_task(store.append(LATE, epochs=[1, 1, 1]))
        await asyncio.wait({storing}, timeout=0.2)
        assert not storing.done()
    await storing
    assert await left_of(db, "one") == []


async def test_words_that_are_filled_in_while_a_call_is_deleted_do_not_come_back(
    db: Database, store: PgCallStore
) -> None:
    await ended(db, "one")
    async with db.session() as session:
        await forget_in(session, ["one"])
        filling = asyncio.create_task(LateWords(db, VirtualClock()).fill(NOW))
        await asyncio.wait({filling}, timeout=0.2)
        assert not filling.done()
    await filling
    assert await left_of(db, "one") == []


async def test_a_tools_result_that_comes_while_a_call_is_deleted_is_not_kept(db: Database, store: PgCallStore) -> None:
    async def work(_: AsyncSession) -> dict[str, Any]:
        return {"ok": True}

    async with db.session() as session:
        await forget_in(session, ["one"])
        working = asyncio.create_task(once(db, "one:1", work, call_id="one"))
        await asyncio.wait({working}, timeout=0.2)
        assert not working.done()
    assert await working == {"ok": True}
    assert await left_of(db, "one") == []


async def test_nobody_owns_a_deleted_call_and_its_tools_leave_no_result(db: Database, store: PgCallStore) -> None:
    await store.forget(["one"])
    leases = PgCallLeases(db)
    assert await leases.renew("p1", {"one": 1, "two": 1}, lifetime_ms=1_000) == {"one"}
    assert await leases.take("one", "p2", lifetime_ms=1_000) is None
    async with db.session() as session:
        await remember(session, "one:1", {"ok": True}, call_id="one")
    assert await left_of(db, "one") == []
