"""Calls as the desk finds them, and the figures of each day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from huntgroup.domain import facts as f
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.money import Bill, bill_of
from huntgroup.migrations.upgrade import configuration
from huntgroup.storage.archive import PgArchive, Wanted, search_of
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.figures import PgFigures


def analytics(**changed: Any) -> Analytics:
    given: dict[str, Any] = {
        "sentiment_score": -0.6,
        "sentiment_label": "negative",
        "lead_score": 70,
        "lead_class": "warm",
        "intent": "book",
        "topics": [],
        "satisfaction": 2,
        "escalated": False,
        "escalation_reason": None,
        "summary": "A caller.",
        "resolution": "resolved",
        "metrics": {"first_sound_ms": 400, "interruptions": 2, "handoffs": 1},
        "method": "rules",
        "computed_at": "2026-11-16T09:10:00+00:00",
        **changed,
    }
    return Analytics(**given)


async def keep(db: Database, call_id: str, words: str, *, day: int = 16, team: str = "clinic", **spoken: Any) -> None:
    """A call in which the caller says `words`, and the agent of two words is heard with one."""
    head = {"call_id": call_id, "t_ms": 0}
    started_at = f"2026-11-{day}T09:00:00+00:00"
    started = f.CallStarted(
        **head, seq=0, team=team, line="twilio", caller="+15550100", callee=None, model="m/x", started_at=started_at
    )
    caller = f.CallerSpoke(**head, seq=1, turn=1, item_id="a", text=words, start_ms=0, end_ms=900)
    agent = f.AgentSpoke(
        **head, seq=2, turn=1, response_id="r", item_id="b", text="Certainly unheard", heard_text="Certainly",
        generated_ms=900, heard_ms=400, start_ms=1000, end_ms=1400, interrupted=True,
    )  # fmt: skip
    await PgCallStore(db).append([started, caller, agent])


async def found(db: Database, **wanted: Any) -> list[str]:
    page = await PgArchive(db).find(Wanted(**wanted))
    return [call["call_id"] for call in page["calls"]]


async def test_a_call_is_found_by_all_of_its_heard_words_and_by_no_other(db: Database) -> None:
    await keep(db, "knee", "I hurt my knee, O'Brien said")
    await keep(db, "back", "I hurt my back")
    assert await found(db, text="hurt KNEE") == ["knee"]
    assert sorted(await found(db, text="hur")) == ["back", "knee"]
    assert await found(db, text="knee certainly") == ["knee"]
    assert await found(db, text="unheard") == []
    assert await found(db, text="o'brien & | ! :*") == ["knee"]
    assert await found(db, text="!!!") == []


async def test_a_call_is_found_by_its_id_and_by_the_callers_number(db: Database) -> None:
    await keep(db, "one", "hello")
    assert await found(db, text="one") == ["one"]
    assert await found(db, text="+15550100") == ["one"]


MANY_WORDS = """
    insert into huntgroup.call_words (call_id, words)
    select 'call' || n, to_tsvector('simple', 'hello word' || n) from generate_series(1, 20000) n
