"""What is dead is not heard: replies that were rolled back, forbidden, or crossed the caller on the wire."""

import asyncio
from dataclasses import replace

from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.teams import ToolContext, tool
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, speech, tool_call, up_to
from tests.calls.teams import TEAM, desk, expert

TRANSFER = tool_call("transfer_to_expert", '{"question": "why?"}')


async def begin_transfer(call: ScriptedCall, *others: tuple[rt.Item, bytes]) -> None:
    """Let the desk transfer the call; the model has the update and has not decided on it."""
    await call.says("Why?")
    call.undecided = True
    name, arguments = "transfer_to_expert", '{"question": "why?"}'
    await call.push(*call.reply(*others, tool_call(name, arguments)))


async def test_a_receiver_that_begins_after_the_rollback_is_not_heard() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        await call.refuse()
        await call.answer("I am the expert.")
        await call.answer("I'll help you myself.")
        await call.pass_ms(400)
        assert call.conversation[1:] == [("desk", "I'll help you myself.")]
        assert call.reasons[2:] == ["handoff expert", "rollback desk"]
        assert call.heard_ms == 400


async def test_a_receiver_that_goes_on_after_the_rollback_is_not_heard() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        reply = call.reply(speech("I am the expert."))
        await call.push(*reply[:5])
        await call.pass_ms(3_100)
        assert call.of(facts.HandoffRolledBack)[0].reason == "deadline"
        await call.push(*reply[5:])
        await call.answer("I'll help you myself.")
        await call.pass_ms(400)
        assert call.conversation[1:] == [("desk", "I'll help you myself.")]
        assert call.heard_ms == 400


async def test_a_receivers_tools_are_not_run_after_the_rollback() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        await call.refuse()
        await call.push(*call.reply(tool_call("look", '{"what": "it"}'), ask=2))
        assert [answered.tool for answered in call.of(facts.ToolAnswered)] == ["transfer_to_expert"]


async def test_an_update_without_a_verdict_does_not_spoil_the_next_handoff() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        call.undecided = False
        await call.pass_ms(3_100)
        await call.answer("I am the expert.", ask=2)
        await call.answer("Sorry.")
        await call.pass_ms(400)
        await call.says("Again!")
        await call.use("transfer_to_expert", '{"question": "why?"}')
        await call.answer("Because.")
        await call.pass_ms(4_000)
        assert len(call.of(facts.HandoffRolledBack)) == len(call.of(facts.HandoffCommitted)) == 1
        assert call.conversation[1:] == [("desk", "Sorry."), ("expert", "Because.")]


async def test_a_reply_that_never_began_is_nobodys_and_is_not_heard() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        created, *rest = call.reply(speech("Because."), tool_call("look", '{"what": "it"}'))
        assert isinstance(created, rt.ResponseCreated)
        await call.push(*rest)
        await call.pass_ms(400)
        assert call.heard_ms == 200
        assert not call.of(facts.ToolCalled)


async def test_a_reply_forbidden_before_its_first_sound_is_not_heard() -> None:
    async def no_secrets(context, agent, output: str) -> GuardrailFunctionOutput:  # type: ignore[no-untyped-def]
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="secret" in output)

    careful = replace(desk, output_guardrails=[OutputGuardrail(no_secrets, name="no_secrets")])
    async with ScriptedCall(replace(TEAM, agents=[careful, expert])) as call:
        await call.says("Tell me.")
        words = speech(f"The secret of this house is under the big stone {'behind the wall ' * 6}", 4_000)
        reply = call.reply(words)
        await call.push(*reply[:5])
        await call.push(*reply[5:])
        await call.pass_ms(500)
        assert [tripped.heard_ms for tripped in call.of(facts.GuardrailTripped)] == [0]
        assert call.heard_ms == 200
        assert call.reasons[-1] == "guardrail desk"


async def test_a_reply_that_crosses_the_caller_is_not_heard_and_asked_for_again_once() -> None:
    async with ScriptedCall() as call:
        await call.says("Anything free?")
        await call.use("look", '{"what": "a slot"}')
        started, *rest = make.caller_says("Wait!")
        await call.push(started)
        await call.answer("There is a slot.", 2_000)
        await call.pass_ms(1_000)
        assert call.heard_ms == 200
        assert len(call.model.sent_of(rt.ResponseCancel)) == 1
        await call.push(*rest)
        assert call.reasons[2:] == ["tool desk", "tool desk"]


async def test_a_key_stops_a_reply_with_all_of_its_items() -> None:
    async with ScriptedCall() as call:
        await call.says("Tell me.")
        reply = call.reply(speech("First part.", 1_000), speech("Second part.", 1_000))
        sounds = [at for at, event in enumerate(reply) if isinstance(event, rt.ResponseOutputAudioDelta)]
        await call.push(*reply[: sounds[0] + 1])
        await call.pass_ms(200)
        call.line.press("1#")
        await call.clock.settle()
        heard_ms = call.heard_ms
        await call.push(*reply[sounds[0] + 1 :])
        await call.pass_ms(1_500)
        assert call.heard_ms == heard_ms < 500
        assert call.model.sent_of(rt.ResponseCancel)
        assert call.reasons[2:] == ["keys desk"]


async def test_a_turn_during_the_swap_is_answered_once_and_by_the_receiver() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        await call.says("And hurry!")
        await call.accept()
        await call.answer("Because.")
        await call.pass_ms(400)
        # The turn was committed before the server began the receiver's reply, so that reply answers it.
        assert call.reasons[2:] == ["handoff expert"]
        assert call.of(facts.AgentSpoke)[-1].agent == "expert"


