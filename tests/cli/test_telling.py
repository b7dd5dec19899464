"""The teller prints what a listener wants to know, and markup in what was said stays text."""

import io

from rich.console import Console

from huntgroup.cli.telling import Teller, tell_analytics, tell_rows, tell_trace
from huntgroup.domain import facts as f
from huntgroup.domain.analytics import Analytics


def told(*facts: f.Fact) -> str:
    out = io.StringIO()
    teller = Teller(Console(file=out, width=200, highlight=False))
    for fact in facts:
        teller.fact(fact)
    return out.getvalue()


BASE = {"call_id": "c", "seq": 0, "t_ms": 12_300, "agent": "front_desk"}


def test_who_speaks_and_when() -> None:
    line = told(f.CallerSpoke(turn=1, item_id="i", text="I need [b]help[/b]", start_ms=12_300, end_ms=12_900, **BASE))
    assert "12.3 s" in line
    assert "caller" in line
    assert "[b]help[/b]" in line


def test_a_tool_is_told_with_arguments_time_and_its_sentence() -> None:
    called = f.ToolCalled(
        turn=1, tool="get_hours", tool_call_id="t", arguments={"day": "monday"}, effect="read", **BASE
    )
    answered = f.ToolAnswered(
        tool="get_hours", tool_call_id="t", output='{"ok": true, "message": "Open at nine."}', ok=True, error=None,
        duration_ms=17, **BASE,
    )  # fmt: skip
    line = told(called, answered)
    assert "get_hours(day=monday)" in line
    assert "17 ms" in line
    assert "Open at nine." in line


def test_the_handoff_is_told_with_its_gap() -> None:
    heard = f.HandoffHeard(from_agent="front_desk", to_agent="clinical", gap_ms=420, **BASE)
    assert "clinical heard, gap 420 ms" in told(heard)


def test_what_a_listener_does_not_care_for_is_left_out() -> None:
    usage = f.UsageReported(
        response_id="r", input_tokens=1, output_tokens=1, cached_tokens=0, input_audio_tokens=0,
        output_audio_tokens=0, **BASE,
    )  # fmt: skip
    assert told(usage) == ""


def test_the_record_is_summed_up() -> None:
    out = io.StringIO()
    console = Console(file=out, width=200, highlight=False)
    analytics = Analytics(
        sentiment_score=0.4, sentiment_label="positive", lead_score=80, lead_class="hot", intent="book", topics=["x"],
        satisfaction=4, escalated=True, escalation_reason="danger sign", summary="One. Two.", resolution="resolved",
        metrics={}, method="rules", computed_at="",
    )  # fmt: skip
    tell_analytics(console, analytics)
    tell_analytics(console, None)
    tell_rows(console, [{"table": "clinic.appointments", "row": {"id": 7, "note": None}}])
    tell_trace(console, [{"kind": "tool", "start_ms": 10, "end_ms": 30}])
    text = out.getvalue()
    for expected in ("+0.40 positive", "lead 80 hot", "danger sign", "No analytics", "appointments: id=7", "tool"):
        assert expected in text
