"""Replies that never end: what they asked for is settled, and nobody waits for them."""

import pytest

from huntgroup.domain import facts
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.broken import HummedPhrases
from tests.calls.scripted import ScriptedCall, speech, tool_call, up_to
from tests.calls.test_output_guard import guard, no_secrets, team

GOODBYE = speech("Goodbye."), tool_call("goodbye")
TRANSFER = tool_call("transfer_to_expert", '{"question": "why?"}')


@pytest.mark.parametrize("parts", [(TRANSFER,), GOODBYE], ids=["transfer", "goodbye"])
async def test_the_tools_of_a_stalled_reply_are_answered(parts: tuple) -> None:  # type: ignore[type-arg]
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(*parts)[:-1])
        await call.pass_ms(21_000)
        await call.answer("Sorry, say that again.")
        await call.pass_ms(5_000)
        assert len(call.of(facts.ToolAnswered)) == 1


async def test_a_transfer_of_a_reply_that_was_cut_when_the_model_was_lost_is_answered() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(TRANSFER)[:-1])
        now_ms = call.line.now_ms()
        await call.push(make.caller_says("Hello?", start_ms=now_ms, end_ms=now_ms + 300)[0])
        await call.lose()
        await call.pass_ms(1_000)
        assert [answer.ok for answer in call.of(facts.ToolAnswered)] == [False]
        assert not call.of(facts.HandoffCommitted)


async def test_keys_pressed_over_a_reply_that_had_not_begun_are_answered() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        call.line.press("4#")
        await call.pass_ms(60)
        await call.push(*call.reply(speech("Because."), status="cancelled"))
        await call.pass_ms(60)
        assert call.reasons[-1] == "keys desk"


async def test_what_comes_of_a_stalled_reply_after_all_is_not_heard() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        reply = call.reply(speech("Because of the", 400), speech("long winter.", 400), tool_call("verify"))
        ends = [at for at, event in enumerate(reply) if isinstance(event, rt.ResponseOutputItemDone)]
        await call.push(*reply[: ends[0] + 1])
        await call.pass_ms(20_500)
        await call.push(*reply[ends[0] + 1 :])
        await call.answer("Sorry, say that again.")
        await call.pass_ms(500)
        assert [text for _, text in call.conversation[1:]] == ["Because of the", "Sorry, say that again."]
        assert call.heard_ms == 200 + 400 + 200
        assert not call.of(facts.ToolCalled)


async def test_the_words_that_were_heard_of_a_sentence_that_stalled_are_in_the_record() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        reply = call.reply(speech("Because of the long winter.", 1_000))
        await call.push(*up_to(reply, rt.ResponseOutputAudioDelta))
        await call.pass_ms(21_000)
        spoke = call.of(facts.AgentSpoke)[-1]
        assert (spoke.heard_ms, spoke.heard_text, spoke.interrupted) == (1_000, "Because of the", True)


async def test_the_model_forgets_the_words_of_a_stalled_sentence_that_never_became_sound() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        reply = call.reply(speech("Because of the long winter.", 1_000))
        await call.push(*up_to(reply, rt.ResponseOutputAudioDelta))
        await call.pass_ms(21_000)
        (cancel, cut) = call.model.sent_of(rt.ResponseCancel | rt.ConversationItemTruncate)[-2:]
        assert isinstance(cancel, rt.ResponseCancel)
        assert isinstance(cut, rt.ConversationItemTruncate)
        assert cut.audio_end_ms == call.of(facts.AgentSpoke)[-1].heard_ms == 1_000


async def test_the_model_forgets_a_stalled_sentence_of_which_there_was_no_sound_once() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        reply = call.reply(speech("Because.", 400))
        begun = up_to(reply, rt.ResponseOutputAudioTranscriptDelta)
        await call.push(*begun)
        await call.pass_ms(21_000)
        await call.push(*reply[len(begun) :])
        assert len(call.model.sent_of(rt.ConversationItemDelete)) == 1
        assert not call.model.sent_of(rt.ConversationItemTruncate)
        assert call.heard_ms == 200


async def test_a_reply_that_was_cut_and_never_ends_is_not_asked_for_again_and_keeps_its_cut() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        reply = call.reply(speech("Because of the long winter that we had.", 3_000))
        await call.push(*up_to(reply, rt.ResponseOutputAudioDelta))
        await call.pass_ms(1_000)
        turn = make.caller_says("And the summer?", start_ms=call.line.now_ms() - 200, end_ms=call.line.now_ms() + 1_500)
        await call.push(turn[0])
        await call.pass_ms(2_000)
        await call.push(*turn[1:])
        await call.pass_ms(21_000)
        await call.answer("It is warm.")
        await call.pass_ms(2_000)
        assert call.reasons[1:] == ["turn desk", "turn desk"]
        assert len(call.model.sent_of(rt.ConversationItemTruncate)) == len(call.of(facts.Interrupted)) == 1


async def test_what_keys_made_void_before_it_began_is_not_asked_for_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        call.line.press("4#")
        await call.pass_ms(11_000)
        await call.answer("Because.")
        await call.pass_ms(2_000)
        assert call.reasons[1:] == ["turn desk", "keys desk"]


