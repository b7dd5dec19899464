"""What only the store in PostgreSQL does: odd characters, tenants, keeping for a time, an outage."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import BadInput, CallStarted
from huntgroup.storage.base import Database, remember
from huntgroup.storage.callbacks import PgCallbacks
from huntgroup.storage.calls import PgCallStore


def started(call_id: str) -> CallStarted:
    return CallStarted(
        call_id=call_id,
        seq=0,
        t_ms=0,
        team="clinic",
        line="twilio",
        caller="+1\x005550100",
        callee=None,
        model="offline",
        started_at="2026-11-16T09:00:00+00:00",
    )


async def set_days(db: Database, days: int | None) -> None:
    async with db.session() as session:
        await session.execute(text("update huntgroup.tenants set keep_calls_days = :days"), {"days": days})


async def test_characters_that_postgresql_refuses_are_replaced(db: Database) -> None:
    store = PgCallStore(db)
    bad = BadInput(call_id="a", seq=1, t_ms=0, source="line", code="nul", detail="x\0y \\u0000 z")
    await store.append([started("a"), bad])
    kept = (await store.facts("a"))[1]
    assert isinstance(kept, BadInput)
    assert kept.detail == "x\ufffdy \\u0000 z"


async def test_calls_are_forgotten_with_everything_about_them(db: Database) -> None:
    store = PgCallStore(db)
    await set_days(db, 30)
    await store.append([started("a")])
    async with db.session() as session:
        await remember(session, "a:1", {"ok": True}, call_id="a")
    assert await store.forget_expired(datetime(2026, 12, 16, 8, tzinfo=UTC)) == 0
    assert await store.forget_expired(datetime(2026, 12, 16, 10, tzinfo=UTC)) == 1
    assert (await store.calls(), await store.facts("a")) == ([], [])
    async with db.session() as session:
        assert (await session.execute(text("select count(*) from huntgroup.tool_results"))).scalar() == 0


async def test_wishes_are_forgotten_as_calls_are_and_the_shortest_time_counts(db: Database) -> None:
    store, wishes = PgCallStore(db), PgCallbacks(db)
    await wishes.wish("clinic", "+12025550143", None, "CA1")
    now = datetime.now(UTC)
    assert await wishes.forget_expired(now + timedelta(days=9_999)) == 0
    assert await store.shortest_days() is None
    await set_days(db, 30)
    assert (await store.shortest_days(), await wishes.forget_expired(now + timedelta(days=29))) == (30, 0)
    assert await wishes.forget_expired(now + timedelta(days=31)) == 1
    assert await wishes.waiting(every=True) == []


async def test_calls_are_kept_for_ever_unless_told(db: Database) -> None:
    store = PgCallStore(db)
    await store.append([started("a")])
    assert await store.forget_expired(datetime(2126, 1, 1, tzinfo=UTC)) == 0


async def test_an_unknown_tenant_is_refused_and_nothing_is_stored(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await PgCallStore(db, tenant="nobody").append([started("a")])
    assert await PgCallStore(db).facts("a") == []


async def test_an_outage_is_named() -> None:
    db = Database("postgresql://u@127.0.0.1:1/x")
    with pytest.raises(StoreUnavailable):
        await PgCallStore(db).append([started("a")])
    await db.close()
