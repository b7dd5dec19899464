"""Calls of which only newer records tell enough: each is held again and is the same, so that none falls back."""

import pytest
from msgspec import structs

from huntgroup.calls.replay.script import replies_of
from huntgroup.domain import facts
from huntgroup.domain.facts import Fact
from huntgroup.domain.ids import new_id
from huntgroup.replaying import recorded_profile
from huntgroup.teams import Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.recorded_model import RecordedModel
from huntgroup.testing.replay import Replayed, clock_of, cues_of, replay
from huntgroup.testing.scripted_supervisor import ScriptedSupervisor
from huntgroup.wire import realtime as rt
from tests.calls.replay.test_replayed_calls import again, says, told
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.talker import STORY, Talker, voice
from tests.calls.teams import TEAM
from tests.calls.test_output_guard import guard, no_secrets
from tests.calls.test_output_guard import team as guarded
from tests.calls.test_sound_elsewhere import WORDS, VendorDesk

LONG = "I am the expert, and this is a long story of ours."
WHY = '{"question": "why?"}'


def as_of_old(recorded: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The record without what older versions did not write."""
    left_out = {"ordered": None, "response_id": "", "text": ""}
    kinds = facts.AgentSpoke | facts.ToolCalled | facts.GuardrailTripped | facts.GuardrailFailed
    names = {
        facts.AgentSpoke: ["ordered"],
        facts.ToolCalled: ["response_id"],
        facts.GuardrailTripped: ["response_id", "text"],
        facts.GuardrailFailed: ["response_id", "text"],
    }
    return tuple(
        structs.replace(fact, **{name: left_out[name] for name in names[type(fact)]})
        if isinstance(fact, kinds)
        else fact
        for fact in recorded
    )


# -- words ------------------------------------------------------------------------------------------------------------


async def test_a_model_that_does_not_say_what_it_was_told_says_the_same_again() -> None:
    async with ScriptedCall(opened=False) as call:
        await call.answer("Good morning, this is somebody else entirely.", 600)
        await call.pass_ms(1_000)
        await says(call, "Thanks.")
        await call.answer("Goodbye.")
        await call.pass_ms(500)
    assert [spoke.ordered for spoke in call.of(facts.AgentSpoke)] == ["Hello.", None]
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke")[0].startswith("Good morning")


async def test_a_greeting_is_interrupted_again() -> None:
    async with Talker(opened=False) as call:
        await call.push(*call.reply(speech(STORY, 4_000)))
        await call.pass_ms(600)
        await call.utter(900)
        await call.understood("Stop.")
        await call.pass_ms(300)
        await call.answer("Yes?")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke")[0].endswith("—")


async def test_a_caller_who_hangs_up_before_a_reply_sounds_does_not_hear_it_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "Why?")
        await call.answer("Because.")
    assert [spoke.heard_text for spoke in call.of(facts.AgentSpoke)] == ["Hello.", ""]
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke") == ["Hello."]


@pytest.mark.parametrize(("voice_ms", "ahead_ms"), [(600, 200), (900, 400), (1_200, 500)])
async def test_a_caller_who_began_to_speak_before_the_reply_sounded_cuts_it_at_the_same_word(
    voice_ms: int, ahead_ms: int
) -> None:
    async with Talker() as call:
        await says(call, "Tell me.")
        call.item_id = new_id("item")
        start_ms = call.line.now_ms()
        call.line.speak(voice(voice_ms))
        await call.pass_ms(ahead_ms)
        await call.push(*call.reply(speech(STORY, 4_000)))
        await call.pass_ms(60)
        await call.push(rt.InputAudioBufferSpeechStarted(item_id=call.item_id, audio_start_ms=start_ms))
        await call.pass_ms(voice_ms - ahead_ms + 240)
        await call.end()
        await call.pass_ms(100)
        await call.understood("Stop.")
        await call.pass_ms(500)
    place = cues_of(call.session.log.facts)[1].place
    assert (place.when, place.ahead_ms) == ("cut", ahead_ms)
    assert (await again(call.session.log.facts)).difference is None


# -- guardrails -------------------------------------------------------------------------------------------------------


async def test_a_reply_that_was_stopped_before_its_first_sound_is_stopped_again() -> None:
    async with ScriptedCall(guarded(guard(no_secrets))) as call:
        await says(call, "Tell me.")
        await call.push(*make.response([make.spoken("The secret is seven.")], metadata=call._about(call.asks[-1])))
        await call.answer("I'm sorry.")
        await call.pass_ms(500)
    tripped = call.of(facts.GuardrailTripped)[0]
    assert tripped.text == "The secret is seven."
    assert [reply.stopped for reply in replies_of(call.session.log.facts)] == [False, True, False]
    replayed = await again(call.session.log.facts, guarded(guard(no_secrets)))
    assert replayed.difference is None
    assert told(replayed, "GuardrailTripped", "AgentSpoke")[1:] == ["rule (output): retracted", "I'm sorry."]


# -- handoffs and tools -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", [True, False])
async def test_what_is_said_while_a_handoff_is_undecided_is_said_there_again(accepted: bool) -> None:
    async with ScriptedCall() as call:
        await says(call, "Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call("transfer_to_expert", WHY)))
        await says(call, "Wait!")
        await (call.accept() if accepted else call.refuse())
        await call.answer(LONG)
        await call.pass_ms(1_000)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert bool(told(replayed, "HandoffCommitted")) is accepted


async def test_a_caller_who_hangs_up_while_a_handoff_is_undecided_leaves_it_undecided_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call("transfer_to_expert", WHY)))
        await call.pass_ms(100)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "HandoffRolledBack") == ["desk > expert: call_ended"]


async def test_a_tool_call_told_with_the_end_of_a_cut_reply_is_of_that_reply_again() -> None:
    async with Talker() as call:
        await says(call, "Tell me.")
        whole = call.reply(speech(STORY, 4_000))
        await call.push(*whole[:-1])
        await call.pass_ms(600)
        await call.utter(900)
        await call.understood("Stop.")
        done = make.response([tool_call("look", '{"what": "it"}')], status="cancelled")[-1]
        assert isinstance(done, rt.ResponseDone)
        done.response.id = whole[-1].response.id  # type: ignore[union-attr]
        done.response.output[0].status = "completed"  # type: ignore[index]
        await call.push(done)
        await call.answer("Yes?")
        await call.pass_ms(500)
    called = call.of(facts.ToolCalled)[0]
    assert (called.turn, called.response_id) == (1, call.of(facts.AgentSpoke)[1].response_id)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert "interrupted" in told(replayed, "ToolAnswered")[0]


async def test_a_claim_that_no_tool_granted_is_granted_again() -> None:
    async with ScriptedCall() as call:
        call.session.context.claims.grant("verified", "p1")
        await says(call, "Write it.")
        await call.use("write", '{"what": "it"}')
        await call.answer("Done.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ClaimGranted") == ["verified of p1"]


# -- people -----------------------------------------------------------------------------------------------------------


async def test_a_supervisor_who_takes_the_call_takes_it_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "I want a person.")
        await call.answer(STORY, 4_000)
        await call.pass_ms(800)
        call.session.supervise(ScriptedSupervisor(), "Ada")
        await call.pass_ms(1_000)
        await says(call, "Is Monday free?")
        await call.pass_ms(1_000)
        assert call.session.give_back("Ada")
        await call.pass_ms(2_000)
        await call.answer("Then Monday it is.")
        await call.pass_ms(1_000)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "SupervisorJoined", "SupervisorLeft") == ["Ada", "Ada: given_back"]


# -- sound at the model's server --------------------------------------------------------------------------------------


async def held_again(recorded: tuple[Fact, ...], team: Team = TEAM) -> Replayed:
    return await replay(recorded, team, RecordedModel(recorded, recorded_profile(recorded)), clock_of(recorded))


async def test_a_call_whose_sound_is_at_the_vendor_is_the_same_again() -> None:
    async with VendorDesk() as desk:
        await desk.answers(WORDS, "r1")
        await desk.pass_ms(1_000)
        desk.push(rt.InputAudioBufferSpeechStarted(item_id="u1", audio_start_ms=900))
        await desk.pass_ms(1_500)
        desk.push(rt.OutputAudioBufferCleared(response_id="r1"))
        await desk.pass_ms(100)
    recorded = desk.session.log.facts
    assert recorded_profile(recorded).plays_itself
    replayed = await held_again(recorded)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke")[0].endswith("—")


# -- older records ----------------------------------------------------------------------------------------------------


async def test_a_record_without_these_fields_is_held_again_as_before() -> None:
    async with ScriptedCall() as call:
        await says(call, "Look.")
        await call.use("look", '{"what": "tea"}')
        await call.answer("There is tea.")
        await call.pass_ms(500)
        await says(call, "Why?")
        await call.use("transfer_to_expert", WHY)
        await call.answer("Because.")
        await call.pass_ms(500)
    replayed = await again(as_of_old(call.session.log.facts))
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke") == ["Hello.", "There is tea.", "Because."]
