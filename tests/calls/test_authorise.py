"""Rights are decided outside of the model, when a tool is to run."""

from dataclasses import replace
from typing import Any

import pytest

from huntgroup.calls.tools.authorise import Authority, authorise, behind
from huntgroup.domain import facts
from huntgroup.domain.claims import Claims
from huntgroup.domain.errors import ClaimMissing, NotAuthorised
from huntgroup.teams import ToolContext, consult, tool
from huntgroup.testing import scripted_events as make
from huntgroup.verticals.healthcare.tools.hours import get_office_hours
from tests.calls.scripted import ScriptedCall, tool_call
from tests.calls.teams import TEAM, desk, expert, look, verify, write

TRANSFER = "transfer_to_expert", '{"question": "why?"}'


def authority(**more: Any) -> Authority:
    given: dict[str, Any] = {
        "team": TEAM, "owner": "desk", "scope": ["look", "write", "get_office_hours", "mine"], "claims": Claims(),
        "tenant": "default",
    }  # fmt: skip
    return Authority(**{**given, **more})


@tool(effect="read", tenants=("acme",))
async def mine(ctx: ToolContext) -> str:
    """Only for one business."""
    return "mine"


@pytest.mark.parametrize(
    ("agent", "used", "holds", "code"),
    [
        ("expert", verify, {}, "out_of_scope"),
        ("expert", look, {"team": replace(TEAM, consults=[])}, "not_owner"),
        ("desk", verify, {}, "out_of_scope"),
        ("desk", get_office_hours, {}, "wrong_team"),
        ("desk", mine, {}, "wrong_tenant"),
        ("desk", look, {"team": replace(TEAM, tenants=("acme",))}, "wrong_tenant"),
    ],
)
def test_what_may_not_run(agent: str, used: Any, holds: dict[str, Any], code: str) -> None:
    with pytest.raises(NotAuthorised) as refused:
        authorise(agent, used, authority(**holds))
    assert refused.value.code == code


def test_what_may_run() -> None:
    authorise("desk", look, authority())
    authorise("expert", look, authority())
    authorise("desk", mine, authority(tenant="acme"))
    authorise("desk", get_office_hours, authority(team=replace(TEAM, name="healthcare")))


def test_claims_are_looked_at_when_the_tool_runs() -> None:
    claims = Claims()
    with pytest.raises(ClaimMissing):
        authorise("desk", write, authority(claims=claims))
    claims.grant("verified", "p1")
    authorise("desk", write, authority(claims=claims))


def test_whoever_is_asked_by_one_who_is_asked_works_behind_the_line() -> None:
    third = replace(expert, name="third")
    chain = [*TEAM.consults, consult(frm="expert", to="third", description="Ask."), consult(
        frm="third", to="desk", description="Ask back.")]  # fmt: skip
    assert behind(replace(TEAM, agents=[desk, expert, third], consults=chain), "desk") >= {"expert", "third"}
    assert behind(TEAM, "expert") == frozenset()


async def test_a_tool_of_the_agent_before_is_refused_and_recorded() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        await call.use("verify")
        called, answered = call.of(facts.ToolCalled)[-1], call.of(facts.ToolAnswered)[-1]
        assert (called.agent, called.tool) == ("expert", "verify")
        assert (answered.ok, answered.error) == (False, "out_of_scope")
        assert not call.session.context.claims.has("verified")


async def test_a_call_that_changed_hands_takes_the_right_with_it() -> None:
    """A tool that waited for an approval would run after the transfer of the same reply was made."""
    waits = replace(desk, tools=[_approved])
    async with ScriptedCall(replace(TEAM, agents=[waits, expert])) as call:
        await call.says("Why?")
        await call.push(*call.reply(tool_call("_approved"), tool_call(*TRANSFER)))
        await call.answer("Because.")
        await call.answer("Press 1, please.")
        await call.pass_ms(600)
        call.line.press("1")
        await call.pass_ms(100)
        answers = {answer.tool: answer.error for answer in call.of(facts.ToolAnswered)}
        assert answers == {"transfer_to_expert": None, "_approved": "not_owner"}


async def test_a_tool_of_another_vertical_is_refused_and_recorded() -> None:
    async with ScriptedCall(replace(TEAM, agents=[replace(desk, tools=[get_office_hours]), expert])) as call:
        await call.says("When?")
        await call.use("get_office_hours")
        assert call.of(facts.ToolAnswered)[0].error == "wrong_team"
        await call.push(*make.agent_calls(("schedule_appointment", "{}", "fc_x"), metadata=call._about(call.asks[-1])))
        assert call.of(facts.ToolAnswered)[1].error == "unknown_tool"


async def test_a_tool_of_another_tenant_is_refused_and_recorded() -> None:
    async with ScriptedCall(replace(TEAM, agents=[replace(desk, tools=[mine]), expert])) as call:
        assert call.session.context.tenant == "default"
        await call.says("What is mine?")
        await call.use("mine")
        assert call.of(facts.ToolAnswered)[0].error == "wrong_tenant"


@tool(effect="write", needs_approval=True)
async def _approved(ctx: ToolContext) -> str:
    """Wait for the caller's key."""
    raise AssertionError("ran")
