"""The trace of a finished call is rebuilt from its facts alone."""

from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    ContextTrimmed,
    Fact,
    HandoffCommitted,
    HandoffHeard,
    HandoffRolledBack,
    LateResult,
    LineReturned,
    SupervisorJoined,
    SupervisorLeft,
    ToolAnswered,
    ToolCalled,
    WhisperAnswered,
    Whispered,
)


def a_call() -> list[Fact]:
    base = {"call_id": "call_1", "agent": "desk"}
    return [
        CallStarted(
            seq=0, t_ms=0, team="clinic", line="l", caller="+1555", callee=None, model="m", started_at="x", **base
        ),
        CallerSpoke(seq=1, t_ms=2000, turn=1, item_id="i1", text="I am Ann", start_ms=1000, end_ms=2000, **base),
        ToolCalled(
            seq=2, t_ms=2100, turn=1, tool="lookup", tool_call_id="fc", arguments={"name": "Ann"}, effect="read", **base
        ),
        ToolAnswered(
            seq=3, t_ms=2150, tool="lookup", tool_call_id="fc", output="{}", ok=False, error="tool_failed",
            duration_ms=50, **base,
        ),
        HandoffCommitted(
            seq=4, t_ms=2200, from_agent="desk", to_agent="nurse", tool_call_id="fc2", brief={"name": "Ann"},
            opener="silent", voice="keep", apply_ms=2, **base,
        ),
        HandoffHeard(seq=5, t_ms=2600, from_agent="desk", to_agent="nurse", gap_ms=420, **base),
        AgentSpoke(
            seq=6, t_ms=4000, turn=1, response_id="r1", item_id="i2", text="Hello Ann", heard_text="Hello Ann",
            generated_ms=1400, heard_ms=1400, start_ms=2600, end_ms=4000, interrupted=False, **base,
        ),
        CallEnded(seq=7, t_ms=5000, reason="caller_hung_up", duration_ms=5000, **base),
    ]  # fmt: skip


def test_every_span_has_its_time() -> None:
    times = {span["kind"]: (span["start_ms"], span["end_ms"]) for span in spans_of(a_call())}
    assert times == {
        "call": (0, 5000),
        "turn": (1000, 5000),
        "tool": (2100, 2150),
        "handoff": (2200, 2600),
        "response": (2600, 4000),
    }


def test_spans_hang_under_their_turn() -> None:
    spans = spans_of(a_call())
    assert [(span["id"], span["parent"]) for span in spans] == [(0, None), (1, 0), (2, 1), (3, 1), (4, 1)]


def test_the_gap_and_the_error_are_there_and_no_personal_data() -> None:
    spans = {span["kind"]: span for span in spans_of(a_call())}
    assert spans["handoff"]["attributes"]["gap_ms"] == 420
    assert (spans["tool"]["status"], spans["tool"]["attributes"]["error"]) == ("error", "tool_failed")
    assert "Ann" not in str(spans)


def test_a_handoff_shows_what_it_saved_and_what_undid_it_and_a_late_result_what_became_of_it() -> None:
    base = {"call_id": "call_1", "agent": "desk"}
    ends = {"from_agent": "desk", "to_agent": "nurse"}
    call = a_call()
    trimmed = ContextTrimmed(
        seq=8, t_ms=2200, policy="last(2)", items_deleted=3, items_rewritten=1, tokens_before=900, tokens_after=300,
        cached_tokens_lost=700, saved_usd=0.01, cache_lost_usd=0.02, net_usd=-0.01, priced_as="m", **ends, **base,
    )  # fmt: skip
    late = LateResult(
        seq=9, t_ms=2210, tool="lookup", tool_call_id="fc", from_agent="desk", policy="drop", output="{}", **base
    )
    undone = HandoffRolledBack(seq=10, t_ms=4500, reason="deadline", **ends, **base)
    spans = spans_of([*call[:5], trimmed, late, *call[5:], undone])
    done, failed = [span for span in spans if span["kind"] == "handoff"]
    assert (done["attributes"]["tokens_saved"], done["attributes"]["net_usd"]) == (600, -0.01)
    assert (failed["status"], failed["attributes"]["error"]) == ("error", "deadline")
    assert next(span for span in spans if span["kind"] == "tool")["attributes"]["late"] == "drop"


def test_that_the_caller_was_away_is_seen_where_the_lines_clock_stood_still() -> None:
    spans = spans_of([*a_call()[:-1], LineReturned(call_id="call_1", seq=90, t_ms=4_100, agent="nurse", away_ms=5_200)])
    away = next(span for span in spans if span["name"] == "line away")
    assert (away["start_ms"], away["end_ms"], away["attributes"]) == (4_100, 4_100, {"away_ms": 5_200})


def test_what_a_supervisor_does_lasts_until_the_fact_that_ends_it() -> None:
    base = {"call_id": "call_1", "agent": "desk"}
    more = [
        Whispered(seq=8, t_ms=2300, by="Ada", text="Ask for the date.", **base),
        WhisperAnswered(seq=9, t_ms=2900, whisper=8, response_id="r1", **base),
        SupervisorJoined(seq=10, t_ms=3000, by="Ada", **base),
        SupervisorLeft(seq=11, t_ms=3600, by="Ada", reason="given_back", lasted_ms=600, **base),
    ]
    spans = {span["kind"]: span for span in spans_of([*a_call()[:-1], *more, a_call()[-1]])}
    assert (spans["whisper"]["end_ms"], spans["whisper"]["attributes"]["answered"]) == (2900, True)
    assert (spans["supervisor"]["end_ms"], spans["supervisor"]["attributes"]["reason"]) == (3600, "given_back")


def test_a_call_that_never_began_has_one_span() -> None:
    assert [span["kind"] for span in spans_of([])] == ["call"]


def test_a_whisper_lasts_until_the_agent_has_spoken_with_it() -> None:
    base = {"call_id": "call_1", "agent": "desk"}
    told = Whispered(seq=10, t_ms=2000, by="Ada", text="Ann is right", **base)
    answered = WhisperAnswered(seq=11, t_ms=3000, whisper=10, response_id="r1", **base)
    spans = [span for span in spans_of([*a_call()[:2], told, answered]) if span["kind"] == "whisper"]
    assert [(span["start_ms"], span["end_ms"], span["attributes"]["answered"]) for span in spans] == [
        (2000, 3000, True)
    ]