async def test_a_tool_of_a_guarded_reply_that_stalls_is_answered() -> None:
    async with ScriptedCall(team(guard(no_secrets))) as call:
        await call.says("Why?")
        await call.push(*call.reply(speech("Because of the long", 400), tool_call("write", '{"what": "x"}'))[:-1])
        await call.pass_ms(21_000)
        assert len(call.of(facts.ToolAnswered)) == 1
        assert call.reasons[1:] == ["turn desk", "tool desk"]


async def test_what_was_refused_for_a_response_that_nobody_knows_is_asked_for_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(make.error("conversation_already_has_active_response", call.asks[-1].event_id))
        await call.pass_ms(2_000)
        assert call.reasons[1:] == ["turn desk", "turn desk"]
        await call.answer("Because.")
        await call.pass_ms(500)
        assert call.conversation[-1] == ("desk", "Because.")


async def test_what_was_refused_waits_while_the_server_is_at_work() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(make.error("conversation_already_has_active_response", call.asks[-1].event_id))
        for _ in range(8):
            await call.pass_ms(240)
            await call.push(rt.ResponseOutputAudioDone(response_id="r", item_id="i", output_index=0, content_index=0))
        assert call.reasons[1:] == ["turn desk"]


async def refuse(call: ScriptedCall, code: str, seconds: int) -> None:
    """For so long the server refuses whatever is asked for."""
    refused = len(call.asks) - 1
    for _ in range(seconds * 10):
        for ask in call.asks[refused:]:
            await call.push(make.error(code, ask.event_id))
        refused = len(call.asks)
        await call.pass_ms(100)


async def test_a_session_that_refuses_five_times_in_a_row_is_replaced_by_another() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await call.says("Why?")
        await refuse(call, "conversation_already_has_active_response", 6)
        assert [error.code for error in call.of(facts.ModelError)] == ["response_in_the_way"]
        assert [lost.reason for lost in call.of(facts.ModelLost)] == ["failing"]
        assert len(call.sessions) == 2
        await call.answer("Because.")
        await call.pass_ms(3_000)
        assert call.conversation[-1] == ("desk", "Because.")


@pytest.mark.parametrize("code", ["conversation_already_has_active_response", "server_error"])
async def test_a_server_that_refuses_for_ever_ends_the_call_with_an_apology(code: str) -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await call.says("Why?")
        await refuse(call, code, 15)
        assert await call.over() == "model_lost"
        assert [restored.verdict for restored in call.of(facts.ModelRestored)] == ["restored", "lost"]
        assert len(call.asks) < 15


async def test_a_request_that_was_refused_once_is_made_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(make.error("server_error", call.asks[-1].event_id))
        await call.pass_ms(300)
        await call.answer("Because.")
        await call.pass_ms(500)
        assert call.reasons[1:] == ["turn desk", "retry desk"]
        assert call.conversation[-1] == ("desk", "Because.")


async def test_a_prompt_that_was_refused_is_made_again_unless_the_caller_speaks() -> None:
    async with ScriptedCall() as call:
        await call.pass_ms(8_500)
        await call.push(make.error("server_error", call.asks[-1].event_id))
        await call.pass_ms(300)
        assert call.reasons[1:] == ["silence desk", "silence desk"]
        await call.push(make.error("server_error", call.asks[-1].event_id))
        await call.says("Yes?")
        await call.pass_ms(1_000)
        assert call.reasons[3:] == ["turn desk"]


async def test_a_reply_that_failed_and_a_turn_that_came_meanwhile_are_answered_by_one() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(status="failed"))
        now_ms = call.line.now_ms()
        turn = make.caller_says("And how?", start_ms=now_ms, end_ms=now_ms + 800)
        await call.push(turn[0])
        await call.pass_ms(1_000)
        await call.push(*turn[1:])
        await call.answer("So.")
        await call.pass_ms(2_000)
        assert len(call.asks) == 3


async def test_a_reply_that_the_caller_cut_is_not_asked_for_again_when_it_fails() -> None:
    async with ScriptedCall(opened=False) as call:
        *reply, end = call.reply(
            speech("Hello, this is the desk of the house, how can I help?", 4_000), status="failed"
        )
        await call.push(*reply)
        await call.pass_ms(500)
        now_ms = call.line.now_ms()
        await call.push(*make.caller_says("Stop, I want an appointment.", start_ms=now_ms, end_ms=now_ms + 500))
        await call.push(end)
        await call.pass_ms(1_500)
        await call.answer("For when?")
        await call.pass_ms(1_000)
        assert call.reasons == ["opener desk", "turn desk"]
        assert [error.code for error in call.of(facts.ModelError)] == ["response_failed"]


async def test_a_server_that_stops_after_every_tool_call_is_lost() -> None:
    async with ScriptedCall() as call:
        await call.says("Look.")
        for asked in range(2, 5):
            assert len(call.asks) == asked
            await call.push(*up_to(call.reply(tool_call("look", '{"what": "x"}')), rt.ResponseOutputItemDone))
            await call.pass_ms(21_000)
        assert [error.code for error in call.of(facts.ModelError)] == ["response_stalled"] * 3
        assert [lost.reason for lost in call.of(facts.ModelLost)] == ["failing"]
        assert len(call.sessions) == 2
