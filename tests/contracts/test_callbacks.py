"""What every list of callers to be called back must do."""

import pytest

from huntgroup.server.house import Callbacks
from huntgroup.storage.base import Database
from huntgroup.storage.callbacks import PgCallbacks
from huntgroup.testing.memory_callbacks import MemoryCallbacks


@pytest.fixture(params=["memory", "postgres"])
def book(request: pytest.FixtureRequest) -> Callbacks:
    if request.param == "memory":
        return MemoryCallbacks()
    db: Database = request.getfixturevalue("db")
    return PgCallbacks(db)


async def test_who_waits_longest_comes_first(book: Callbacks) -> None:
    await book.wish("clinic", "+12025550143", "+12025550100", "CA1")
    await book.wish("salon", "+12025550144", None, "CA2")
    found = await book.waiting()
    assert [(one.team, one.caller, one.callee, one.state) for one in found] == [
        ("clinic", "+12025550143", "+12025550100", "waiting"),
        ("salon", "+12025550144", None, "waiting"),
    ]
    assert [one.id for one in await book.waiting(limit=1)] == [found[0].id]


async def test_a_wish_that_is_told_twice_is_one(book: Callbacks) -> None:
    await book.wish("clinic", "+12025550143", None, "CA1")
    await book.wish("clinic", "+12025550143", None, "CA1")
    assert len(await book.waiting()) == 1


async def test_who_was_called_back_waits_no_more(book: Callbacks) -> None:
    await book.wish("clinic", "+12025550143", None, "CA1")
    (waiting,) = await book.waiting()
    assert await book.done(waiting.id)
    assert not await book.done(waiting.id)
    assert await book.waiting() == []
    assert [one.state for one in await book.waiting(every=True)] == ["done"]
