"""Calls that a process ended which knew nothing of the search's words are found all the same, an hour later at most."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from huntgroup.domain import facts as f
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.latewords import LateWords
from huntgroup.testing.virtual_clock import VirtualClock
from tests.storage.test_archive import found, keep

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)


async def ended(db: Database, call_id: str, words: str = "hello you", *, day: int = 16) -> None:
    """A call that a process without the search's index has stored."""
    await keep(db, call_id, words, day=day)
    last = f.CallEnded(call_id=call_id, seq=9, t_ms=10, reason="caller_hung_up", duration_ms=10)
    await PgCallStore(db).append([last])
    await older_process(db, call_id)


async def older_process(db: Database, call_id: str) -> None:
    async with db.session() as session:
        await session.execute(text("delete from huntgroup.call_words where call_id = :id"), {"id": call_id})


async def test_what_an_older_process_stored_is_found_once_its_words_are_filled_in(db: Database) -> None:
    await ended(db, "one")
    await ended(db, "two")
    assert await found(db, text="hello you") == []
    late = LateWords(db, VirtualClock())
    assert await late.fill(NOW) == 2
    assert sorted(await found(db, text="hello you")) == ["one", "two"]
    assert await late.fill(NOW) == 0


async def test_a_call_that_goes_on_and_an_old_one_are_left_alone(db: Database) -> None:
    await keep(db, "running", "hello you")
    await older_process(db, "running")
    await ended(db, "old", day=10)
    assert await LateWords(db, VirtualClock()).fill(NOW + timedelta(hours=1)) == 0


async def test_a_call_that_was_taken_over_from_an_older_process_is_found_by_all_of_its_words(db: Database) -> None:
    await keep(db, "moved", "hello you")
    await older_process(db, "moved")
    resumed = f.CallResumed(
        call_id="moved", seq=3, t_ms=2_000, agent="desk", process="p", reason="moved", epoch=2, gap_ms=1, model="m"
    )
    said = f.CallerSpoke(call_id="moved", seq=4, t_ms=9, turn=2, item_id="c", text="later words", start_ms=0, end_ms=9)
    await PgCallStore(db).append([resumed, said])
    assert await found(db, text="hello later") == ["moved"]
