"""What becomes of a wish for a response when the call changes under it, reason by reason."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.reasons import TABLE, Change, Fate, Reason, shown
from huntgroup.teams import handoff
from huntgroup.testing import scripted_events as make
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM
from tests.calls.test_approvals import team as paying
from tests.calls.test_input_guard import spoke
from tests.calls.test_input_guard import team as guarded

BRIDGED = replace(
    TEAM,
    edges=[handoff(frm="desk", to="expert", description="Ask.", opener="bridge", phrase="I'll put you through.")],
    consults=(),
)
SHORT = replace(TEAM, max_call_ms=5_000)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_table_says_of_every_reason_what_becomes_of_it_at_every_change(reason: Reason) -> None:
    assert set(TABLE[reason].fates) == set(Change)


def test_the_table_in_the_docs_is_the_one_that_is_used() -> None:
    docs = Path(__file__).parents[2] / "docs" / "handoffs.md"
    assert shown() in docs.read_text(encoding="utf-8")


async def refuse_last(call: ScriptedCall) -> None:
    await call.push(make.error("server_error", call.asks[-1].event_id))


async def caller_begins(call: ScriptedCall) -> list:  # type: ignore[type-arg]
    """The caller begins to speak; returns the events by which that becomes a turn."""
    now_ms = call.line.now_ms()
    started, *rest = make.caller_says("Hello?", start_ms=now_ms, end_ms=now_ms + 500)
    await call.push(started)
    return rest


async def test_a_bridge_that_was_refused_is_not_said_by_the_receiver() -> None:
    async with ScriptedCall(BRIDGED) as call:
        await call.says("Why?")
        await call.push(*call.reply(tool_call("transfer_to_expert")))
        assert call.reasons[-1] == "bridge desk"
        await refuse_last(call)
        await call.pass_ms(100)
        await call.answer("Because.")
        await call.pass_ms(2_000)
        assert call.reasons[2:] == ["bridge desk", "handoff expert"]


async def test_a_filler_that_failed_is_not_said_after_the_tool_has_answered() -> None:
    async with ScriptedCall() as call:
        await call.says("Anything free?")
        await call.use("slow")
        await call.pass_ms(1_900)
        assert call.reasons[-1] == "filler desk"
        await call.push(*call.reply(status="failed"))
        await call.pass_ms(200)
        await call.answer("Here it is.")
        await call.pass_ms(2_000)
        assert call.reasons[2:] == ["filler desk", "tool desk"]


async def test_a_greeting_that_failed_is_not_said_after_the_caller_has_spoken() -> None:
    async with ScriptedCall(opened=False) as call:
        await call.push(*call.reply(status="failed"))
        rest = await caller_begins(call)
        await call.pass_ms(600)
        await call.push(*rest)
        await call.answer("Hello to you.")
        await call.pass_ms(2_000)
        assert call.reasons == ["opener desk", "turn desk"]


async def test_a_greeting_that_was_refused_is_said_a_moment_later() -> None:
    async with ScriptedCall(opened=False) as call:
        await refuse_last(call)
        await call.pass_ms(300)
        assert call.reasons == ["opener desk", "opener desk"]


async def test_a_goodbye_that_failed_is_said_before_the_call_ends() -> None:
    async with ScriptedCall(SHORT) as call:
        await call.pass_ms(5_000)
        assert call.reasons[-1] == "goodbye desk"
        await call.push(*call.reply(status="failed"))
        await call.pass_ms(400)
        await call.answer("Goodbye.")
        assert await call.over() == "too_long"
    assert call.reasons[1:] == ["goodbye desk", "goodbye desk"]
    assert call.conversation[-1] == ("desk", "Goodbye.")


async def test_a_goodbye_that_crosses_the_check_of_a_turn_is_said_after_it() -> None:
    async with ScriptedCall(replace(guarded(input_mode="strict"), max_call_ms=5_000)) as call:
        await call.pass_ms(5_000)
        transcript = await spoke(call)
        await call.answer("Goodbye.")
        await call.push(transcript)
        await call.answer("Goodbye.")
        await call.pass_ms(500)
    assert call.conversation[-1] == ("desk", "Goodbye.")


async def test_what_is_said_in_place_of_an_answer_is_not_said_once_the_caller_has_spoken_again() -> None:
    async with ScriptedCall(guarded()) as call:
        transcript = await spoke(call)
        reply = call.reply(speech("Rude, indeed.", 400), status="cancelled")
        await call.push(*reply[:1])
        await call.push(transcript)
        rest = await caller_begins(call)
        await call.push(reply[-1], *rest)
        await call.answer("Hello.")
        await call.pass_ms(1_000)
        assert call.reasons[1:] == ["turn desk", "turn desk"]


async def test_a_reply_that_failed_is_not_asked_for_again_when_its_turn_is_forbidden() -> None:
    async with ScriptedCall(guarded()) as call:
        transcript = await spoke(call)
        await call.push(*call.reply(status="failed"))
        await call.push(transcript)
        await call.pass_ms(400)
        await call.answer("I can't help with that.")
        await call.pass_ms(1_000)
        assert call.reasons[1:] == ["turn desk", "guardrail desk"]


async def test_a_receivers_words_that_were_refused_are_not_said_by_the_giver() -> None:
    async with ScriptedCall() as call:
        call.undecided = True
        moved = asyncio.ensure_future(call.session.transfer("expert", brief={"question": "why?"}))
        await call.pass_ms(100)
        assert call.reasons[-1] == "handoff expert"
        await refuse_last(call)
        await call.refuse()
        await call.pass_ms(400)
        await call.answer("I'll help you myself.")
        await call.pass_ms(1_000)
        assert not await moved
        assert call.reasons[1:] == ["handoff expert", "rollback desk"]


@pytest.mark.parametrize("code", ["server_error", "conversation_already_has_active_response"])
async def test_a_greeting_that_is_refused_while_the_caller_speaks_is_not_said_after_it(code: str) -> None:
    async with ScriptedCall(opened=False) as call:
        rest = await caller_begins(call)
        await call.push(make.error(code, call.asks[-1].event_id))
        await call.pass_ms(600)
        await call.push(*rest)
        await call.answer("Hello to you.")
        await call.pass_ms(1_600)
        assert call.reasons == ["opener desk", "turn desk"]


async def test_a_greeting_that_a_key_has_silenced_is_not_said_once_it_was_refused() -> None:
    async with ScriptedCall(opened=False) as call:
        call.line.press("5")
        await call.pass_ms(40)
        await refuse_last(call)
        await call.pass_ms(400)
        assert call.reasons == ["opener desk"]


async def test_a_question_that_was_lost_with_the_session_is_put_though_a_turn_waits() -> None:
    async with ScriptedCall(paying()) as call:
        await call.says("Do it.")
        await call.use("pay")
        await call.says("And please hurry.")
        await call.lose()
        await call.pass_ms(2_000)
        assert call.reasons[1:] == ["turn desk", "approval desk", "approval desk"]
        await call.answer("Press 1 to pay, 2 to leave it.")
        assert call.reasons[-1] == "turn desk"


async def test_a_goodbye_that_was_lost_with_the_session_is_said_though_a_tools_result_waits() -> None:
    async with ScriptedCall(replace(TEAM, max_call_ms=5_000)) as call:
        await call.pass_ms(3_000)
        await call.says("Anything free?")
        await call.use("slow")
        await call.pass_ms(1_000)
        await call.answer("One moment.")
        while call.reasons[-1] != "goodbye desk":
            await call.pass_ms(20)
        await call.pass_ms(1_500)
        await call.lose()
        await call.pass_ms(2_000)
        assert call.reasons[-1] == "goodbye desk"
        assert call.reasons.count("goodbye desk") == 2


async def test_a_tools_result_that_was_refused_is_asked_for_again_though_a_turn_is_forbidden() -> None:
    async with ScriptedCall(guarded()) as call:
        await call.says("Something kind.")
        await call.use("look", '{"what": "x"}')
        assert call.reasons[-1] == "tool desk"
        transcript = await spoke(call)
        await refuse_last(call)
        await call.push(transcript)
        await call.pass_ms(400)
        assert call.reasons[-1] == "tool desk"
        await call.answer("Here it is.")
        assert call.reasons[2:] == ["tool desk", "tool desk", "guardrail desk"]


@pytest.mark.parametrize("reason", list(Reason))
def test_what_is_asked_for_again_shares_the_fate_of_a_turn_only_when_it_answers_one(reason: Reason) -> None:
    again = Ask(reason=reason, agent="desk").again(Reason.RETRY, "desk")
    assert again is None or again.outlives(Change.FORBIDDEN) == (TABLE[reason].fates[Change.FORBIDDEN] is Fate.KEPT)


def test_a_givers_tool_result_that_was_refused_is_not_asked_of_the_receiver() -> None:
    assert Ask(reason=Reason.TOOL, agent="desk").again(Reason.RETRY, "expert") is None


@pytest.mark.parametrize("more", [None, "typed", "keys"])
async def test_what_is_said_in_place_of_an_answer_outlives_a_noise_and_no_turn(more: str | None) -> None:
    async with ScriptedCall(guarded()) as call:
        transcript = await spoke(call)
        reply = call.reply(speech("Rude, indeed.", 400), status="cancelled")
        await call.push(*reply[:1], transcript)
        now_ms = call.line.now_ms()
        started, stopped, *_ = make.caller_says("", start_ms=now_ms, end_ms=now_ms + 300)
        await call.push(started)
        await call.pass_ms(300)
        await call.push(stopped)
        if more == "typed":
            call.session.say("Are you there?")
        elif more == "keys":
            call.line.press("5")
            call.line.press("#")
            await call.pass_ms(40)
        await call.push(reply[-1])
        await call.pass_ms(4_000)
        assert ("guardrail desk" in call.reasons) == (more is None)
