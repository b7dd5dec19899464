"""Input guardrails: parallel takes back, strict waits; and what a turn counts as whose words never come."""

from dataclasses import replace
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, InputGuardrail

from huntgroup.calls.ports import Profile
from huntgroup.domain import facts
from huntgroup.teams import GuardPolicy, Team
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, desk, expert

CLOSED = GuardPolicy(failure="fail_closed")
OPEN = GuardPolicy(failure="fail_open")


def no_rudeness(context: Any, agent: Any, text: Any) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered="rude" in str(text))


def team(**more: Any) -> Team:
    rules = [InputGuardrail(no_rudeness, name="no_rudeness")]
    return replace(TEAM, agents=[replace(desk, input_guardrails=rules, **more), expert])


async def spoke(call: ScriptedCall) -> rt.ServerEvent:
    """A turn of the caller is committed; its transcript, which is returned, has not come yet."""
    *turn, transcript = make.caller_says("Something rude.")
    await call.push(*turn)
    return transcript


def kind(transcript: rt.ServerEvent) -> rt.ServerEvent:
    assert isinstance(transcript, rt.ConversationItemInputAudioTranscriptionCompleted)
    transcript.transcript = "Something kind."
    return transcript


def deleted(call: ScriptedCall) -> list[str]:
    return [event.item_id for event in call.model.sent_of(rt.ConversationItemDelete)]


# -- strict ----------------------------------------------------------------------------------------------------------


async def test_strict_asks_for_nothing_before_the_verdict_and_tells_what_that_cost() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        transcript = await spoke(call)
        await call.pass_ms(340)
        assert call.reasons == ["opener desk"]
        await call.push(kind(transcript))
        assert call.reasons == ["opener desk", "turn desk"]
        checked = call.of(facts.GuardrailChecked)[0]
        assert (checked.stage, checked.mode, checked.took_ms, checked.waited_ms) == ("input", "strict", 0, 340)
        spans = [span for span in call.session.tracer.trace_summary() if span["kind"] == "guardrail"]
        assert [span["attributes"]["triggered"] for span in spans] == [False]


async def test_strict_refuses_a_turn_and_has_the_model_forget_it() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        await call.push(await spoke(call))
        assert call.reasons == ["opener desk", "guardrail desk"]
        assert deleted(call) == [call.of(facts.CallerSpoke)[0].item_id]
        tripped = call.of(facts.GuardrailTripped)[0]
        assert (tripped.action, tripped.heard_ms) == ("refused", 0)


async def test_strict_lets_no_late_tool_answer_the_unchecked_turn() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        await call.says("Something kind.")
        await call.push(*call.reply(tool_call("slow")))
        transcript = await spoke(call)
        await call.pass_ms(2_500)
        assert call.of(facts.ToolAnswered)[0].ok
        assert call.reasons == ["opener desk", "turn desk"]
        await call.push(transcript)
        assert call.reasons[2:] == ["guardrail desk"]


async def test_a_request_that_crosses_an_unchecked_turn_is_dead() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        await call.says("Something kind.")
        transcript = await spoke(call)
        await call.answer("This answers the unchecked turn.", 200, ask=1)
        await call.pass_ms(400)
        assert len(call.conversation) == 1
        await call.push(kind(transcript))
        assert call.reasons[2:] == ["turn desk"]


@pytest.mark.parametrize(("policy", "asked"), [(GuardPolicy(), "guardrail desk"), (OPEN, "turn desk")])
async def test_strict_waits_for_words_no_longer_than_its_deadline(policy: GuardPolicy, asked: str) -> None:
    async with ScriptedCall(team(input_mode="strict", guard_policy=policy)) as call:
        await spoke(call)
        await call.pass_ms(2_980)
        assert len(call.asks) == 1
        await call.pass_ms(40)
        assert call.reasons[1:] == [asked]
        assert call.of(facts.GuardrailFailed)[0].reason == "no_transcript"
        assert len(deleted(call)) == (asked == "guardrail desk")


async def test_a_transcription_that_fails_is_not_waited_for() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        transcript = await spoke(call)
        assert isinstance(transcript, rt.ConversationItemInputAudioTranscriptionCompleted)
        await call.push(
            rt.ConversationItemInputAudioTranscriptionFailed(
                item_id=transcript.item_id, content_index=0, error=rt.ErrorBody(message="no")
            )
        )
        assert call.reasons[1:] == ["guardrail desk"]


@pytest.mark.parametrize(("words", "asked"), [("Something rude.", "guardrail desk"), ("Something kind.", "turn desk")])
async def test_words_that_come_before_their_turn_are_checked_too(words: str, asked: str) -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        started, stopped, committed, *added, transcript = make.caller_says(words)
        await call.push(started, stopped, transcript)
        await call.push(committed, *added)
        assert call.reasons[1:] == [asked]


async def test_a_noise_is_answered_as_ever() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        await call.says("")
        assert call.reasons[1:] == ["turn desk"]
        assert not call.of(facts.GuardrailChecked)


