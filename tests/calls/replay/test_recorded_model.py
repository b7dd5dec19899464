"""A call is held again with the model's recorded replies: the call's own code decides, and it decides the same."""

import re
from dataclasses import replace
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.calls.ports import Profile
from huntgroup.domain import facts
from huntgroup.domain.facts import Fact
from huntgroup.engine.ports import CallTool, Say, Thought
from huntgroup.teams import Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.recorded_model import RecordedModel
from huntgroup.testing.replay import NotReplayable, Replayed, clock_of, replay
from tests.calls.desk import CallDesk, say, use
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, desk, expert

PROFILE = Profile(name="scripted", model="scripted")
TRANSFER = "transfer_to_expert", '{"question": "why?", "secret": "x"}'


async def again(recorded: tuple[Fact, ...], team: Team = TEAM) -> Replayed:
    return await replay(recorded, team, RecordedModel(recorded, PROFILE), clock_of(recorded))


async def test_a_call_with_tools_and_a_handoff_is_the_same_again() -> None:
    script = [say("Hello."), use("look", '{"what": "tea"}'), say("There is tea."), use(*TRANSFER), say("Because.")]
    back = [use("return_to_desk", '{"outcome": "answered"}'), say("Anything else?"), use("goodbye"), say("Goodbye.")]
    async with CallDesk(TEAM, *script, *back) as call:
        await call.say("Is there tea?")
        await call.say("Why?")
        await call.say("Thanks.")
        await call.say("No.")
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    kinds = [step.kind for step in replayed.came]
    assert kinds.count("HandoffCommitted") == 2
    assert kinds.count("CallerSpoke") == 4
    assert replayed.came[-1].what == "agent_hung_up"


async def test_a_consult_is_the_same_again() -> None:
    ask = use("consult_expert", '{"question": "why?"}')
    script = [say("Hello."), ask, use("look", '{"what": "it"}'), say('{"outcome": "known"}'), say("It is known.")]
    async with CallDesk(TEAM, *script) as call:
        await call.say("Why?")
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert "Consulted" in [step.kind for step in replayed.came]


async def test_a_barge_in_is_cut_at_the_same_word() -> None:
    async with CallDesk(
        TEAM, say("Hello."), say("This is a long answer that nobody wants to hear."), say("Yes?")
    ) as call:
        await call.speak("Tell me.")
        await call.pass_ms(900)
        await call.say("Stop.")
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert [s.what for s in replayed.came if s.what.endswith("—")] == ["This is a long —"]


async def test_silence_is_prompted_again_and_ends_the_call() -> None:
    policy = TEAM.silence
    async with CallDesk(TEAM, *map(say, ("Hello.", policy.reprompt, policy.narrow, policy.goodbye))) as call:
        assert await call.over() == "silence"
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert [s.what for s in replayed.came if s.kind == "SilencePrompted"] == ["reprompt", "narrow", "goodbye"]


async def test_keys_are_pressed_again() -> None:
    async with CallDesk(TEAM, say("Hello."), say("Thank you.")) as call:
        call.line.press("4")
        await call.pass_ms(400)
        call.line.press("2#")
        await call.quiet()
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert [s.what for s in replayed.came if s.kind == "DtmfPressed"] == ["4", "2", "#"]


async def test_a_slow_tool_gets_its_filler_again() -> None:
    async with CallDesk(TEAM, say("Hello."), use("slow"), say("One moment, please."), say("Here it is.")) as call:
        await call.speak("Slowly.")
        await call.pass_ms(4_000)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert "One moment, please." in [s.what for s in replayed.came]


async def test_words_spoken_while_a_tool_runs_are_spoken_then() -> None:
    script = [say("Hello."), use("slow"), say("I am."), say("One moment, please."), say("Here it is.")]
    async with CallDesk(TEAM, *script) as call:
        await call.speak("Slowly.")
        await call.pass_ms(300)
        await call.speak("Are you there?")
        await call.pass_ms(5_000)
    assert (await again(call.session.log.facts)).difference is None


