"""What a team's manifest says of how long its calls are kept is what is kept of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from huntgroup.domain.errors import TeamError
from huntgroup.storage.archive import PgArchive, Wanted
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.leases import PgCallLeases
from huntgroup.storage.retention import KeptDays, RecordRetention
from huntgroup.teams.manifest import read_manifest
from tests.storage.test_archive import analytics, found, keep

BEGAN = datetime(2026, 11, 16, 9, tzinfo=UTC)
KEPT = {"clinic": KeptDays(facts=90, analytics=365)}


def retention(db: Database) -> RecordRetention:
    return RecordRetention(db, PgCallStore(db), KEPT)


async def all_forgotten(db: Database, days: float) -> int:
    """How many were deleted in all, that many days after the calls began."""
    count = 0
    while forgotten := await retention(db).forget_expired(BEGAN + timedelta(days=days)):
        count += forgotten
    return count


async def rows_of(db: Database, table: str) -> int:
    async with db.session() as session:
        count: int = (await session.execute(text(f"select count(*) from huntgroup.{table}"))).scalar_one()
        return count


async def test_a_record_is_gone_after_its_days_and_what_was_concluded_stays(db: Database) -> None:
    await keep(db, "one", "hello you")
    await PgCallStore(db).save_analytics("one", analytics())
    assert await all_forgotten(db, 89.9) == 0
    assert await all_forgotten(db, 90.1) == 1
    assert [await rows_of(db, table) for table in ("facts", "call_words", "analytics", "calls")] == [0, 0, 1, 1]
    (call,) = (await PgArchive(db).find(Wanted()))["calls"]
    assert (call["caller"], call["resolution"], call["summary"]) == (None, "resolved", "A caller.")
    assert await found(db, text="hello you") == []


async def test_nothing_is_left_when_the_days_of_analytics_are_over(db: Database) -> None:
    await keep(db, "one", "hello you")
    await PgCallStore(db).save_analytics("one", analytics())
    assert await all_forgotten(db, 365.1) == 2
    assert [await rows_of(db, table) for table in ("facts", "analytics", "calls")] == [0, 0, 0]


async def test_a_call_of_which_nothing_was_concluded_goes_with_its_record(db: Database) -> None:
    await keep(db, "one", "hello you")
    assert await all_forgotten(db, 90.1) == 1
    assert await rows_of(db, "calls") == 0


async def test_other_teams_calls_are_kept_on_and_many_go_in_several_steps(db: Database) -> None:
    await keep(db, "other", "hello you", team="no manifest")
    for number in range(3):
        await keep(db, f"call{number}", "hello you")
    assert await all_forgotten(db, 400) == 3
    assert await found(db, text="hello you") == ["other"]


async def test_a_call_that_runs_is_kept_until_it_is_over(db: Database) -> None:
    leases = PgCallLeases(db)
    await keep(db, "one", "hello you")
    await leases.renew("p1", {"one": 1}, lifetime_ms=60_000)
    assert await all_forgotten(db, 400) == 0
    async with db.session() as session:
        await session.execute(text("update huntgroup.calls set keep_until = '2026-12-01T00:00:00Z'"))
    assert await PgCallStore(db).forget_expired(datetime(2026, 12, 2, tzinfo=UTC)) == 0
    await leases.release("p1", {"one": 1})
    assert await PgCallStore(db).forget_expired(datetime(2026, 12, 2, tzinfo=UTC)) == 1


async def test_facts_set_aside_are_kept_as_long_as_the_shortest_kept_record(db: Database) -> None:
    assert await retention(db).shortest_days() == 90
    async with db.session() as session:
        await session.execute(text("update huntgroup.tenants set keep_calls_days = 30"))
    assert await retention(db).shortest_days() == 30
    assert await RecordRetention(db, PgCallStore(db), {}).shortest_days() == 30


@pytest.mark.parametrize("days", ["facts = 90\nanalytics = 30", "facts = 10\naudio = 11"])
def test_a_manifest_whose_times_contradict_each_other_is_refused(tmp_path: Path, days: str) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text(f'name = "clinic"\ntitle = "A clinic"\nfirst_agent = "desk"\n[retention_days]\n{days}\n')
    with pytest.raises(TeamError, match="at least as long"):
        read_manifest(path)
