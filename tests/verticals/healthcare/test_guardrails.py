"""What the clinic's own tools make its front desk say trips none of its guardrails; what it must not say does."""

from collections.abc import Iterator
from typing import Any

import pytest
from agents import RunContextWrapper, ToolOutputGuardrailData

from huntgroup.engine.understanding.embedding import MiniLM, find_minilm
from huntgroup.teams import ToolContext, VoiceTool
from huntgroup.teams.guardrails.meaning import Meaning
from huntgroup.verticals.healthcare.team import TEAM, clinical, front_desk

from .conftest import Caller

DAY = {"provider": "Dr. Chen", "date": "2026-12-01"}
SAID: list[tuple[str, dict[str, Any]]] = [
    ("lookup_patient", {"first_name": "Maria", "last_name": "Lopez", "date_of_birth": "1985-04-12"}),
    ("lookup_patient_by_phone", {"phone": "585 555 0142"}),
    ("get_patient_appointments", {}),
    ("get_patient_insurance", {}),
    ("get_available_slots", DAY),
    ("find_next_available", {}),
    ("schedule_appointment", {**DAY, "time": "14:00", "appointment_type": "follow_up", "reason": "diabetes"}),
    ("get_providers", {}),
    ("get_provider_info", {"provider": "Dr. Chen"}),
    ("get_services", {}),
    ("get_services", {"category": "lab"}),
    ("get_office_hours", {}),
    ("report_emergency", {"sign": "chest pain"}),
    ("request_human", {"topic": "a bill"}),
    ("get_medication_history", {}),
    ("get_allergies", {}),
    ("assess_symptoms", {"symptoms": "a fever and a cough", "duration_days": 3}),
    ("request_refill", {"medication": "lisinopril"}),
    ("send_nurse_message", {"message": "My dressing came off."}),
]


def the_tool(name: str) -> VoiceTool:
    return next(
        t for agent in (front_desk, clinical) for t in agent.tools if t.name == name and isinstance(t, VoiceTool)
    )


@pytest.fixture(scope="module", autouse=True)
def meaning() -> Iterator[Meaning | None]:
    """Give the desk's guardrails what a house with the sentence encoder gives them; None where it is not installed."""
    model = find_minilm()
    found = Meaning(MiniLM(model).encode) if model is not None else None
    yield found
    if found is not None:
        found.close()


@pytest.fixture(autouse=True)
def knows_meaning(caller: Caller, maria: Caller, meaning: Meaning | None) -> None:
    for call in (caller, maria) if meaning is not None else ():
        call.context.resources = {**call.context.resources, Meaning: meaning}


async def trips(words: str, call: Caller) -> list[str]:
    context = RunContextWrapper(call.context)
    guardrails = front_desk.output_guardrails
    return [g.get_name() for g in guardrails if (await g.run(context, front_desk, words)).output.tripwire_triggered]


@pytest.mark.parametrize(("name", "arguments"), SAID, ids=lambda value: value if isinstance(value, str) else "")
async def test_the_front_desk_may_say_what_its_tools_answer(
    maria: Caller, name: str, arguments: dict[str, Any]
) -> None:
    maria.context.caller = "+15855550142"
    tool = the_tool(name)
    answer = await maria.use(tool, **arguments)
    assert await trips(answer["message"], maria) == []
    context = ToolContext(maria.context, tool_name=name, tool_call_id="1", tool_arguments="{}")
    for guardrail in tool.tool_output_guardrails or []:
        data = ToolOutputGuardrailData(context=context, agent=front_desk, output=answer)  # type: ignore[arg-type]
        assert (await guardrail.run(data)).behavior["type"] == "allow"


async def test_no_scripted_line_of_the_team_trips(caller: Caller) -> None:
    silence = TEAM.silence
    for words in (front_desk.opener or "", front_desk.filler, silence.reprompt, silence.narrow, silence.goodbye):
        assert await trips(words, caller) == []


async def test_the_front_desk_leaves_doses_to_others(caller: Caller) -> None:
    assert await trips("You should take two tablets every six hours.", caller) == ["no_clinical_advice"]


async def test_the_front_desk_gives_no_advice_in_words_that_no_rule_knows(caller: Caller) -> None:
    if Meaning not in caller.context.resources:
        pytest.skip("the sentence encoder is not installed")
    assert await trips("You can leave the rest of the packet, that's what everyone does once it clears.", caller) == [
        "no_clinical_advice"
    ]


async def test_a_number_is_told_to_whom_it_belongs(caller: Caller, maria: Caller) -> None:
    words = "The number on file is 585-555-0117."
    assert await trips(words, caller) == ["no_personal_data"]
    assert await trips(words, maria) == []
    assert await trips("Your member number is X Y H 8 8 4 5 1 2.", maria) == ["no_personal_data"]
