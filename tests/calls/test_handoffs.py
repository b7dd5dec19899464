"""A handoff is a transaction."""

import json

from huntgroup.domain import facts
from huntgroup.domain.record import as_record
from huntgroup.engine.ports import CallTool
from tests.calls.conftest import Dial
from tests.calls.desk import say, use
from tests.calls.teams import TEAM

TRANSFER = use("transfer_to_expert", '{"question": "why?", "secret": "x"}')


async def test_the_call_changes_hands_and_the_receiver_answers(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), TRANSFER, say("Because.")) as call:
        await call.say("Why?")
        committed = call.of(facts.HandoffCommitted)[0]
        assert (committed.from_agent, committed.to_agent) == ("desk", "expert")
        spoke = call.of(facts.AgentSpoke)[-1]
        assert (spoke.agent, spoke.heard_text) == ("expert", "Because.")
        assert call.engine.mind.thoughts[-1].instructions.startswith("You are the expert.")


async def test_the_gap_at_the_ear_is_recorded_with_the_handoff(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), TRANSFER, say("Because.")) as call:
        await call.say("Why?")
        record = as_record(call.session.log.facts)
    committed = next(fact for fact in record if fact["type"] == "HandoffCommitted")
    assert committed["from"] == "desk"
    assert 0 <= committed["gap_ms"] <= 100


async def test_the_receiver_sees_only_what_it_may(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), TRANSFER, say("Because.")) as call:
        await call.say("Why?")
        told = call.engine.mind.thoughts[-1].instructions
        assert '"question": "why?"' in told
        assert "secret" not in told


async def test_two_transfers_of_one_reply_have_one_winner(dial: Dial) -> None:
    twice = [CallTool("transfer_to_expert", '{"question": "a"}'), CallTool("transfer_to_expert", '{"question": "b"}')]
    async with dial(TEAM, say("Hello."), twice, say("Because.")) as call:
        await call.say("Why?")
        assert len(call.of(facts.HandoffCommitted)) == 1
        assert call.of(facts.HandoffRefused)[0].reason == "ignored"
        assert {answer.error for answer in call.of(facts.ToolAnswered)} == {None, "ignored"}


async def test_a_return_edge_gives_the_call_back_with_its_result(dial: Dial) -> None:
    back = use("return_to_desk", '{"outcome": "answered"}')
    async with dial(TEAM, say("Hello."), TRANSFER, say("Because."), back, say("Anything else?")) as call:
        await call.say("Why?")
        await call.say("Thanks.")
        assert call.of(facts.HandoffReturned)[0].result == {"outcome": "answered"}
        assert call.of(facts.AgentSpoke)[-1].agent == "desk"
        tools = {tool["name"] for tool in call.engine.mind.thoughts[-1].tools}
        assert "transfer_to_expert" in tools
        assert "return_to_desk" not in tools


async def test_a_brief_that_does_not_fit_leaves_the_call_where_it_is(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), use("transfer_to_expert", "{}"), say("Let me ask again.")) as call:
        await call.say("Why?")
        answered = call.of(facts.ToolAnswered)[0]
        assert answered.error == "bad_arguments"
        assert "question" in json.loads(answered.output)["message"]
        assert call.of(facts.AgentSpoke)[-1].agent == "desk"


async def test_a_consult_keeps_the_caller_and_brings_a_typed_answer(dial: Dial) -> None:
    ask = use("consult_expert", '{"question": "why?"}')
    script = [say("Hello."), ask, use("look", '{"what": "it"}'), say('{"outcome": "known"}'), say("It is known.")]
    async with dial(TEAM, *script) as call:
        await call.say("Why?")
        consulted = call.of(facts.Consulted)[0]
        assert (consulted.specialist, consulted.answer) == ("expert", {"outcome": "known"})
        assert call.of(facts.AgentSpoke)[-1].agent == "desk"
        assert call.spoken[-1] == "It is known."
