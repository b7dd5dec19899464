"""Each fact belongs to the agent of the response it came from, whoever has the call when it becomes known."""

import asyncio
from dataclasses import replace

from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.calls.handoffs.takeover import so_far
from huntgroup.domain import facts
from huntgroup.domain.timeline import in_order
from huntgroup.server.views import transcript
from huntgroup.teams import Team, ToolContext, handoff, tool
from huntgroup.testing import scripted_events as make
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, Question, desk, expert

TRANSFER = "transfer_to_expert", '{"question": "why?"}'


@tool(effect="read", patience_ms=60_000)
async def verify_slowly(ctx: ToolContext) -> dict[str, object]:
    """Verify the caller, two seconds later. Grants: verified"""
    await ctx.context.clock.sleep_ms(2_000)
    ctx.context.claims.grant("verified", "p1")
    return {"ok": True}


SLOW_DESK = replace(desk, tools=[verify_slowly])
SLOW_TEAM = Team(
    name="office", first="desk", agents=[SLOW_DESK, expert],
    edges=[handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question)],
)  # fmt: skip


async def test_a_transcript_that_comes_after_the_answer_stands_before_it() -> None:
    async with ScriptedCall() as call:
        *turn, words = make.caller_says("Is there tea?", start_ms=200, end_ms=300)
        await call.push(*turn)
        await call.use("look", '{"what": "tea"}')
        await call.answer("There is tea.")
        await call.pass_ms(400)
        await call.push(words)
        lines = [line["text"] for line in transcript(call.session.log.facts)]
        told = so_far(call.session.log.facts, "desk").splitlines()[1:]
        kinds = [type(fact).__name__ for fact in in_order(call.session.log.facts)]
    assert lines == ["Hello.", "Is there tea?", "There is tea."]
    spoken = [line for line in told if not line.startswith("Your tool look answered")]
    assert spoken == ["desk: Hello.", "Caller: Is there tea?", "desk: There is tea."]
    assert kinds.index("CallerSpoke") < kinds.index("ToolCalled")


async def test_a_turn_belongs_to_the_agent_to_whom_it_was_said() -> None:
    async with ScriptedCall() as call:
        *turn, words = make.caller_says("Why?")
        await call.push(*turn)
        await call.use(*TRANSFER)
        await call.answer("Because.")
        await call.push(words)
        assert call.of(facts.HandoffCommitted)
        assert [fact.agent for fact in call.of(facts.CallerSpoke)] == ["desk"]


async def test_words_of_the_giver_that_are_heard_after_the_handoff_stay_the_givers() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(speech("I pass you on.", 600), tool_call(*TRANSFER)))
        await call.answer("Because.", 200)
        await call.pass_ms(1_200)
        assert call.conversation[1:] == [("desk", "I pass you on."), ("expert", "Because.")]
        assert [fact.agent for fact in call.of(facts.UsageReported)] == ["desk", "desk", "expert"]


async def test_cutting_the_givers_words_is_an_interruption_of_the_giver() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(speech("I pass you on.", 2_000), tool_call(*TRANSFER)))
        await call.pass_ms(200)
        await call.push(*make.caller_says("Stop, please.", start_ms=900, end_ms=1_200))
        assert call.of(facts.HandoffCommitted)
        assert [fact.agent for fact in call.of(facts.Interrupted)] == ["desk"]


async def test_an_answer_belongs_to_the_turn_of_its_response_however_late_it_is_told() -> None:
    async with ScriptedCall() as call:
        await call.says("One.")
        await call.answer("The first.", 1_000)
        await call.push(*make.caller_says("Two.")[2:])
        await call.pass_ms(1_400)
        spoke = next(fact for fact in call.of(facts.AgentSpoke) if fact.text == "The first.")
        assert (spoke.turn, spoke.interrupted) == (1, False)


async def test_what_a_tool_grants_after_the_handoff_was_granted_by_its_agent() -> None:
    async with ScriptedCall(SLOW_TEAM) as call:
        await call.says("It is me.")
        await call.push(*call.reply(tool_call("verify_slowly"), tool_call(*TRANSFER)))
        await call.pass_ms(2_400)
        assert call.of(facts.HandoffCommitted)[0].t_ms < call.of(facts.ClaimGranted)[0].t_ms
        assert call.of(facts.ClaimGranted)[0].agent == "desk"
        assert {fact.agent for fact in call.of(facts.ToolAnswered)} == {"desk"}


async def test_a_guardrail_that_trips_after_the_handoff_tripped_on_the_giver() -> None:
    judged = asyncio.Event()

    async def trips(*_: object) -> GuardrailFunctionOutput:
        await judged.wait()
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)

    strict = replace(desk, output_guardrails=[OutputGuardrail(trips, name="late")])
    async with ScriptedCall(replace(TEAM, agents=[strict, expert])) as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        assert call.of(facts.HandoffCommitted)
        judged.set()
        await call.pass_ms(40)
        assert [fact.agent for fact in call.of(facts.GuardrailTripped)] == ["desk"]


async def test_the_tokens_of_a_consult_are_the_specialists() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.use("consult_expert", '{"question": "why?"}')
        await call.answer('{"outcome": "known"}', 0)
        assert [fact.agent for fact in call.of(facts.UsageReported)] == ["desk", "desk", "expert"]
