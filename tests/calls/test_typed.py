"""What the caller writes: a turn like a spoken one, which interrupts, is guarded, and survives."""

from dataclasses import replace

import pytest
from agents import GuardrailFunctionOutput, InputGuardrail

from huntgroup.calls.handoffs.takeover import so_far
from huntgroup.calls.ports import Profile
from huntgroup.calls.processes.rebuild import rebuild
from huntgroup.calls.replay.cues import cues_of
from huntgroup.domain import facts
from huntgroup.domain.errors import ClaimMissing
from huntgroup.engine.ports import Say
from huntgroup.server.livehand import carry_out
from huntgroup.teams import handoff
from huntgroup.testing.recorded_model import RecordedModel
from huntgroup.testing.replay import clock_of, replay
from huntgroup.wire import live
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say
from tests.calls.resumed import ResumedCall, resumption_of
from tests.calls.scripted import ScriptedCall, speech
from tests.calls.teams import TEAM, desk

LONG = "This is a long sentence that goes on and on until somebody stops it, which may take a while."


def forbids(words: str) -> InputGuardrail[object]:
    def check(context: object, agent: object, text: object) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=words in str(text))

    return InputGuardrail(guardrail_function=check, name="forbids")  # type: ignore[arg-type]


async def test_typed_words_are_a_turn_with_an_item_and_a_response() -> None:
    async with CallDesk(TEAM, say("Hello."), say("It is nine.")) as call:
        assert call.session.say("  When do you open? ")
        await call.quiet()
        (spoke,) = call.of(facts.CallerSpoke)
        assert (spoke.text, spoke.how, spoke.turn, spoke.agent) == ("When do you open?", "typed", 1, "desk")
        assert [said.turn for said in call.of(facts.AgentSpoke)] == [0, 1]
        assert "When do you open?" in str(call.engine.mind.thoughts[-1])