async def test_a_model_that_transcribes_nothing_is_known_before_the_first_turn() -> None:
    deaf = Profile(name="s", model="s", supports_transcription=False)
    async with ScriptedCall(team(input_mode="strict", guard_policy=OPEN), profile=deaf) as call:
        await spoke(call)
        assert call.reasons[1:] == ["turn desk"]


# -- parallel --------------------------------------------------------------------------------------------------------


async def test_parallel_takes_back_a_reply_that_was_heard_already() -> None:
    async with ScriptedCall(team()) as call:
        transcript = await spoke(call)
        await call.answer("As you wish.", 200)
        await call.pass_ms(400)
        await call.push(transcript)
        assert call.of(facts.GuardrailTripped)[0].heard_ms == 200
        assert call.reasons[1:] == ["turn desk", "guardrail desk"]
        assert len(deleted(call)) == 1


async def test_no_tool_of_a_reply_that_is_taken_back_writes() -> None:
    async with ScriptedCall(team()) as call:
        call.session.context.claims.grant("verified", "p1")
        transcript = await spoke(call)
        await call.push(*call.reply(speech("At once.", 100), tool_call("write", '{"what": "x"}')))
        await call.pass_ms(400)
        assert not call.of(facts.ToolAnswered)
        await call.push(transcript)
        await call.pass_ms(100)
        assert [answer.error for answer in call.of(facts.ToolAnswered)] == ["retracted"]
        assert call.reasons[1:] == ["turn desk", "guardrail desk"]


async def test_a_tool_writes_once_its_turn_is_found_good() -> None:
    async with ScriptedCall(team()) as call:
        call.session.context.claims.grant("verified", "p1")
        transcript = await spoke(call)
        await call.use("write", '{"what": "x"}')
        await call.push(kind(transcript))
        await call.pass_ms(100)
        assert [answer.ok for answer in call.of(facts.ToolAnswered)] == [True]


async def test_an_open_parallel_turn_lets_its_tools_go_when_no_words_come() -> None:
    async with ScriptedCall(team()) as call:
        call.session.context.claims.grant("verified", "p1")
        await spoke(call)
        await call.use("write", '{"what": "x"}')
        await call.pass_ms(3_100)
        assert [answer.ok for answer in call.of(facts.ToolAnswered)] == [True]


async def test_words_that_come_after_the_deadline_are_checked_still() -> None:
    async with ScriptedCall(team()) as call:
        transcript = await spoke(call)
        await call.answer("As you wish.", 100)
        await call.pass_ms(3_500)
        await call.push(transcript)
        assert call.reasons[1:] == ["turn desk", "guardrail desk"]


async def test_a_turn_that_was_overtaken_is_forgotten_and_not_spoken_about() -> None:
    async with ScriptedCall(team()) as call:
        transcript = await spoke(call)
        await call.answer("As you wish.", 100)
        await call.says("Something kind.")
        await call.push(transcript)
        assert call.reasons[1:] == ["turn desk", "turn desk"]
        assert len(call.of(facts.GuardrailTripped)) == len(deleted(call)) == 1


async def test_a_closed_parallel_turn_is_taken_back_when_no_words_come() -> None:
    async with ScriptedCall(team(guard_policy=CLOSED)) as call:
        await spoke(call)
        await call.answer("As you wish.", 100)
        await call.pass_ms(3_100)
        assert call.reasons[1:] == ["turn desk", "guardrail desk"]


async def test_an_answer_to_keys_is_no_answer_to_the_turn_before_them() -> None:
    async with ScriptedCall(team()) as call:
        transcript = await spoke(call)
        await call.answer("Let me see.")
        call.line.press("4#")
        await call.pass_ms(100)
        await call.answer("Four it is.", 400)
        await call.push(transcript)
        await call.pass_ms(800)
        assert call.of(facts.GuardrailTripped)
        assert call.conversation[-1] == ("desk", "Four it is.")
        assert call.reasons[-1] == "keys desk"


async def test_a_strict_turn_that_another_session_hears_again_is_checked_and_answered_as_that() -> None:
    async with ScriptedCall(team(input_mode="strict")) as call:
        await call.pass_ms(1_000)
        now_ms = call.line.now_ms()
        *turn, _ = make.caller_says("Something kind.", start_ms=now_ms - 800, end_ms=now_ms - 100)
        await call.push(*turn)
        await call.lose()
        await call.pass_ms(200)
        assert len(call.sessions) == 2
        assert call.reasons == ["opener desk"]
        *again, transcript = make.caller_says("Something kind.", start_ms=0, end_ms=700)
        call.current = call.sessions[-1]
        await call.push(*again)
        await call.pass_ms(3_500 - 1_000)
        assert call.reasons == ["opener desk"]
        await call.push(transcript)
        assert call.reasons == ["opener desk", "turn desk"]
        assert not call.of(facts.GuardrailFailed)


async def test_a_strict_turn_whose_words_are_lost_with_the_session_is_asked_for_again_at_once() -> None:
    async with ScriptedCall(team(input_mode="strict", transcript_deadline_ms=60_000)) as call:
        await spoke(call)
        await call.pass_ms(9_000)
        await call.lose()
        await call.pass_ms(200)
        assert call.of(facts.GuardrailFailed)[0].reason == "no_transcript"
        assert call.reasons[-1] == "guardrail desk"