"""


@pytest.mark.parametrize("words", ["word17123", "hello word17123"])
async def test_the_search_for_words_can_be_by_index(db: Database, words: str) -> None:
    async with db.session() as session:
        await session.execute(text(MANY_WORDS))
        await session.execute(text("analyze huntgroup.call_words"))
        # So few and so short they are read faster one by one.
        await session.execute(text("set local enable_seqscan = off"))
        sql, values = search_of(Wanted(text=words))
        plan = await session.execute(text(f"explain {sql}"), values)
        assert "ix_call_words_words" in "\n".join(plan.scalars())


async def made_anew(db: Database) -> None:
    """Take the index back and make it from what is there."""
    for step in (lambda sync: command.downgrade(configuration(sync), "0004"),
                 lambda sync: command.upgrade(configuration(sync), "head")):  # fmt: skip
        async with db.session() as session:
            await (await session.connection()).run_sync(step)


async def test_calls_of_before_the_index_are_found_after_it_was_made(db: Database) -> None:
    await keep(db, "one", "It is mary@example.org, 202-555-0143, with 10 % for O'Brien")
    await made_anew(db)
    assert await found(db, text="example 0143 brien certainly") == ["one"]
    assert await found(db, text="hello unheard") == []


async def test_a_call_of_more_words_than_fit_does_not_stop_the_index_from_being_made(db: Database) -> None:
    await keep(db, "one", "hello")
    for seq in range(3, 9):
        words = " ".join(f"{chr(0x10400) * 40}{seq}{n}" for n in range(4_000))
        said = {"call_id": "one", "t_ms": 0, "turn": 1, "item_id": "a", "start_ms": 0, "end_ms": 900}
        await PgCallStore(db).append([f.CallerSpoke(seq=seq, text=words, **said)])
    await made_anew(db)
    assert await found(db, text="hello certainly") == ["one"]


async def test_an_address_and_a_number_are_found_by_their_parts(db: Database) -> None:
    await keep(db, "one", "It is mary@example.org, 202-555-0143, on 11/24, O'Brien_s café & <b>bar</b>")
    for words in ("example", "mary example.org", "0143 555", "11/24", "brien", "CAFÉ", "bar café"):
        assert await found(db, text=words) == ["one"], words


async def test_a_call_is_stored_whatever_is_said_in_it_and_told_twice(db: Database) -> None:
    much = " ".join(f"{chr(0x10400) * 40}{n}" for n in range(50_000))
    await keep(db, "one", f"hello \0 {much}")
    await keep(db, "one", f"hello \0 {much}")
    assert await found(db, text="hello certainly") == ["one"]
    assert len(await PgCallStore(db).facts("one")) == 3


async def test_what_is_forgotten_is_found_no_more(db: Database) -> None:
    await keep(db, "one", "hello you")
    await PgCallStore(db).forget(["one"])
    async with db.session() as session:
        assert (await session.execute(text("select count(*) from huntgroup.call_words"))).scalar() == 0


async def test_filters_are_all_to_hold(db: Database) -> None:
    await keep(db, "one", "hello")
    await keep(db, "two", "hello", day=17, team="salon")
    await PgCallStore(db).save_analytics("one", analytics())
    assert await found(db, team="salon") == ["two"]
    assert await found(db, sentiment="negative") == ["one"]
    assert await found(db, lead_at_least=71) == []
    assert await found(db, lead_at_least=70, outcome="resolved") == ["one"]
    assert await found(db, outcome="running") == ["two", "one"]
    assert await found(db, since=datetime(2026, 11, 17, tzinfo=UTC)) == ["two"]
    assert await found(db, before=datetime(2026, 11, 17, tzinfo=UTC), team="salon") == []


async def test_pages_follow_each_other_without_gap_or_repetition(db: Database) -> None:
    for name in "abcde":
        await keep(db, name, "hello")
    archive = PgArchive(db)
    page = await archive.find(Wanted(limit=2))
    seen = [call["call_id"] for call in page["calls"]]
    while page["next"] is not None:
        page = await archive.find(Wanted(limit=2, after=page["next"]))
        seen += [call["call_id"] for call in page["calls"]]
    assert seen == ["e", "d", "c", "b", "a"]
    assert await archive.teams() == ["clinic"]


async def test_each_day_has_its_figures_and_an_empty_day_has_none(db: Database) -> None:
    store = PgCallStore(db)
    await keep(db, "one", "hello")
    usage = f.UsageReported(
        call_id="one", seq=3, t_ms=0, response_id="r", input_tokens=1_000_000, output_tokens=0, cached_tokens=0,
        input_audio_tokens=0, output_audio_tokens=0,
    )  # fmt: skip
    heard = [
        f.HandoffHeard(call_id="one", seq=seq, t_ms=0, from_agent="a", to_agent="b", gap_ms=gap)
        for seq, gap in ((4, 100), (5, 300), (6, 200))
    ]
    await store.append([usage, *heard])
    await store.save_analytics("one", analytics())
    first, second = await PgFigures(db).by_day(date(2026, 11, 16), date(2026, 11, 17), team="clinic")
    assert (first["calls"], first["gap_p50_ms"], first["gap_p99_ms"]) == (1, 200, 300)
    assert (first["usd"], first["priced_as"]) == (4.0, ["gpt-realtime-2.1"])
    assert (first["first_sound_p50_ms"], first["interruptions"], first["resolved"]) == (400, 2, 1)
    assert (second["calls"], second["sentiment"], second["usd"]) == (0, None, 0.0)


@pytest.mark.parametrize(
    ("read", "heard", "cached", "bill"),
    [
        (100, 60, 30, Bill(text_in=10, text_cached=30, audio_in=60)),
        (100, 60, 70, Bill(text_cached=40, audio_in=30, audio_cached=30)),
        (100, 60, 100, Bill(text_cached=40, audio_cached=60)),
    ],
)
async def test_sums_of_a_day_are_what_each_response_costs(
    db: Database, read: int, heard: int, cached: int, bill: Bill
) -> None:
    await keep(db, "one", "hello")
    usage = f.UsageReported(
        call_id="one", seq=3, t_ms=0, response_id="r", input_tokens=read, output_tokens=0, cached_tokens=cached,
        input_audio_tokens=heard, output_audio_tokens=0,
    )  # fmt: skip
    await PgCallStore(db).append([usage])
    assert bill_of(usage) == bill
    (day,) = await PgFigures(db).by_day(date(2026, 11, 16), date(2026, 11, 16))
    assert day["usd"] == round(bill.usd("x"), 6)