async def test_typed_words_interrupt_the_agent_as_speech_does() -> None:
    async with CallDesk(TEAM, say("Hello."), [Say(LONG)], say("Yes?")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(1_000)
        call.session.say("Stop, please")
        await call.quiet()
        spoke = call.of(facts.AgentSpoke)[1]
        assert spoke.interrupted
        assert 0 < spoke.heard_ms < spoke.generated_ms
        assert {cut.cause for cut in call.of(facts.Interrupted)} == {"typed"}
        assert call.of(facts.AgentSpoke)[-1].heard_text == "Yes?"


async def test_a_stop_by_hand_silences_the_agent_and_asks_for_nothing() -> None:
    async with ScriptedCall() as call:
        await call.push(*call.reply(speech("An opener again.", 4_000)))
        call.session.say("Go on")
        await call.clock.settle()
        await call.answer(LONG, 6_000)
        await call.pass_ms(1_000)
        asked = len(call.asks)
        call.session.interrupt()
        await call.pass_ms(600)
        assert call.of(facts.Interrupted)[-1].cause == "by_hand"
        assert len(call.asks) == asked
        call.session.say("And now?")
        await call.clock.settle()
        assert call.reasons[-1] == "turn desk"


@pytest.mark.parametrize("mode", ["parallel", "strict"])
async def test_input_guardrails_judge_typed_words(mode: str) -> None:
    guarded = replace(desk, input_guardrails=[forbids("secret")], input_mode=mode)  # type: ignore[arg-type]
    async with ScriptedCall(replace(TEAM, agents=[guarded, *TEAM.agents[1:]])) as call:
        call.session.say("Tell me the secret")
        await call.pass_ms(40)
        assert call.of(facts.GuardrailTripped)[0].stage == "input"
        deleted = [event.item_id for event in call.model.sent_of(rt.ConversationItemDelete)]
        assert deleted == [call.of(facts.CallerSpoke)[0].item_id]
        assert call.reasons[-1] == "guardrail desk"


async def test_blank_words_and_words_after_the_end_are_not_taken() -> None:
    async with ScriptedCall() as call:
        assert not call.session.say("  \n ")
        call.session.hang_up()
        assert await call.over() == "caller_hung_up"
        assert not call.session.say("Hello?")
        assert not call.of(facts.CallerSpoke)


async def test_another_process_and_another_model_know_what_was_typed() -> None:
    async with ScriptedCall() as call:
        call.session.say("I need a dentist")
        await call.clock.settle()
        record = call.session.log.facts
        assert rebuild(record, TEAM).turn == 1
        assert "Caller: I need a dentist" in so_far(record, "desk")
        await call.lose()
        await call.pass_ms(2_000)
        assert any("I need a dentist" in str(event) for event in call.model.sent_of(rt.ConversationItemCreate))


async def test_words_that_are_sent_twice_are_one_turn() -> None:
    async with CallDesk(TEAM, say("Hello."), say("It is nine."), say("At ten.")) as call:
        assert call.session.say("When do you open?", "firstwords")
        assert call.session.say("When do you open?", "firstwords")
        await call.quiet()
        assert call.session.say("When do you open?", "otherwords")
        await call.quiet()
        spoke = call.of(facts.CallerSpoke)
        assert [one.item_id for one in spoke] == ["typed_firstwords", "typed_otherwords"]
        assert [said.turn for said in call.of(facts.AgentSpoke)] == [0, 1, 2]


@pytest.mark.parametrize("kept", [True, False])
async def test_words_that_are_sent_again_to_another_process_are_answered_once(kept: bool) -> None:
    async with CallDesk(TEAM, say("Hello. What is it?"), say("It is nine.")) as before:
        before.session.say("When do you open?", "firstwords")
        cut = next(at for at, fact in enumerate(before.session.log.facts) if isinstance(fact, facts.CallerSpoke))
        record = before.session.log.facts[: cut + kept]
    async with ResumedCall(await resumption_of(record)) as call:
        assert call.session.say("When do you open?", "firstwords")
        await call.clock.settle()
        while call.asks[-1].response.metadata["reason"] != "turn":  # type: ignore[union-attr]
            await call.answer("Sorry, we were cut off.")
        await call.answer("It is nine.")
        await call.pass_ms(400)
        assert [one.item_id for one in call.of(facts.CallerSpoke)] == ["typed_firstwords"]
        assert [reason for reason in call.reasons if reason.startswith("turn")] == ["turn desk"]
        assert call.of(facts.AgentSpoke)[-1].heard_text == "It is nine."
        assert sum("When do you open?" in str(item) for item in call.seeds) == 1


async def test_the_callers_choice_is_a_transfer_that_needs_no_brief() -> None:
    async with ScriptedCall() as call:
        assert (await carry_out(live.Transfer(agent="nobody"), call.session)).code == "no_agent"  # type: ignore[union-attr]
        assert (await carry_out(live.Transfer(agent="desk"), call.session)).code == "no_edge"  # type: ignore[union-attr]
        assert await carry_out(live.Transfer(agent="expert"), call.session) is None
        assert [(move.to_agent, move.by) for move in call.of(facts.HandoffProposed)] == [("expert", "menu")]
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["no_edge"]
        assert call.of(facts.HandoffCommitted)[-1].to_agent == "expert"


async def test_the_callers_choice_needs_the_claims_of_the_edge() -> None:
    closed = handoff(frm="desk", to="expert", description="Ask.", requires=("verified",))
    async with ScriptedCall(replace(TEAM, edges=[closed], consults=())) as call:
        with pytest.raises(ClaimMissing):
            await call.session.transfer("expert", by="menu")
        call.session.context.claims.grant("verified", "p1")
        assert await call.session.transfer("expert", by="menu")


async def test_a_replay_types_the_same_again() -> None:
    async with CallDesk(TEAM, say("Hello."), [Say(LONG)], say("Yes?")) as call:
        call.session.say("Tell me")
        await call.pass_ms(1_000)
        call.session.say("Stop, please")
        await call.quiet()
    kinds = [(cue.kind, cue.text, cue.place.when) for cue in cues_of(call.session.log.facts)]
    assert kinds == [("typed", "Tell me", "quiet"), ("typed", "Stop, please", "cut"), ("hang_up", "", "quiet")]
    record = call.session.log.facts
    again = await replay(
        record, TEAM, RecordedModel(record, Profile(name="recorded", model="recorded")), clock_of(record)
    )
    assert again.difference is None
