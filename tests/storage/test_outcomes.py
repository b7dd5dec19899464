"""Whether a write was done, asked while its process dies: done exactly once, whoever comes first."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.calls.ports import ToolOutcomes
from huntgroup.storage.base import Database, once
from huntgroup.storage.outcomes import CLOSED, PgToolOutcomes
from huntgroup.testing.memory_leases import MemoryOutcomes

BOOKED = {"ok": True, "message": "Booked."}
WRITE = """
import asyncio, sys
from sqlalchemy import text
from huntgroup.storage.base import Database, once
async def work(session):
    await session.execute(text("insert into bookings values ('x')"))
    print("written", flush=True)
    await session.execute(text("select pg_sleep(1)"))
    return {"ok": True, "message": "Booked."}
asyncio.run(once(Database(sys.argv[1]), "c:t", work, call_id="c"))
"""


@pytest.fixture(params=["memory", "postgres"])
def outcomes(request: pytest.FixtureRequest) -> ToolOutcomes:
    if request.param == "memory":
        return MemoryOutcomes()
    db: Database = request.getfixturevalue("db")
    return PgToolOutcomes(db)


async def bookings(db: Database) -> int:
    async with db.session() as session:
        return int((await session.execute(text("select count(*) from bookings"))).scalar_one())


async def book(session: AsyncSession) -> dict[str, object]:
    await session.execute(text("insert into bookings values ('x')"))
    return dict(BOOKED)


@pytest.fixture
async def table(db: Database) -> Database:
    async with db.session() as session:
        await session.execute(text("create table bookings (what text)"))
    return db


async def test_of_a_key_that_nothing_was_done_under_nothing_is_told_again_and_again(outcomes: ToolOutcomes) -> None:
    assert await outcomes.settle("c:t", "c") is None
    assert await outcomes.settle("c:t", "c") is None


async def test_what_was_done_is_told(table: Database) -> None:
    await once(table, "c:t", book, call_id="c")
    assert await PgToolOutcomes(table).settle("c:t", "c") == BOOKED


async def test_a_key_that_was_closed_lets_nothing_be_done_any_more(table: Database) -> None:
    assert await PgToolOutcomes(table).settle("c:t", "c") is None
    assert await once(table, "c:t", book, call_id="c") == CLOSED
    assert await bookings(table) == 0


async def test_a_write_under_way_is_waited_for_and_its_result_told(table: Database) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(session: AsyncSession) -> dict[str, object]:
        begun.set()
        await go_on.wait()
        return await book(session)

    writing = asyncio.create_task(once(table, "c:t", slow, call_id="c"))
    await begun.wait()
    asking = asyncio.create_task(PgToolOutcomes(table).settle("c:t", "c"))
    await asyncio.sleep(0.05)
    assert not asking.done()
    go_on.set()
    assert await asking == BOOKED
    assert await writing == BOOKED
    assert await bookings(table) == 1


async def test_a_process_killed_in_the_middle_of_a_write_has_not_done_it_and_never_will(
    table: Database, database_url: str
) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITE, database_url, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert await child.stdout.readline() == b"written\n"
    child.kill()
    await child.wait()
    assert await PgToolOutcomes(table).settle("c:t", "c") is None
    assert await bookings(table) == 0
    assert await once(table, "c:t2", book, call_id="c") == BOOKED
    assert await bookings(table) == 1
