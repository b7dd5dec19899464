"""What every store of calls must do, run on each implementation."""

import pytest

from huntgroup.calls.ports import CallStore
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.facts import CallEnded, CallerSpoke, CallResumed, CallStarted, HandoffCommitted
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.testing.memory_store import MemoryCallStore


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> CallStore:
    if request.param == "memory":
        return MemoryCallStore()
    db: Database = request.getfixturevalue("db")
    return PgCallStore(db)


def started(call_id: str, at: str = "2026-11-16T09:00:00+00:00", team: str = "clinic") -> CallStarted:
    return CallStarted(
        call_id=call_id,
        seq=0,
        t_ms=0,
        team=team,
        line="twilio",
        caller="+15550100",
        callee=None,
        model="offline",
        started_at=at,
    )


def spoke(call_id: str, seq: int, text: str) -> CallerSpoke:
    return CallerSpoke(
        call_id=call_id, seq=seq, t_ms=900, agent="desk", turn=1, item_id="item_1", text=text, start_ms=10, end_ms=900
    )


def ended(call_id: str, seq: int) -> CallEnded:
    return CallEnded(call_id=call_id, seq=seq, t_ms=61_500, reason="caller_hung_up", duration_ms=61_500)


def analytics(score: float) -> Analytics:
    return Analytics(
        sentiment_score=score,
        sentiment_label="positive",
        lead_score=80,
        lead_class="hot",
        intent="booking",
        topics=["appointment"],
        satisfaction=4,
        escalated=False,
        escalation_reason=None,
        summary="She booked. All went well.",
        resolution="resolved",
        metrics={"turns": 7, "talk_ratio": 0.5},
        method="rules",
        computed_at="2026-11-16T09:05:00+00:00",
    )


async def test_facts_come_back_equal_and_in_order(store: CallStore) -> None:
    handoff = HandoffCommitted(
        call_id="a",
        seq=2,
        t_ms=950,
        agent="desk",
        from_agent="desk",
        to_agent="nurse",
        tool_call_id="t1",
        brief={"need": "Größe", "list": [1, 2.5, None]},
        opener="silent",
        voice="keep",
        apply_ms=4,
    )
    facts = [started("a"), spoke("a", 1, "good morning"), handoff]
    await store.append([facts[2], facts[0]])
    await store.append([facts[1]])
    assert await store.facts("a") == facts


async def test_an_unknown_call_has_no_facts_and_no_analytics(store: CallStore) -> None:
    assert await store.facts("nobody") == []
    assert await store.analytics("nobody") is None


async def test_a_fact_stored_again_changes_nothing(store: CallStore) -> None:
    await store.append([started("a"), spoke("a", 1, "first")])
    await store.append([spoke("a", 1, "second"), spoke("a", 2, "third"), spoke("a", 2, "fourth")])
    texts = [fact.text for fact in await store.facts("a") if isinstance(fact, CallerSpoke)]
    assert texts == ["first", "third"]


async def test_an_empty_batch_is_nothing(store: CallStore) -> None:
    await store.append([])
    assert await store.calls() == []


async def test_one_batch_may_hold_several_calls(store: CallStore) -> None:
    await store.append([started("a"), started("b"), spoke("b", 1, "hello")])
    assert (len(await store.facts("a")), len(await store.facts("b"))) == (1, 2)


async def test_a_large_batch_is_stored_whole(store: CallStore) -> None:
    await store.append([started("a"), *(spoke("a", seq, "word " * 20) for seq in range(1, 5000))])
    assert len(await store.facts("a")) == 5000


async def test_a_running_call_is_listed_without_an_end(store: CallStore) -> None:
    await store.append([started("a")])
    (call,) = await store.calls()
    assert (call.call_id, call.team, call.caller) == ("a", "clinic", "+15550100")
    assert (call.ended_at, call.duration_ms, call.end_reason, call.lead_score) == (None, None, None, None)


async def test_an_ended_call_is_listed_with_its_end_and_analytics(store: CallStore) -> None:
    await store.append([started("a"), ended("a", 1)])
    await store.save_analytics("a", analytics(0.6))
    (call,) = await store.calls()
    assert (call.ended_at, call.duration_ms) == ("2026-11-16T09:01:01.500000+00:00", 61_500)
    assert (call.end_reason, call.sentiment_score, call.lead_score) == ("caller_hung_up", 0.6, 80)
    assert call.resolution == "resolved"


async def test_the_end_may_be_stored_before_the_beginning(store: CallStore) -> None:
    await store.append([ended("a", 1)])
    await store.append([started("a")])
    assert [call.end_reason for call in await store.calls()] == ["caller_hung_up"]


async def test_a_call_that_goes_on_after_a_lost_line_runs_again_until_its_last_end(store: CallStore) -> None:
    resumed = CallResumed(
        call_id="a", seq=2, t_ms=70_000, process="p", epoch=2, reason="line_lost", gap_ms=9, model="m"
    )
    await store.append([started("a"), ended("a", 1)])
    await store.append([resumed])
    assert [call.ended_at for call in await store.calls()] == [None]
    last = CallEnded(call_id="a", seq=3, t_ms=90_000, reason="agent_hung_up", duration_ms=90_000)
    await store.append([last])
    assert [(call.end_reason, call.duration_ms) for call in await store.calls()] == [("agent_hung_up", 90_000)]


async def test_calls_are_listed_newest_first_up_to_the_limit(store: CallStore) -> None:
    await store.append([started("old", "2026-11-16T08:00:00Z"), started("new", "2026-11-16T12:30:00+02:00")])
    await store.append([started("mid", "2026-11-16T09:59:59.5Z")])
    assert [call.call_id for call in await store.calls()] == ["new", "mid", "old"]
    assert [call.call_id for call in await store.calls(limit=2)] == ["new", "mid"]


async def test_calls_can_be_listed_by_team(store: CallStore) -> None:
    await store.append([started("a", team="clinic"), started("b", team="salon")])
    assert [call.call_id for call in await store.calls(team="salon")] == ["b"]


async def test_nothing_is_concluded_from_a_call_that_was_forgotten_meanwhile(store: CallStore) -> None:
    await store.save_analytics("a", analytics(0.1))
    assert await store.analytics("a") is None


async def test_later_analytics_replace_earlier_ones(store: CallStore) -> None:
    await store.append([started("a")])
    await store.save_analytics("a", analytics(0.1))
    await store.save_analytics("a", analytics(0.9))
    assert await store.analytics("a") == analytics(0.9)
