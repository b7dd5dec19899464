"""A whole call of the clinic, stored and held again: equal with the same code and prompts, else the first change."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from huntgroup.domain import facts as f
from huntgroup.engine.understanding import Understanding
from huntgroup.replaying import ModelKind, hold_again, usual_model
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.teams import Team
from huntgroup.verticals.healthcare.team import TEAM

from .conftest import value
from .test_scenarios import FILES, scenario_at
from .text_call import TextCall


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding()


@pytest.fixture
async def recorded(understanding: Understanding, clinic: Database) -> list[f.Fact]:
    """A verified patient books, is cut in by himself, asks about her medication, and says goodbye."""
    async with TextCall(understanding, clinic) as call:
        await call.say("Hi, I'm Maria Lopez, born April 12th, 1985. I'd like to book a follow-up with Doctor Chen.")
        await call.interrupt("On December 1st at 2 PM, because of my blood pressure.")
        await call.pass_ms(1_500)
        await call.say("Yes, please.")
        await call.say("I also have a question about my medication. How many refills do I have left?")
        await call.say("Thank you, that answers my question.")
        await call.say("That's all. Goodbye.")
    store = PgCallStore(clinic)
    await store.append(call.facts)
    return await store.facts(call.session.call_id)


MODELS: tuple[ModelKind, ...] = ("recorded", "offline")


@pytest.mark.parametrize("model", MODELS)
async def test_a_fresh_call_held_again_is_equal_and_so_is_the_second_time(
    recorded: list[f.Fact], understanding: Understanding, model: ModelKind
) -> None:
    first = await hold_again(recorded, TEAM, model, understanding)
    second = await hold_again(recorded, TEAM, model, understanding)
    assert first.difference is None
    assert list(first.came) == list(second.came) == list(first.expected)
    said = {step.what for step in first.came if step.kind in ("HandoffCommitted", "ToolCalled", "AgentSpoke")}
    assert len(said) >= 12
    assert any("voice switch" in what for what in said)
    assert any(what.startswith("A follow up") and what.endswith("—") for what in said)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_every_scenario_held_again_is_equal(path: Path, understanding: Understanding, clinic: Database) -> None:
    scenario = scenario_at(path)
    async with TextCall(understanding, clinic, scenario.caller_id) as call:
        await call.play(scenario)
    for model in MODELS:
        replayed = await hold_again(call.facts, TEAM, model, understanding)
        assert replayed.difference is None


async def test_nothing_is_written_again(recorded: list[f.Fact], understanding: Understanding, clinic: Database) -> None:
    query = "select count(*) from healthcare_voice.appointments"
    before = await value(clinic, query)
    await hold_again(recorded, TEAM, "offline", understanding)
    assert await value(clinic, query) == before


def test_the_engine_thinks_anew_about_its_own_calls(recorded: list[f.Fact]) -> None:
    assert usual_model(recorded) == "offline"
    started = msgspec.structs.replace(recorded[0], model="openai/gpt-realtime-2.1")
    assert usual_model([started, *recorded[1:]]) == "recorded"


async def test_a_changed_claim_rule_is_the_first_difference(
    recorded: list[f.Fact], understanding: Understanding
) -> None:
    team = with_tool(TEAM, "get_medication_history", requires=("verified_patient", "consented"))
    for model in MODELS:
        difference = (await hold_again(recorded, team, model, understanding)).difference
        assert difference is not None
        assert difference.came is not None
        assert (difference.turn, difference.agent, difference.came.kind) == (4, "clinical", "ToolAnswered")
        assert "claim_missing" in difference.came.what
        assert difference.before[-1].what == "get_medication_history {}"


async def test_a_changed_description_of_a_tool_is_seen_by_the_mind_alone(
    recorded: list[f.Fact], understanding: Understanding
) -> None:
    description = "Tell the weather of today.\n\nExamples:\n    will it rain today\n    how warm is it outside"
    team = with_tool(TEAM, "get_medication_history", description=description)
    assert (await hold_again(recorded, team, "recorded", understanding)).difference is None
    difference = (await hold_again(recorded, team, "offline", understanding)).difference
    assert difference is not None
    assert difference.expected is not None
    assert (difference.turn, difference.expected.what) == (4, "get_medication_history {}")


async def test_a_changed_prompt_is_the_first_difference(recorded: list[f.Fact], understanding: Understanding) -> None:
    first, *others = TEAM.agents
    opened = replace(TEAM, agents=[first.clone(opener="Lakeside Clinic, hello."), *others])
    difference = (await hold_again(recorded, opened, "recorded", understanding)).difference
    assert difference is not None
    assert difference.came is not None
    assert (difference.turn, difference.came.what) == (0, "Lakeside Clinic, hello.")


async def test_an_edge_that_is_gone_is_the_first_difference(
    recorded: list[f.Fact], understanding: Understanding
) -> None:
    difference = (await hold_again(recorded, replace(TEAM, edges=[]), "recorded", understanding)).difference
    assert difference is not None
    assert difference.came is not None
    assert (difference.turn, difference.came.kind) == (4, "ToolAnswered")
    assert "unknown_tool" in difference.came.what


def with_tool(team: Team, name: str, **changes: Any) -> Team:
    """Return the team with one tool changed, wherever an agent has it."""
    return replace(
        team,
        agents=[
            agent.clone(tools=[replace(tool, **changes) if tool.name == name else tool for tool in agent.tools])
            for agent in team.agents
        ],
    )
