"""A person's yes or no before a tool runs: by key, by a supervisor, once, in time."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from agents import function_tool

from huntgroup.calls.state.approvals import Approvals, Outcome, PendingApproval
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.teams import Team, ToolContext, tool
from huntgroup.testing import scripted_events as make
from huntgroup.testing.virtual_clock import VirtualClock
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, desk, expert

done: list[str] = []


@tool(effect="write", needs_approval=True, approval_words="Press 1 to pay, 2 to leave it.")
async def pay(ctx: ToolContext) -> dict[str, object]:
    """Pay the bill."""
    done.append("pay")
    return {"ok": True}


@tool(effect="write", needs_approval=True, approver="supervisor", approval_deadline_ms=5_000)
async def refund(ctx: ToolContext) -> dict[str, object]:
    """Give the money back."""
    done.append("refund")
    return {"ok": True}


@tool(effect="write", needs_approval=True, approver="supervisor")
async def slow_refund(ctx: ToolContext) -> dict[str, object]:
    """Give the money back, which takes its time."""
    await ctx.context.clock.sleep_ms(4_000)
    return {"ok": True}


async def above_ten(context: Any, arguments: dict[str, Any], call_id: str) -> bool:
    return int(arguments["amount"]) > 10


@tool(effect="write", needs_approval=above_ten, approver="either")
async def tip(ctx: ToolContext, amount: int) -> dict[str, object]:
    """Leave a tip."""
    done.append("tip")
    return {"ok": True}


@tool(effect="write", needs_approval=True, requires=("verified",))
async def guarded_pay(ctx: ToolContext) -> dict[str, object]:
    """Pay once the caller is known."""
    return {"ok": True}


@function_tool(needs_approval=True)
async def wire_money() -> str:
    """A stock tool."""
    done.append("wire_money")
    return "done"


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def team() -> Team:
    return replace(TEAM, agents=[replace(desk, tools=[pay, refund, tip, guarded_pay, wire_money]), expert])


async def asking(call: ScriptedCall, name: str, arguments: str = "{}") -> str:
    await call.says("Do it.")
    await call.use(name, arguments)
    await call.answer("Press 1 to pay, 2 to leave it.")
    await call.pass_ms(60)
    return call.session.approvals[0].tool_call_id


async def test_a_key_before_the_question_confirms_nothing() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        await call.use("pay")
        call.line.press("1")
        await call.pass_ms(100)
        assert done == []
        assert len(call.session.approvals) == 1
        await call.push(*call.reply())
        assert call.reasons[2:] == ["approval desk", "approval desk"]


async def test_a_key_after_a_question_that_failed_once_confirms() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        await call.use("pay")
        await call.push(*call.reply(status="failed"))
        await call.pass_ms(300)
        await call.answer("Press 1 to pay, 2 to leave it.")
        await call.pass_ms(300)
        call.line.press("1")
        await call.pass_ms(100)
        assert done == ["pay"]


async def test_the_caller_confirms_by_key() -> None:
    async with ScriptedCall(team()) as call:
        await asking(call, "pay")
        assert call.reasons[2:] == ["approval desk"]
        assert "Press 1 to pay" in str(call.asks[-1].response.instructions)  # type: ignore[union-attr]
        await call.pass_ms(400)
        assert done == []
        call.line.press("1")
        await call.pass_ms(100)
        given = call.of(facts.ApprovalGiven)[0]
        assert (given.approved, given.by, given.how, given.after_ms) == (True, "caller", "key", 500)
        assert done == ["pay"]
        assert call.of(facts.ToolAnswered)[0].ok
        assert call.reasons[3:] == ["tool desk"]


async def test_a_key_confirms_only_what_was_asked_about() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do both.")
        await call.push(*call.reply(tool_call("pay"), tool_call("pay")))
        await call.pass_ms(40)
        await call.answer("Press 1 to pay, 2 to leave it.", 1_000)
        await call.pass_ms(500)
        call.line.press("11")
        await call.pass_ms(60)
        assert done == ["pay"]


async def test_a_key_counts_once_something_of_the_question_was_heard() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        await call.use("pay")
        await call.push(call.reply(speech("Press 1 to pay."))[0])
        for _ in range(3):
            call.line.press("1")
            await call.pass_ms(60)
        assert done == []
        assert call.session.approvals


async def test_the_caller_refuses_by_key() -> None:
    async with ScriptedCall(team()) as call:
        await asking(call, "pay")
        call.line.press("2")
        await call.pass_ms(100)
        assert done == []
        assert call.of(facts.ToolAnswered)[0].error == "approval_refused"


async def test_other_keys_are_the_callers_words_as_ever() -> None:
    async with ScriptedCall(team()) as call:
        await asking(call, "pay")
        call.line.press("7")
        await call.pass_ms(1_600)
        assert call.session.approvals
        assert call.reasons[-1] == "keys desk"


async def test_a_supervisor_approves_and_the_caller_cannot() -> None:
    async with ScriptedCall(team()) as call:
        waiting = await asking(call, "refund")
        call.line.press("1")
        await call.pass_ms(100)
        assert done == []
        assert call.session.approve(waiting, by="Ada") == "given"
        assert call.session.reject(waiting, by="Bob") == "answered"
        await call.pass_ms(100)
        assert done == ["refund"]
        assert [(given.by, given.how) for given in call.of(facts.ApprovalGiven)] == [("Ada", "supervisor")]
        assert call.session.approve(waiting, by="Ada") == "answered"
        assert len(call.of(facts.ToolAnswered)) == 1


@pytest.mark.parametrize(("name", "outcome"), [("pay", "not_theirs"), ("wire_money", "given"), ("tip", "given")])
async def test_what_a_supervisor_may_give(name: str, outcome: Outcome) -> None:
    async with ScriptedCall(team()) as call:
        waiting = await asking(call, name, '{"amount": 20}' if name == "tip" else "{}")
        assert call.session.approve("unheard_of", by="Ada") == "unknown"
        assert call.session.approve(waiting, by="Ada") == outcome
        await call.pass_ms(100)
        assert done == ([name] if outcome == "given" else [])


async def test_nobody_answers_in_time() -> None:
    async with ScriptedCall(team()) as call:
        await asking(call, "refund")
        await call.pass_ms(5_100)
        assert call.of(facts.ToolAnswered)[0].error == "approval_timed_out"
        assert call.of(facts.ApprovalGiven)[0].how == "deadline"
        assert done == []


async def test_a_policy_decides_by_the_arguments() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Five for you.")
        await call.use("tip", '{"amount": 5}')
        assert done == ["tip"]
        assert not call.of(facts.ApprovalAsked)


async def test_a_policy_that_cannot_tell_needs_an_approval() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Some for you.")
        await call.use("tip", '{"amount": "some"}')
        assert [asked.approver for asked in call.of(facts.ApprovalAsked)] == ["either"]


async def test_nobody_is_asked_about_what_may_not_be_done() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Pay.")
        await call.use("guarded_pay")
        assert call.of(facts.ToolAnswered)[0].error == "claim_missing"
        assert not call.of(facts.ApprovalAsked)


async def test_an_approval_is_for_one_call_of_one_tool() -> None:
    async with ScriptedCall(team()) as call:
        waiting = await asking(call, "refund")
        call.session.approve(waiting, by="Ada")
        await call.pass_ms(100)
        await call.use("refund")
        assert done == ["refund"]
        assert len(call.session.approvals) == 1


async def test_an_id_is_asked_about_once() -> None:
    slips = Approvals()
    first = PendingApproval(
        tool_call_id="fc",
        tool="pay",
        agent="desk",
        arguments={},
        approver="either",
        words="",
        asked_ms=0,
        deadline_ms=900,
    )
    clock = VirtualClock()
    asked = asyncio.create_task(slips.ask("first", first, clock))
    await clock.settle()
    assert (await slips.ask("second", first, clock)).how == "duplicate"
    assert slips.decide("fc", approved=True, by="Ada") == "given"
    assert (await asked).approved
    assert (await slips.ask("third", first, clock)).how == "duplicate"
    assert (slips.decision("first"), slips.decision("second")) == (True, False)


async def test_the_end_of_the_call_answers_what_waits() -> None:
    async with ScriptedCall(team()) as call:
        await asking(call, "pay")
    assert call.of(facts.ApprovalGiven)[0].how == "call_ended"
    assert json.loads(call.of(facts.ToolAnswered)[0].output)["ok"] is False
    assert done == []


async def test_a_question_that_is_decided_before_it_could_be_put_is_not_put_any_more() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        *reply, done_event = call.reply(tool_call("refund"))
        await call.push(*reply)
        await call.pass_ms(40)
        assert call.session.approve(call.session.approvals[0].tool_call_id, by="Ada") == "given"
        await call.pass_ms(20)
        await call.push(done_event)
        await call.pass_ms(100)
        assert done == ["refund"]
        assert call.reasons[2:] == ["tool desk"]


async def approve(call: ScriptedCall) -> None:
    assert call.session.approve(call.session.approvals[0].tool_call_id, by="Ann") == "given"
    await call.pass_ms(40)


async def refused_question(call: ScriptedCall) -> None:
    await call.push(make.error("server_error", call.asks[-1].event_id))


async def test_a_question_that_was_refused_is_not_put_once_the_approval_is_given() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        await call.use("refund")
        await refused_question(call)
        await call.pass_ms(40)
        await approve(call)
        await call.pass_ms(400)
        assert call.reasons[1:] == ["turn desk", "approval desk", "tool desk"]


async def test_a_question_that_is_refused_after_the_approval_was_given_is_not_put_again() -> None:
    async with ScriptedCall(team()) as call:
        await call.says("Do it.")
        await call.use("refund")
        await approve(call)
        await refused_question(call)
        await call.pass_ms(400)
        assert call.reasons[1:] == ["turn desk", "approval desk", "tool desk"]


async def test_a_question_that_was_lost_with_the_session_is_not_put_once_the_approval_is_given() -> None:
    async with ScriptedCall(replace(TEAM, agents=[replace(desk, tools=[slow_refund]), expert])) as call:
        await call.says("Do it.")
        await call.use("slow_refund")
        call.fail(*[ModelUnavailable("away") for _ in range(3)])
        await call.lose()
        await approve(call)
        await call.pass_ms(1_500)
        assert call.of(facts.ModelRestored)
        assert call.reasons.count("approval desk") == 1
