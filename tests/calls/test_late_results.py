"""A tool that answers when its agent has the call no more."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from huntgroup.domain import facts
from huntgroup.domain.errors import TeamError
from huntgroup.teams import Late, Team, ToolContext, VoiceTool, handoff, tool
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, tool_call
from tests.calls.teams import TEAM, Question, desk, expert

TRANSFER = "transfer_to_expert", '{"question": "why?"}'
RESULT = {"ok": True, "question": "blue", "secret": "XK-4711"}


def gated(late: Late, opened: asyncio.Event) -> VoiceTool:
    @tool(effect="read", late=late)
    async def lookup(ctx: ToolContext) -> dict[str, object]:
        """Answer when told."""
        await opened.wait()
        return RESULT

    return lookup


def team_with(lookup: VoiceTool, policy: str = "full") -> Team:
    edge = handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, policy=policy)
    return replace(TEAM, agents=[replace(desk, tools=[lookup]), expert], edges=[edge])


async def late_result(late: Late, then: Callable[[ScriptedCall], object], *, policy: str = "full") -> ScriptedCall:
    """Play a call in which a tool of the desk answers once the expert has the call."""
    opened = asyncio.Event()
    async with ScriptedCall(team_with(gated(late, opened), policy)) as call:
        await call.says("Why?")
        await call.push(*call.reply(tool_call("lookup"), tool_call(*TRANSFER)))
        await call.answer("Because.")
        await call.pass_ms(400)
        opened.set()
        await call.pass_ms(40)
        then(call)
    return call


def outputs(call: ScriptedCall) -> dict[str, str]:
    made = [event.item for event in call.model.sent_of(rt.ConversationItemCreate)]
    names = {fact.tool_call_id: fact.tool for fact in call.of(facts.ToolCalled)}
    sent = [item for item in made if isinstance(item, rt.FunctionCallOutputItem)]
    assert len(sent) == len({item.call_id for item in sent})
    return {names[item.call_id]: item.output for item in sent}


def notes(call: ScriptedCall) -> list[str]:
    made = [event.item for event in call.model.sent_of(rt.ConversationItemCreate)]
    return [str(i.content[0].text) for i in made if isinstance(i, rt.MessageItem) and i.role == "system"]


async def test_delivered_it_is_the_calls_output_as_far_as_the_owner_sees_and_makes_nobody_speak() -> None:
    def check(call: ScriptedCall) -> None:
        assert json.loads(outputs(call)["lookup"]) == {"ok": True, "question": "blue"}
        assert call.reasons[2:] == ["handoff expert"]
        assert not notes(call)

    call = await late_result("deliver", check)
    late = call.of(facts.LateResult)[0]
    assert (late.agent, late.from_agent, late.policy) == ("expert", "desk", "deliver")
    assert json.loads(late.output) == RESULT


async def test_briefed_it_is_a_note_that_the_owner_may_speak_of() -> None:
    def check(call: ScriptedCall) -> None:
        assert json.loads(outputs(call)["lookup"])["status"] == "late"
        assert '"question": "blue"' in notes(call)[0]
        assert "XK-4711" not in notes(call)[0]
        assert call.reasons[2:] == ["handoff expert", "late expert"]

    await late_result("brief", check)


async def test_dropped_it_is_told_to_be_too_late_and_its_content_stays_out() -> None:
    def check(call: ScriptedCall) -> None:
        assert json.loads(outputs(call)["lookup"])["error"] == "too_late"
        assert not notes(call)
        assert call.reasons[2:] == ["handoff expert"]

    call = await late_result("drop", check)
    answers = {fact.tool: fact.error for fact in call.of(facts.ToolAnswered)}
    assert answers["lookup"] == "too_late"


@pytest.mark.parametrize(("late", "told"), [("deliver", 1), ("brief", 1), ("drop", 0)])
async def test_when_the_call_is_hidden_no_output_is_sent_for_it(late: Late, told: int) -> None:
    def check(call: ScriptedCall) -> None:
        assert "lookup" not in outputs(call)
        assert len(notes(call)) == told

    call = await late_result(late, check, policy="facts_only")
    assert len(call.of(facts.ToolAnswered)) == len(call.of(facts.ToolCalled))


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_result_within_the_swap_waits_for_the_verdict(accepted: bool) -> None:
    opened = asyncio.Event()
    async with ScriptedCall(team_with(gated("drop", opened))) as call:
        await call.says("Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call("lookup"), tool_call(*TRANSFER)))
        opened.set()
        await call.pass_ms(100)
        assert "lookup" not in outputs(call)
        await (call.accept() if accepted else call.refuse())
        assert ("too_late" in outputs(call)["lookup"]) is accepted
        assert len(call.of(facts.LateResult)) == accepted
        assert call.reasons[2:] == ["handoff expert"]


async def test_a_result_within_a_swap_that_the_end_of_the_call_cut_is_in_the_record() -> None:
    opened = asyncio.Event()
    async with ScriptedCall(team_with(gated("deliver", opened))) as call:
        await call.says("Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call("lookup"), tool_call(*TRANSFER)))
        opened.set()
        await call.pass_ms(100)
    answers = {fact.tool: fact.output for fact in call.of(facts.ToolAnswered)}
    assert json.loads(answers["lookup"]) == RESULT


def test_a_rule_that_does_not_exist_is_named() -> None:
    with pytest.raises(TeamError, match="late is 'never'"):
        gated("never", asyncio.Event())  # type: ignore[arg-type]
