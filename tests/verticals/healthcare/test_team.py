"""The team as a model sees it: every tool explains itself, and no argument names an identity."""

import pytest
from agents import RunContextWrapper

from huntgroup.storage.base import Database
from huntgroup.teams import CallContext, VoiceAgent, VoiceTool
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.verticals.healthcare.team import TEAM, clinical, front_desk

from .conftest import NOW

FOURTEEN = {
    "lookup_patient",
    "lookup_patient_by_phone",
    "create_new_patient",
    "get_patient_insurance",
    "get_patient_appointments",
    "get_available_slots",
    "find_next_available",
    "schedule_appointment",
    "cancel_appointment",
    "reschedule_appointment",
    "get_providers",
    "get_provider_info",
    "get_services",
    "get_office_hours",
}
TOOLS = [tool for agent in TEAM.agents for tool in agent.tools if isinstance(tool, VoiceTool)]


def test_the_front_desk_has_its_fourteen_tools() -> None:
    assert {tool.name for tool in front_desk.tools} >= FOURTEEN


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tool_has_examples_and_described_arguments(tool: VoiceTool) -> None:
    examples = tool.description.split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert 7 <= len(examples) <= 11
    assert all(spec.get("description") for spec in tool.params_json_schema["properties"].values())


def test_identity_is_never_an_argument() -> None:
    names = {name for tool in TOOLS for name in tool.params_json_schema["properties"]}
    assert not names & {"patient_id", "patient", "mrn"}


def test_what_needs_a_verified_patient_says_so() -> None:
    needing = {tool.name for tool in TOOLS if tool.requires}
    assert needing == {
        "get_patient_insurance",
        "get_patient_appointments",
        "schedule_appointment",
        "cancel_appointment",
        "reschedule_appointment",
        "get_medication_history",
        "get_allergies",
        "request_refill",
        "send_nurse_message",
    }


@pytest.mark.parametrize("agent", [front_desk, clinical], ids=lambda agent: agent.name)
async def test_prompts_tell_the_practices_time(agent: VoiceAgent) -> None:
    context = CallContext(call_id="c", clock=VirtualClock(NOW), resources={Database: None})
    prompt = await agent.get_system_prompt(RunContextWrapper(context))
    assert prompt is not None
    assert "Today is Sunday, November 22, 2026, 2:05 PM." in prompt


def test_both_edges_are_typed() -> None:
    edge = TEAM.edges_from("front_desk")[0]
    assert edge.parameters()["required"] == ["question"]
    assert edge.returns is not None
    assert edge.returns.model_validate({}).disposition == "answered"  # type: ignore[attr-defined]
