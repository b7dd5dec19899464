"""Handoffs that no model asked for: by a key, by code, by a supervisor. And limits that lead elsewhere."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from huntgroup.domain import facts
from huntgroup.domain.errors import BadArguments, ClaimMissing, HandoffRefused
from huntgroup.teams import KeyTransfer, Team, VoiceAgent, handoff
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, Question, desk, expert

person = VoiceAgent(name="person", instructions="You are the person.", sees=frozenset({"question"}))
TRANSFER = "transfer_to_expert", '{"question": "why?", "secret": "x"}'
BACK = "transfer_to_desk", "{}"
ZERO = {"0": KeyTransfer(to="person")}
EDGES = [
    handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question),
    handoff(frm="expert", to="desk", description="Give it to the desk."),
    handoff(frm="desk", to="person", description="Get a person."),
]


def house(**changes: Any) -> Team:
    return replace(TEAM, agents=[desk, expert, person], edges=EDGES, consults=(), **changes)


def moves(call: ScriptedCall) -> list[tuple[str, str]]:
    return [(fact.to_agent, fact.by) for fact in call.of(facts.HandoffProposed)]


async def ping_pong(call: ScriptedCall, times: int) -> None:
    await call.says("Why?")
    for at in range(times):
        await call.use(*(BACK if at % 2 else TRANSFER))


# -- limits ----------------------------------------------------------------------------------------------------------


async def test_a_call_that_goes_to_and_fro_goes_to_the_fallback() -> None:
    async with ScriptedCall(house(loop_limit=4, fallback="person")) as call:
        await ping_pong(call, 5)
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["loop"]
        assert moves(call)[-1] == ("person", "fallback")
        assert call.of(facts.HandoffCommitted)[-1].to_agent == "person"
        answers = call.of(facts.ToolAnswered)
        assert len(answers) == 5
        assert answers[-1].output == '{"ok": true, "status": "transferred", "to": "person", "reason": "loop"}'
        assert call.reasons[-1] == "handoff person"


async def test_without_a_fallback_the_giver_is_told_to_carry_on() -> None:
    async with ScriptedCall(house(loop_limit=4)) as call:
        await ping_pong(call, 5)
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["loop"]
        assert call.of(facts.ToolAnswered)[-1].error == "loop"
        assert call.reasons[-1] == "tool desk"


async def test_something_done_for_the_caller_ends_a_loop() -> None:
    async with ScriptedCall(house(loop_limit=3)) as call:
        await ping_pong(call, 2)
        await call.use("look", '{"what": "it"}')
        await call.use(*TRANSFER)
        await call.use(*BACK)
        assert not call.of(facts.HandoffRefused)
        assert len(call.of(facts.HandoffCommitted)) == 4


async def test_the_hop_limit_leads_to_the_fallback_too_and_what_it_may_not_see_stays_hidden() -> None:
    async with ScriptedCall(house(hop_limit=0, fallback="person")) as call:
        await ping_pong(call, 1)
        assert moves(call) == [("person", "fallback")]
        assert '"question": "why?"' in str(call.model.config.instructions)
        assert '"secret"' not in str(call.model.config.instructions)


# -- by code and by a supervisor ---------------------------------------------------------------------------------------


async def test_code_hands_the_call_over_along_an_edge() -> None:
    async with ScriptedCall(house()) as call:
        done = asyncio.create_task(call.session.transfer("expert", brief={"question": "why?"}))
        await call.pass_ms(100)
        assert await done
        assert moves(call) == [("expert", "code")]
        await call.answer("I am the expert.")
        await call.pass_ms(400)
        assert call.conversation[-1] == ("expert", "I am the expert.")


async def test_code_is_bound_to_edges_claims_and_brief() -> None:
    team = house()
    strict = replace(team, edges=[replace(EDGES[0], requires=("verified",)), *EDGES[1:]])
    async with ScriptedCall(strict) as call:
        with pytest.raises(ClaimMissing):
            await call.session.transfer("expert", brief={"question": "why?"})
    async with ScriptedCall(team) as call:
        with pytest.raises(BadArguments):
            await call.session.transfer("expert", brief={})
        with pytest.raises(HandoffRefused, match="has the call"):
            await call.session.transfer("desk")
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["bad_arguments", "no_edge"]
        assert call.reasons == ["opener desk"]


async def test_a_supervisor_may_send_the_call_anywhere_and_the_giver_ends_its_sentence() -> None:
    async with ScriptedCall(replace(house(), edges=EDGES[:2])) as call:
        await call.says("Why?")
        done = asyncio.create_task(call.session.transfer("person", by="supervisor", brief={"question": "angry"}))
        await call.pass_ms(60)
        assert not call.of(facts.HandoffCommitted)
        await call.answer("Let me see.")
        await call.pass_ms(300)
        assert await done
        assert call.conversation[-1] == ("desk", "Let me see.")
        assert call.reasons[-1] == "handoff person"
        assert "A supervisor passed the call to you." in str(call.model.config.instructions)


async def test_a_transfer_by_code_that_the_server_refuses_leaves_the_call_where_it_is() -> None:
    async with ScriptedCall(house()) as call:
        call.undecided = True
        done = asyncio.create_task(call.session.transfer("expert", brief={"question": "why?"}))
        await call.pass_ms(40)
        with pytest.raises(HandoffRefused, match="under way"):
            await call.session.transfer("person")
        await call.refuse()
        assert not await done
        assert call.of(facts.HandoffRolledBack)[0].reason == "invalid_value"
        assert call.reasons[-1] != "handoff person"


# -- who speaks first --------------------------------------------------------------------------------------------------


def beginnings(call: ScriptedCall) -> list[str]:
    """What each receiver was asked to begin with."""
    asked = (ask.response for ask in call.asks if ask.response and (ask.response.metadata or {})["reason"] == "handoff")
    return [str(response.instructions) for response in asked if response.instructions]


async def by_hand(call: ScriptedCall, to: str, **how: Any) -> bool:
    done = asyncio.create_task(call.session.transfer(to, **how))
    await call.pass_ms(100)
    return await done


@pytest.mark.parametrize("by", ["code", "menu", "supervisor"])
async def test_the_receiver_of_a_transfer_by_hand_speaks_at_once(by: Any) -> None:
    async with ScriptedCall(house()) as call:
        assert await by_hand(call, "person", by=by)
        assert [words.partition("say: ")[2] for words in beginnings(call)] == ['"Person here. How can I help you?"']
        assert call.asks[-1].response.tool_choice == "none"  # type: ignore[union-attr]


async def test_the_receiver_begins_with_the_phrase_of_the_edge() -> None:
    scripted = replace(EDGES[2], opener="scripted", phrase="A person, at last.")
    async with ScriptedCall(replace(house(keys=ZERO), edges=[*EDGES[:2], scripted])) as call:
        call.line.press("0#")
        await call.pass_ms(100)
        assert '"A person, at last."' in beginnings(call)[-1]


async def test_the_receiver_answers_what_nobody_has_answered() -> None:
    async with ScriptedCall(house()) as call:
        await call.says("Why?")
        begun, *rest = call.reply(speech("Let me see."))
        await call.push(begun)
        done = asyncio.create_task(call.session.transfer("person"))
        await call.clock.settle()
        call.session.say("Can you hear me?")
        await call.push(*rest)
        await call.pass_ms(300)
        assert await done
        assert call.reasons[-1] == "handoff person" and beginnings(call) == []


async def test_the_conversation_says_who_has_the_call_and_no_more_when_it_does_not() -> None:
    async with ScriptedCall(house()) as call:
        call.undecided = True
        done = asyncio.create_task(call.session.transfer("person"))
        await call.pass_ms(40)
        assert "desk has handed the call over to person." in str(call.model.sent)
        (note,) = [e.item.id for e in call.model.sent if "has handed the call over" in str(e)]  # type: ignore[union-attr]
        await call.refuse()
        assert not await done
        assert note in [event.item_id for event in call.model.sent if isinstance(event, rt.ConversationItemDelete)]


async def test_the_caller_may_choose_the_agent_who_waits_for_the_call() -> None:
    edge = handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, returns=Question)
    async with ScriptedCall(replace(house(), edges=[edge])) as call:
        assert await by_hand(call, "expert", brief={"question": "why?"})
        await call.answer("Expert here.")
        with pytest.raises(BadArguments):
            await call.session.transfer("desk")
        assert await by_hand(call, "desk", by="menu")
        assert call.of(facts.HandoffReturned)[0].result == {}
        assert call.reasons[-1] == "handoff desk" and "Desk here." in beginnings(call)[-1]


# -- by key ------------------------------------------------------------------------------------------------------------


async def test_a_key_pressed_alone_hands_the_call_over() -> None:
    async with ScriptedCall(house(keys=ZERO)) as call:
        call.line.press("0")
        await call.pass_ms(1_700)
        assert moves(call) == [("person", "key")]
        assert call.reasons[-1] == "handoff person"
        assert "pressed a key" in str(call.model.config.instructions)


async def test_a_key_that_may_not_and_a_key_within_a_number_are_words() -> None:
    async with ScriptedCall(house(keys=ZERO)) as call:
        call.line.press("10#")
        await call.pass_ms(40)
        assert not call.of(facts.HandoffProposed)
        await call.answer("Ten.")
        await call.says("Why?")
        await call.use(*TRANSFER)
        call.line.press("0#")
        await call.pass_ms(100)
        assert call.of(facts.HandoffRefused)[-1].reason == "no_edge"
        assert call.reasons[-1] in {"keys expert", "handoff expert"}


# -- onwards ---------------------------------------------------------------------------------------------------------


async def test_a_receiver_that_hands_on_before_it_was_put_in_place_hands_on_after_it() -> None:
    onward = handoff(frm="expert", to="person", description="Get a person.")
    async with ScriptedCall(replace(house(), edges=[*EDGES[:2], onward])) as call:
        await call.says("Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call(*TRANSFER)))
        await call.push(*call.reply(tool_call("transfer_to_person")))
        assert [fact.to_agent for fact in call.of(facts.HandoffProposed)] == ["expert"]
        await call.accept()
        await call.pass_ms(40)
        assert [fact.to_agent for fact in call.of(facts.HandoffCommitted)] == ["expert", "person"]
        await call.answer("I am the person.")
        await call.pass_ms(300)
        assert call.conversation[1:] == [("person", "I am the person.")]


async def test_what_waited_when_a_bridged_transfer_fails_is_asked_for_afterwards() -> None:
    async def broken(context: Any, agent: Any) -> str:
        raise RuntimeError("no instructions")

    bridged = handoff(frm="desk", to="expert", description="Ask.", brief=Question, opener="bridge", phrase="A moment.")
    team = replace(TEAM, agents=[desk, replace(expert, instructions=broken)], edges=[bridged], consults=())
    async with ScriptedCall(team) as call:
        await call.says("Look.")
        await call.use("slow")
        await call.pass_ms(2_200)
        assert call.reasons[-1] == "filler desk"
        done = asyncio.create_task(call.session.transfer("expert", brief={"question": "why?"}))
        await call.clock.settle()
        await call.answer("One second.")
        await call.pass_ms(40)
        await call.answer("A moment.")
        await call.pass_ms(500)
        assert not await done
        assert call.reasons[-2:] == ["bridge desk", "tool desk"]
