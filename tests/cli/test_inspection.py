"""`huntgroup check` names what is wrong with a team."""

from types import ModuleType

import pytest
from agents import function_tool
from agents.realtime import RealtimeAgent

from huntgroup.cli.inspection import inspect_target, inspect_vertical
from huntgroup.teams import Team, VoiceAgent, handoff, tool


@tool(effect="read")
async def no_examples(day: str) -> dict[str, object]:
    """Tell the hours.

    Args:
        day: The day.
    """
    return {"ok": True}


@tool(effect="read")
async def undescribed(day: str) -> dict[str, object]:
    """Tell the hours.

    Examples:
        when are you open
    """
    return {"ok": True}


@function_tool
async def stock_tool(day: str) -> str:
    """Tell the hours.

    Args:
        day: The day.
    """
    return ""


def problems_of(team: object, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    module = ModuleType("team_under_test")
    module.__dict__["TEAM"] = team
    monkeypatch.setitem(__import__("sys").modules, "team_under_test", module)
    return inspect_target("team_under_test:TEAM")


def test_a_good_stock_agent_has_no_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    agent = RealtimeAgent(name="desk", instructions="Be brief.", tools=[stock_tool])
    assert problems_of(agent, monkeypatch) == []


def test_tools_that_a_model_cannot_use_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    agent = VoiceAgent(name="desk", instructions="Be brief.", tools=[no_examples, undescribed])
    found = problems_of(Team(name="t", first="desk", agents=[agent]), monkeypatch)
    assert "tool no_examples" in found[0]
    assert "Examples" in found[0]
    assert "argument day" in found[1]


def test_agents_that_nobody_reaches_and_edges_without_words_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agents = [VoiceAgent(name=name, instructions="x") for name in ("desk", "nurse", "lost")]
    edges = [handoff(frm="desk", to="nurse", description=" ")]
    found = problems_of(Team(name="t", first="desk", agents=agents, edges=edges), monkeypatch)
    assert any("agent lost" in problem for problem in found)
    assert any("handoff desk to nurse: no description" in problem for problem in found)


@pytest.mark.parametrize("target", ["nowhere.at.all:TEAM", "huntgroup.settings:Settings", "huntgroup.settings"])
def test_what_is_no_team_is_one_line(target: str) -> None:
    assert len(inspect_target(target)) == 1


def test_an_unknown_vertical_is_told_which_there_are() -> None:
    assert "healthcare" in inspect_vertical("no_such_line")[0]
