"""What the edges of a team say: what the receiver remembers, who begins, who may; and what fills a silence."""

from dataclasses import replace
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, InputGuardrail

from huntgroup.domain import facts
from huntgroup.engine.ports import Said, Say
from huntgroup.teams import Team, VoiceAgent, handoff
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say, use
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, Question, Result, desk, expert
from tests.calls.test_rollback import OnUpdate

TRANSFER = "transfer_to_expert", '{"question": "why?"}'
PHRASE = "I'll get the expert for you."


def team_of_edge(**edge: Any) -> Team:
    made = handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, returns=Result, **edge)
    return replace(TEAM, edges=[made])


def remembered(call: CallDesk) -> list[str]:
    """What was said, as the mind that spoke last remembers it."""
    return [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]


# -- what the receiver remembers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "seen"),
    [("full", ["Hello.", "Why?"]), ("last(2)", ["Why?"]), ("facts_only", [])],
)
async def test_the_model_remembers_what_the_policy_leaves(policy: str, seen: list[str]) -> None:
    async with CallDesk(team_of_edge(policy=policy), say("Hello."), use(*TRANSFER), say("Because.")) as call:
        await call.say("Why?")
        assert remembered(call) == seen
        assert call.spoken[-1] == "Because."


async def test_an_item_that_the_policy_hides_cannot_be_retrieved() -> None:
    answers = say("Hello."), use(*TRANSFER), say("Because.")
    async with CallDesk(team_of_edge(policy="facts_only"), *answers) as call:
        await call.say("Why?")
        hidden = call.of(facts.CallerSpoke)[0].item_id
        call.model.session.send(rt.ConversationItemRetrieve(event_id="ask", item_id=hidden))
        await call.clock.settle()
        errors = [event.error for event in call.model.session.received if isinstance(event, rt.Error)]
        assert [error.event_id for error in errors] == ["ask"]


async def test_after_a_rollback_the_giver_has_the_conversation_again_as_text() -> None:
    answers = say("Hello."), use(*TRANSFER), say("Never heard."), say("I'll help you myself.")
    async with CallDesk(team_of_edge(policy="facts_only"), *answers, judge=OnUpdate("reject")) as call:
        await call.say("Why?")
        await call.pass_ms(500)
        assert call.spoken[-1] == "I'll help you myself."
        assert "Caller: Why?" in remembered(call)[-1]
        assert "desk: Hello." in remembered(call)[-1]


async def test_after_a_return_the_giver_has_the_conversation_again_as_text() -> None:
    back = use("return_to_desk", '{"outcome": "known"}')
    answers = say("Hello."), use(*TRANSFER), say("Because."), back, say("Anything else?")
    async with CallDesk(team_of_edge(policy="facts_only"), *answers) as call:
        await call.say("Why?")
        await call.say("Thanks.")
        told = call.engine.mind.thoughts[-1].instructions
        assert "Caller: Why?" in told
        assert "expert: Because." in told


# -- who begins -----------------------------------------------------------------------------------------------------


async def test_a_bridge_is_said_by_the_giver_before_the_receiver_speaks() -> None:
    answers = say("Hello."), use(*TRANSFER), say(PHRASE), say("Because.")
    async with CallDesk(team_of_edge(opener="bridge", phrase=PHRASE), *answers) as call:
        await call.say("Why?")
        assert PHRASE in str(call.engine.mind.thoughts[2].response_instructions)
        spoken = [(spoke.agent, spoke.heard_text) for spoke in call.of(facts.AgentSpoke)]
        assert spoken[1:] == [("desk", PHRASE), ("expert", "Because.")]


async def test_a_scripted_receiver_is_told_its_first_words() -> None:
    answers = say("Hello."), use(*TRANSFER), say("Expert here.")
    async with CallDesk(team_of_edge(opener="scripted", phrase="Expert here."), *answers) as call:
        await call.say("Why?")
        assert 'Begin with: "Expert here."' in call.engine.mind.thoughts[-1].instructions


# -- who may --------------------------------------------------------------------------------------------------------


async def test_an_agent_keeps_a_call_that_was_handed_on_too_often() -> None:
    async with ScriptedCall(replace(TEAM, hop_limit=1)) as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        await call.use("return_to_desk", '{"outcome": "known"}')
        await call.use(*TRANSFER)
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["hop_limit"]
        assert call.of(facts.ToolAnswered)[-1].error == "hop_limit"
        assert call.reasons[-1] == "tool desk"