async def test_a_late_tool_of_the_giver_does_not_make_the_receiver_speak_twice() -> None:
    opened = asyncio.Event()

    @tool(effect="read")
    async def gated(ctx: ToolContext) -> dict[str, object]:
        """Answer when told."""
        await opened.wait()
        return {"ok": True}

    team = replace(TEAM, agents=[replace(desk, tools=[gated]), expert])
    async with ScriptedCall(team) as call:
        await begin_transfer(call, tool_call("gated"))
        opened.set()
        await call.accept()
        await call.answer("Because.")
        await call.pass_ms(400)
        assert {answer.tool for answer in call.of(facts.ToolAnswered)} == {"transfer_to_expert", "gated"}
        assert call.reasons[2:] == ["handoff expert"]


async def test_what_follows_the_acceptance_at_once_is_judged_by_the_receivers_tools() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        back = call.reply(tool_call("return_to_desk", '{"outcome": "known"}'))
        call.model.push(*call.acceptance(), *back)
        await call.pass_ms(100)
        called = call.of(facts.ToolCalled)[-1]
        assert (called.agent, called.tool, called.effect) == ("expert", "return_to_desk", "terminal")
        assert call.of(facts.HandoffReturned)[0].result == {"outcome": "known"}


async def test_a_tool_call_without_an_id_is_run_once() -> None:
    async with ScriptedCall() as call:
        await call.says("Look.")
        item = rt.FunctionCallItem(id=new_id("item"), name="look", arguments='{"what": "it"}')
        await call.push(*call.reply((item, b"")))
        assert len(call.of(facts.ToolCalled)) == len(call.of(facts.ToolAnswered)) == 1
        assert call.reasons[2:] == ["tool desk"]


async def test_a_reply_that_may_use_no_tools_may_not_when_it_is_asked_for_again() -> None:
    async with ScriptedCall() as call:
        await call.pass_ms(8_500)
        await call.push(*call.reply(status="failed"))
        await call.pass_ms(300)
        assert call.reasons[1:] == ["silence desk", "silence desk"]
        assert [ask.response.tool_choice for ask in call.asks[1:]] == ["none", "none"]
        assert call.asks[2].response.instructions == call.asks[1].response.instructions


async def test_a_flood_of_errors_is_recorded_only_in_its_beginning() -> None:
    async with ScriptedCall() as call:
        strange = rt.UnknownServerEvent(type="new.thing", raw={})
        for _ in range(1_000):
            call.model.push(make.error("bad_audio", "x"), strange)
        await call.says("Are you there?")
        assert len(call.of(facts.ModelError)) + len(call.of(facts.BadInput)) == 100
        assert call.reasons[-1] == "turn desk"


async def test_nothing_is_begun_after_the_caller_has_hung_up() -> None:
    async with ScriptedCall() as call:
        await call.says("Write it.")
        reply = call.reply(tool_call("verify"), TRANSFER)
        call.line.caller_hangs_up()
        await call.push(*reply)
        assert await call.over(2_000) == "caller_hung_up"
    assert call.session.log.facts[-1] == call.of(facts.CallEnded)[0]
    assert not call.of(facts.ClaimGranted)


async def cut_while_written(call: ScriptedCall) -> list[rt.ServerEvent]:
    """The caller speaks over a receiver that nobody hears yet, because it is undecided and still being written."""
    await begin_transfer(call)
    reply = call.reply(speech("I am the expert, and this is why.", 1_000))
    await call.push(*up_to(reply, rt.ResponseOutputAudioDelta))
    now_ms = call.line.now_ms()
    await call.push(*make.caller_says("Wait!", start_ms=now_ms, end_ms=now_ms + 300))
    return reply


async def test_a_receiver_cut_while_it_is_written_and_undecided_is_remembered_as_heard_once_committed() -> None:
    async with ScriptedCall() as call:
        reply = await cut_while_written(call)
        assert not call.model.sent_of(rt.ConversationItemTruncate)
        assert isinstance(reply[0], rt.ResponseCreated)
        await call.push(rt.ResponseDone(response=rt.Response(id=reply[0].response.id, status="cancelled", output=[])))
        await call.accept()
        cuts = call.model.sent_of(rt.ConversationItemTruncate)
        assert [cut.audio_end_ms for cut in cuts] == [0]
        assert cuts[0].item_id == next(event.item_id for event in reply if hasattr(event, "item_id"))
        spoke = call.of(facts.AgentSpoke)[-1]
        assert (spoke.agent, spoke.heard_ms, spoke.interrupted) == ("expert", 0, True)
        await call.pass_ms(1_500)
        assert call.heard_ms == 200


async def test_a_receiver_stopped_by_a_key_while_it_is_undecided_is_remembered_as_heard_once_committed() -> None:
    async with ScriptedCall() as call:
        await begin_transfer(call)
        reply = call.reply(speech("I am the expert.", 1_000))
        await call.push(*reply[:-1])
        call.line.press("4#")
        await call.pass_ms(60)
        await call.push(reply[-1])
        await call.accept()
        assert [cut.audio_end_ms for cut in call.model.sent_of(rt.ConversationItemTruncate)] == [0]
        assert call.reasons[-1] == "keys expert"


async def test_nothing_is_told_of_a_receiver_that_was_cut_and_rolled_back() -> None:
    async with ScriptedCall() as call:
        await cut_while_written(call)
        await call.refuse()
        await call.pass_ms(1_500)
        assert not call.model.sent_of(rt.ConversationItemTruncate)
        assert [spoke.agent for spoke in call.of(facts.AgentSpoke)] == ["desk"]
        assert call.heard_ms == 200
