"""Who may come into the desk."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from huntgroup.storage.base import Database
from huntgroup.storage.deskdoor import IDLE_LIFETIME, LINK_LIFETIME, SESSION_LIFETIME, PgDeskDoor


class Calendar:
    """A clock whose day is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def now_ms(self) -> int:
        return 0

    def utc_now(self) -> datetime:
        return self.now

    async def sleep_ms(self, ms: float) -> None:
        self.now += timedelta(milliseconds=ms)


async def test_a_link_lets_in_once_and_its_secret_is_not_in_the_database(db: Database) -> None:
    door = PgDeskDoor(db, Calendar())
    link = await door.make_link("Ada")
    visitor = await door.enter(link)
    assert visitor is not None
    assert visitor.name == "Ada"
    assert await door.enter(link) is None
    async with db.session() as session:
        kept = " ".join((await session.execute(text("select hash from huntgroup.desk_sessions"))).scalars())
    assert visitor.secret not in kept
    assert link not in kept


async def test_a_link_is_good_for_a_while_only(db: Database) -> None:
    calendar = Calendar()
    door = PgDeskDoor(db, calendar)
    link = await door.make_link("Ada")
    calendar.now += LINK_LIFETIME
    assert await door.enter(link) is None


async def test_a_session_ends_when_it_is_not_used_or_too_old(db: Database) -> None:
    calendar = Calendar()
    door = PgDeskDoor(db, calendar)
    idle, used = await door.enter(await door.make_link("Idle")), await door.enter(await door.make_link("Used"))
    assert idle is not None and used is not None
    begun = calendar.now
    while calendar.now < begun + SESSION_LIFETIME - IDLE_LIFETIME / 2:
        calendar.now += IDLE_LIFETIME / 2
        assert calendar.now >= begun + SESSION_LIFETIME or await door.visitor(used.secret) is not None
    assert await door.visitor(idle.secret) is None
    calendar.now = begun + SESSION_LIFETIME
    assert await door.visitor(used.secret) is None


async def test_logging_out_ends_the_session_and_everything_is_on_record(db: Database) -> None:
    door = PgDeskDoor(db, Calendar())
    assert not await door.ever_used()
    visitor = await door.enter(await door.make_link("Ada"))
    assert visitor is not None
    await door.note("Ada", "viewed", "call_1")
    await door.leave(visitor.secret)
    assert await door.visitor(visitor.secret) is None
    assert await door.ever_used()
    assert [deed["what"] for deed in await door.deeds()] == ["logout", "viewed", "login", "link_made"]
    assert [deed["by"] for deed in await door.deeds("call_1")] == ["Ada"]
