"""The rules: the same facts give the same figures, and each figure follows from facts."""

from collections.abc import Sequence

import pytest

from huntgroup.analytics.metrics import percentile
from huntgroup.analytics.ports import AnalyticsFailed
from huntgroup.analytics.rules import RulesAnalyst, by_rules
from huntgroup.analytics.sentiment import sentiment
from huntgroup.analytics.view import view_of
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import EmergencyDeclared, Fact, HumanRequested
from tests.analytics.facts import CallBuilder


def judged(facts: Sequence[Fact]) -> Analytics:
    return by_rules(view_of(facts), "2026-11-22T12:00:00+00:00")


def booking() -> CallBuilder:
    return (
        CallBuilder(caller="+15550100")
        .says("Good morning, how can I help?")
        .caller("I would like to book an appointment")
        .tool("lookup_patient", claim="verified_patient")
        .tool("find_next_available")
        .says("Tuesday at three?")
        .caller("Great, that works perfectly")
        .tool("schedule_appointment", "write")
        .says("You are booked.")
    )


def test_a_booking_is_a_resolved_hot_lead() -> None:
    found = judged(booking().caller("Thank you so much, goodbye").ends())
    assert (found.resolution, found.lead_class, found.sentiment_label) == ("resolved", "hot", "positive")
    assert (found.intent, found.satisfaction, found.method) == ("schedule an appointment", 5, "rules")


def test_topics_are_things_and_not_identity() -> None:
    call = booking().tool("get_patient_insurance").tool("get_office_hours").tool("get_patient_insurance")
    call.tool("transfer_to_nurse", "terminal")
    assert judged(call.ends()).topics == ["patient insurance", "appointment", "office hours"]


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([("schedule_appointment", False), ("schedule_appointment", True)], "resolved"),
        ([("schedule_appointment", True), ("request_refill", False)], "partially"),
        ([("schedule_appointment", False)], "unresolved"),
    ],
)
def test_the_last_try_of_each_write_decides(tries: list[tuple[str, bool]], expected: str) -> None:
    call = CallBuilder().caller("Please book me")
    for tool, ok in tries:
        call.tool(tool, "write", ok=ok)
    assert judged(call.ends()).resolution == expected


def test_a_tool_that_broke_is_not_a_success() -> None:
    assert judged(CallBuilder().caller("Hi").tool("book_it", "write", error="tool_timed_out").ends()).resolution == (
        "unresolved"
    )


def test_a_question_answered_is_resolved() -> None:
    found = judged(CallBuilder().caller("When are you open?").tool("get_office_hours").says("At nine.").ends())
    assert (found.resolution, found.intent) == ("resolved", "ask about office hours")


def test_identity_alone_resolves_nothing() -> None:
    call = CallBuilder().caller("It's Ann Lee").tool("lookup_patient", claim="verified_patient").caller("Bye")
    assert judged(call.ends()).resolution == "unresolved"


@pytest.mark.parametrize("reason", ["silence", "caller_hung_up", "line_lost"])
def test_going_away_without_a_word_is_abandoned(reason: str) -> None:
    found = judged(CallBuilder().says("Hello?").ends(reason))
    assert (found.resolution, found.lead_class) == ("abandoned", "cold")


def test_an_emergency_comes_before_everything() -> None:
    found = judged(booking().note(EmergencyDeclared, sign="chest pain").ends())
    assert (found.resolution, found.escalated, found.escalation_reason) == (
        "escalated",
        True,
        "danger sign: chest pain",
    )
    assert found.topics[0] == "emergency"


def test_asking_for_a_person_escalates() -> None:
    found = judged(CallBuilder().caller("A human please").note(HumanRequested, reason="billing").ends())
    assert (found.escalated, found.intent) == (True, "speak to a person")


def test_no_emergency_no_escalation() -> None:
    assert (judged(booking().ends()).escalated, judged(booking().ends()).escalation_reason) == (False, None)


def test_the_end_of_the_call_weighs_more() -> None:
    praise, anger = "This is wonderful, thank you", "This is terrible and useless"
    assert sentiment([anger, praise])[0] > sentiment([praise, anger])[0]


def test_dates_and_names_do_not_dilute_feeling() -> None:
    assert sentiment(["I am very happy"])[0] == sentiment(["March 3rd", "Lee", "I am very happy"])[0]


def test_an_angry_caller_is_negative_and_dissatisfied() -> None:
    call = CallBuilder().caller("This is terrible").tool("book_it", "write", ok=False).caller("I hate this, awful")
    found = judged(call.ends())
    assert found.sentiment_label == "negative"
    assert found.satisfaction == 1


def test_the_summary_is_two_sentences_over_all_agents() -> None:
    found = judged(booking().handoff("nurse").says("Hello from the nurse").ends())
    assert found.summary.count(". ") == 1
    assert "desk and nurse" in found.summary


def test_metrics_come_from_the_lines_clock() -> None:
    found = judged(booking().handoff("nurse", gap_ms=420).says("Hi", interrupted=True).ends()).metrics
    assert (found["first_sound_ms"], found["answer_wait_p50_ms"]) == (500, 500)
    assert (found["handoff_gaps_ms"], found["interruptions"], found["tools"]) == ([420], 1, 3)
    assert found["caller_talk_ms"] == 1_600


def test_an_empty_call_has_figures_without_dividing_by_zero() -> None:
    assert judged(CallBuilder().ends("line_lost")).metrics["caller_talk_ratio"] is None


@pytest.mark.parametrize(("percent", "expected"), [(50, 2), (95, 4), (100, 4)])
def test_percentiles_are_nearest_rank(percent: int, expected: int) -> None:
    assert percentile([4, 1, 3, 2], percent) == expected


async def test_nothing_to_analyse_is_a_named_error() -> None:
    with pytest.raises(AnalyticsFailed, match="no_facts"):
        await RulesAnalyst(SystemClock()).analyse([])