async def test_an_edge_opens_with_its_claim() -> None:
    async with ScriptedCall(team_of_edge(requires=("verified",))) as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        assert call.of(facts.HandoffRefused)[0].reason == "verified"
        assert call.of(facts.ToolAnswered)[0].error == "claim_missing"
        await call.use("verify")
        await call.use(*TRANSFER)
        assert len(call.of(facts.HandoffCommitted)) == 1


async def test_a_guardrail_on_the_callers_words_trips_in_every_turn() -> None:
    async def no_rudeness(context, agent, text) -> GuardrailFunctionOutput:  # type: ignore[no-untyped-def]
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="rude" in str(text))

    careful = replace(desk, input_guardrails=[InputGuardrail(no_rudeness, name="no_rudeness")])
    async with ScriptedCall(replace(TEAM, agents=[careful, expert])) as call:
        for words in ("Something rude.", "Something rude again."):
            await call.says(words)
            await call.answer("Forbidden.")
            await call.answer("I can't help with that.")
            await call.pass_ms(400)
        await call.says("Something kind.")
        await call.answer("Gladly.")
        await call.pass_ms(400)
        assert len(call.of(facts.GuardrailTripped)) == 2
        heard = [text for _, text in call.conversation[1:]]
        assert heard == ["I can't help with that.", "I can't help with that.", "Gladly."]


async def test_the_transfer_of_a_reply_that_the_caller_cut_does_not_happen() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        *reply, done = call.reply(speech("I will transfer you now.", 3_000), tool_call(*TRANSFER))
        await call.push(*reply)
        await call.pass_ms(500)
        started, *rest = make.caller_says("No, don't.")
        await call.push(started)
        assert isinstance(done, rt.ResponseDone)
        done.response.status = "cancelled"
        await call.push(done, *rest)
        assert call.of(facts.ToolAnswered)[0].error == "interrupted"
        assert not call.of(facts.HandoffProposed)
        assert call.reasons[2:] == ["turn desk"]


async def test_the_effect_of_a_tool_that_does_not_exist_is_unknown() -> None:
    async with ScriptedCall() as call:
        await call.says("Do it.")
        await call.use("nonsense")
        assert call.of(facts.ToolCalled)[0].effect == "unknown"


# -- what fills a silence ---------------------------------------------------------------------------------------------


async def test_a_filler_follows_the_agents_own_words() -> None:
    answers = say("Hello."), [Say("Let me look."), *use("slow")], say("One moment."), say("Here it is.")
    async with CallDesk(TEAM, *answers) as call:
        await call.speak("Look it up.")
        await call.pass_ms(4_000)
        spoken = call.of(facts.AgentSpoke)[1:]
        assert [spoke.heard_text for spoke in spoken] == ["Let me look.", "One moment.", "Here it is."]
        assert not any(spoke.interrupted for spoke in spoken)


async def test_a_consult_that_takes_long_is_filled_once() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(tool_call("consult_expert", '{"question": "why?"}')))
        await call.pass_ms(800)
        assert call.reasons[2:] == ["filler desk"]
        await call.answer("One moment, please.")
        await call.pass_ms(5_000)
        assert len(call.of(facts.FillerSpoken)) == 1


async def test_a_filler_that_waits_is_withdrawn_when_the_tool_answers() -> None:
    async def late(context: Any, agent: VoiceAgent) -> str:
        await context.context.clock.sleep_ms(2_500)
        return "You are the expert."

    async with ScriptedCall(replace(TEAM, agents=[desk, replace(expert, instructions=late)])) as call:
        await call.says("Why?")
        await call.push(*call.reply(tool_call("slow"), tool_call(*TRANSFER)))
        await call.pass_ms(5_500)
        assert [answer.tool for answer in call.of(facts.ToolAnswered)] == ["slow", "transfer_to_expert"]
        await call.answer("Because.")
        await call.pass_ms(400)
        assert call.reasons[2:] == ["handoff expert"]


async def test_the_tools_of_a_consulted_specialist_are_in_the_record() -> None:
    ask = use("consult_expert", '{"question": "why?"}')
    answers = say("Hello."), ask, use("look", '{"what": "it"}'), say('{"outcome": "known"}'), say("It is known.")
    async with CallDesk(TEAM, *answers) as call:
        await call.say("Why?")
        called = [(fact.agent, fact.tool, fact.effect) for fact in call.of(facts.ToolCalled)]
        assert called == [("desk", "consult_expert", "read"), ("expert", "look", "read")]
        assert [fact.tool for fact in call.of(facts.ToolAnswered)] == ["look", "consult_expert"]
