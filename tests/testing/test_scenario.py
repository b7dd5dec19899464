"""Calls as data: days are counted, mistakes are named, and a verdict can fail."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from huntgroup.domain.errors import TeamError
from huntgroup.domain.facts import Fact, decode_fact
from huntgroup.testing.scenario import Expect, ExpectedRow, Scenario, load_scenario
from huntgroup.testing.verdict import unmet

SUNDAY = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)


def with_line(say: str) -> Scenario:
    return Scenario.model_validate({"name": "one", "team": "t", "steps": [{"say": say}], "expect": {}})


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        ("${today}", "2026-11-22"),
        ("${today+3}", "2026-11-25"),
        ("${tuesday}", "2026-11-24"),
        ("${sunday}", "2026-11-29"),
        ("${workday+4}", "2026-11-30"),
        ("on ${say workday+5}, please", "on Tuesday, December 1st, please"),
        ("${call_id}", "${call_id}"),
    ],
)
def test_days_are_filled_in(written: str, filled: str) -> None:
    closed = {date(2026, 11, 26), date(2026, 11, 27)}
    assert with_line(written).at(SUNDAY, closed).lines() == [filled]


def test_an_unknown_day_is_named() -> None:
    with pytest.raises(TeamError, match="someday"):
        with_line("${someday}").at(SUNDAY)


@pytest.mark.parametrize(
    "step", ["{}", "{say: a, wait_ms: 5}", "{sing: a}", "{press: x}", "{barge_in: {after_ms: -1, say: a}}"]
)
def test_a_wrong_step_is_refused_with_the_file(tmp_path: Path, step: str) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(f"name: one\nteam: t\nsteps: [{step}]\nexpect: {{}}\n")
    with pytest.raises(TeamError, match=r"one\.yaml"):
        load_scenario(path)


def test_rows() -> None:
    assert ExpectedRow(sql="s", equals=1).unmet(1) is None
    assert ExpectedRow(sql="s", at_least=2).unmet(1) == "s: 1 instead of at least 2"


SAID = {"generated_ms": 2, "heard_ms": 1, "start_ms": 0, "end_ms": 1, "interrupted": True}
FACTS = [
    {"type": "CallStarted", "team": "t", "line": "l", "caller": None, "callee": None, "model": "m", "started_at": ""},
    {"type": "ToolCalled", "turn": 1, "tool": "book", "tool_call_id": "x", "effect": "write"}
    | {"arguments": {"who": "Dr. Chen"}},
    {"type": "ToolAnswered", "tool": "book", "tool_call_id": "x", "output": '{"ok": false}', "ok": True}
    | {"error": None, "duration_ms": 1},
    {"type": "HandoffCommitted", "from": "a", "to": "b", "tool_call_id": None, "brief": {}, "opener": "silent"}
    | {"voice": "keep", "apply_ms": 1},
    {"type": "AgentSpoke", "turn": 1, "response_id": "r", "item_id": "i"}
    | {"text": "Hello there", "heard_text": "Hello"}
    | SAID,
    {"type": "CallEnded", "reason": "goodbye", "duration_ms": 5},
]


def a_call() -> list[Fact]:
    plain = [{"call_id": "c", "seq": seq, "t_ms": seq, "agent": "a"} | fact for seq, fact in enumerate(FACTS)]
    return [decode_fact(json.dumps(fact).encode()) for fact in plain]


def test_a_call_that_keeps_everything() -> None:
    expect = Expect.model_validate(
        {
            "agents": ["a", "b"],
            "tools": [{"tool": "book", "arguments": {"who": "chen"}, "ok": False}],
            "not_tools": ["book"],
            "facts": ["HandoffCommitted"],
            "not_facts": ["Interrupted"],
            "heard": ["hello"],
            "not_heard": ["there"],
            "ended_by": "good.*",
        }
    )
    assert unmet(expect, a_call(), first_agent="a") == []


@pytest.mark.parametrize(
    "expect",
    [
        {"agents": ["a"]},
        {"tools": [{"tool": "book"}]},
        {"tools": [{"tool": "book", "ok": False}, {"tool": "book", "ok": False}]},
        {"facts": ["Interrupted"]},
        {"not_facts": ["CallEnded"]},
        {"heard": ["there"]},
        {"not_heard": ["hello"]},
        {"ended_by": "silence"},
    ],
)
def test_each_broken_promise_is_one_line(expect: dict[str, object]) -> None:
    assert len(unmet(Expect.model_validate(expect), a_call(), first_agent="a")) == 1