async def test_a_transfer_that_the_caller_cut_off_is_cut_off_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        spoken, transfer = speech("I pass you on to somebody.", 2_000), tool_call(*TRANSFER)
        *begun, _ = call.reply(spoken, transfer)
        await call.push(*begun)
        await call.pass_ms(600)
        started, *turn = make.caller_says("No, stay.", start_ms=900, end_ms=1_500)
        call.line.speak(b"\x9f\x1f" * 4 * 600)
        await call.push(started)
        await call.pass_ms(600)
        await call.push(*make.response([], response_id=begun[0].response.id, status="cancelled")[1:])
        await call.push(*turn)
        await call.answer("I stay.")
        await call.pass_ms(400)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None


async def test_what_the_code_does_otherwise_is_the_first_difference() -> None:
    async with CallDesk(
        TEAM, say("Hello."), use("look", '{"what": "tea"}'), say("There is tea."), use(*TRANSFER)
    ) as call:
        await call.say("Is there tea?")
        await call.say("Why?")
    guarded = replace(TEAM, edges=[replace(edge, requires=("verified",)) for edge in TEAM.edges])
    difference = (await again(call.session.log.facts, guarded)).difference
    assert difference is not None
    assert difference.expected is not None
    assert difference.came is not None
    assert (difference.came.kind, difference.came.what) == ("HandoffRefused", "desk > expert: verified")
    assert (difference.turn, difference.agent) == (2, "desk")
    assert [step.what for step in difference.before][-1].startswith("transfer_to_expert")


async def test_a_recorded_loss_of_the_line_happens_again() -> None:
    async with CallDesk(TEAM, say("Hello."), say("A long answer, of which the end is never heard by anybody.")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(600)
        call.line.lose()
        await call.over()
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert replayed.came[-1].what == "line_lost"


async def test_a_recorded_loss_of_the_model_happens_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.answer("Because it is so and not otherwise.", 2_000)
        await call.pass_ms(600)
        call.model.end("session_expired")
        await call.pass_ms(2_000)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert "session_expired" in [step.what for step in replayed.came]


async def test_a_tool_that_ran_when_the_call_ended_never_answers_again() -> None:
    async with CallDesk(TEAM, say("Hello."), use("slow"), say("One moment, please.")) as call:
        await call.speak("Slowly.")
        await call.pass_ms(1_000)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert "call_ended" in " ".join(step.what for step in replayed.came)


async def test_words_at_which_a_guardrail_tripped_trip_it_again() -> None:
    async def no_tea(_: object, __: object, text: str) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="tea" in text)

    def strict(guardrails: list[OutputGuardrail[Any]]) -> Team:
        return replace(TEAM, agents=[replace(desk, output_guardrails=guardrails), expert])

    guarded = strict([OutputGuardrail(no_tea, name="no tea")])
    async with CallDesk(guarded, say("Hello."), say("There is tea for all of you here."), excuse) as call:
        await call.say("What is there?")
    facts_ = call.session.log.facts
    assert (await again(facts_, guarded)).difference is None
    difference = (await again(facts_, strict([]))).difference
    assert difference is not None


def excuse(request: Thought) -> list[Say | CallTool]:
    """Say what the call tells the model to say, when it tells the very words."""
    exact = re.search('Say exactly: "(.*)"', request.response_instructions or "")
    return say(exact.group(1) if exact else "I can't help.")


@pytest.mark.parametrize("missing", [facts.CallStarted, facts.CallEnded])
async def test_a_record_without_beginning_or_end_is_not_replayed(missing: type[Fact]) -> None:
    async with CallDesk(TEAM, say("Hello.")) as call:
        pass
    part = tuple(fact for fact in call.session.log.facts if not isinstance(fact, missing))
    with pytest.raises(NotReplayable):
        await again(part)
