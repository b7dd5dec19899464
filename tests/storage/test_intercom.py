"""Questions from process to process over PostgreSQL."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import make_url, text

from huntgroup.domain.clock import SystemClock
from huntgroup.storage import intercom as module
from huntgroup.storage.base import Database
from huntgroup.storage.intercom import PgIntercom

LISTENERS = "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'"


@pytest.fixture
async def pair(db: Database) -> AsyncIterator[tuple[PgIntercom, PgIntercom]]:
    async with AsyncExitStack() as stack:
        made = PgIntercom(db, "a", SystemClock()), PgIntercom(db, "b", SystemClock())
        for one in made:
            stack.callback(asyncio.create_task(one.run()).cancel)
            await asyncio.wait_for(one.listening.wait(), 20)
        yield made


async def twice(question: bytes) -> bytes:
    return question * 2


async def test_a_question_is_answered_by_who_was_asked(pair: tuple[PgIntercom, PgIntercom]) -> None:
    a, b = pair
    a.answer_with(lambda question: twice(b"wrong"))
    b.answer_with(twice)
    assert await a.ask("b", b"ja ", 20) == b"ja ja "
    with pytest.raises(TimeoutError):
        await a.ask("nobody", b"ja", 0.2)


async def test_what_does_not_fit_is_not_sent(pair: tuple[PgIntercom, PgIntercom]) -> None:
    with pytest.raises(ValueError, match="too long"):
        await pair[0].ask("b", random.Random(1).randbytes(9_000), 5)


async def test_an_answer_that_fails_is_none(pair: tuple[PgIntercom, PgIntercom]) -> None:
    async def fail(question: bytes) -> bytes:
        raise RuntimeError("no")

    pair[1].answer_with(fail)
    with pytest.raises(TimeoutError):
        await pair[0].ask("b", b"?", 0.3)


async def test_rubbish_on_the_channel_and_a_lost_connection_are_survived(
    pair: tuple[PgIntercom, PgIntercom], db: Database
) -> None:
    a, b = pair
    b.answer_with(twice)
    async with db.session() as session:
        await session.execute(text("select pg_notify(:channel, 'rubbish')"), {"channel": module.CHANNEL})
        assert (await session.execute(text(LISTENERS))).all()
    async with asyncio.timeout(30):
        while a.listening.is_set() or b.listening.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await a.listening.wait()
        await b.listening.wait()
    assert await a.ask("b", b"x", 20) == b"xx"


class Patience(SystemClock):
    """Notes that somebody waits before the next try."""

    def __init__(self) -> None:
        self.waits = asyncio.Event()

    async def sleep_ms(self, ms: int) -> None:
        self.waits.set()
        await super().sleep_ms(ms)


async def test_a_database_that_refuses_us_for_a_while_is_not_the_end(database_url: str) -> None:
    elsewhere = make_url(database_url).set(database="not_there").render_as_string(hide_password=False)
    gone, clock = Database(elsewhere), Patience()
    running = asyncio.create_task(PgIntercom(gone, "a", clock).run())
    waiting = asyncio.create_task(clock.waits.wait())
    await asyncio.wait({running, waiting}, timeout=20, return_when=asyncio.FIRST_COMPLETED)
    assert not running.done()
    assert waiting.done()
    running.cancel()
    await gone.close()
