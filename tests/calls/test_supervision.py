"""A supervisor takes the call: the agent is silent, two people talk, the agent is told and goes on."""

from dataclasses import replace

import pytest

from huntgroup.calls.overview import glance
from huntgroup.calls.processes.rebuild import rebuild
from huntgroup.calls.processes.resumption import settle_open
from huntgroup.calls.record.log import FactLog
from huntgroup.calls.succession.seeding import seed_items
from huntgroup.calls.supervision.bridge import Bridge
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts as f
from huntgroup.domain.errors import HandoffRefused, ModelUnavailable
from huntgroup.media.formats import PCM16_24K, PCMU_8K
from huntgroup.media.transcode import transcode
from huntgroup.teams import ToolContext, tool
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.scripted_supervisor import ScriptedSupervisor
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire.realtime import InputAudioBufferCommit, MessageItem
from tests.calls.broken import HummedPhrases, seeds
from tests.calls.conftest import Dial
from tests.calls.desk import CallDesk, say
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, desk, expert
from tests.calls.test_input_guard import team as guarded_team

TONE = b"\x10\x27\xf0\xd8" * 12 * 20 * 25  # half a second of a loud 12 kHz tone


async def taken(call: CallDesk, by: str = "Ada") -> ScriptedSupervisor:
    """Have somebody take the call and be connected."""
    person = ScriptedSupervisor()
    call.session.supervise(person, by)
    await call.until(lambda: bool(call.of(f.SupervisorJoined)) and len(call.engine.ears) >= 3)
    await call.pass_ms(200)
    return person


async def supervisor_says(call: CallDesk, text: str) -> None:
    """A stretch of the supervisor's speech, as the second session hears it."""
    ear = call.engine.ears[-1]
    ear.start(100)
    await call.clock.settle()
    ear.stop(900)
    ear.hear(text)
    await call.clock.settle()
    await call.pass_ms(40)


async def caller_says(call: CallDesk, text: str) -> None:
    ear = call.engine.ears[-2]
    now_ms = call.line.now_ms()
    ear.start(max(0, now_ms - 400))
    await call.clock.settle()
    ear.stop(now_ms)
    ear.hear(text)
    await call.clock.settle()
    await call.pass_ms(40)


async def test_the_agent_falls_silent_at_once_and_remembers_what_was_heard(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("A very long answer that nobody wants to hear.")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(400)
        await taken(call)
        cut = call.of(f.Interrupted)[0]
        assert cut.cause == "supervisor"
        assert 0 < cut.heard_ms < cut.generated_ms
        heard = len(call.line.heard)
        await call.pass_ms(2_000)
        assert len(call.line.heard) == heard


async def test_caller_and_supervisor_hear_one_another(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        person = await taken(call)
        before_ms, heard = person.heard_ms, len(call.line.heard)
        person.say(TONE)
        call.line.speak(transcode(TONE, PCM16_24K, PCMU_8K))
        await call.pass_ms(1_000)
        assert person.heard_ms - before_ms == 1_000
        assert max(person.heard[-40_000:]) > 0
        assert len(call.line.heard) - heard == pytest.approx(500 * PCMU_8K.bytes_per_ms, abs=PCMU_8K.frame_bytes)


async def test_the_transcript_goes_on_on_both_sides_and_nobody_answers(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        await taken(call)
        await caller_says(call, "I want a person.")
        await supervisor_says(call, "I am one.")
        await call.pass_ms(3_000)
        assert [fact.text for fact in call.of(f.CallerSpoke)] == ["I want a person."]
        assert [fact.text for fact in call.of(f.SupervisorSpoke)] == ["I am one."]
        assert call.spoken == ["Hello."]
        seen = glance(call.session)
        assert (seen["supervisor"], seen["last"]) == ("Ada", {"speaker": "supervisor", "text": "I am one."})


async def test_the_agent_gets_the_call_back_with_all_that_was_said(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("Then Monday it is.")) as call:
        person = await taken(call)
        await caller_says(call, "Is Monday free?")
        await supervisor_says(call, "Monday at nine is yours.")
        assert not call.session.give_back("Eve")
        assert call.session.give_back("Ada")
        await call.until(lambda: "Then Monday it is." in call.spoken)
        read = " ".join(getattr(entry, "text", "") for entry in call.engine.mind.thoughts[-1].history)
        assert (
            read.index("Is Monday free?") < read.index("Monday at nine is yours.") < read.index("given the call back")
        )
        assert [(left.by, left.reason) for left in call.of(f.SupervisorLeft)] == [("Ada", "given_back")]
        assert person.let_go_times == 1
        assert not call.session.give_back("Ada")
    spans = [span for span in spans_of(call.session.log.facts) if span["kind"] == "supervisor"]
    assert [span["attributes"]["reason"] for span in spans] == ["given_back"]
    assert [span["kind"] for span in call.session.tracer.trace_summary()].count("supervisor") == 1


async def test_the_last_words_are_understood_before_the_agent_goes_on(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("Good.")) as call:
        await taken(call)
        call.engine.ears[-1].start(100)
        await call.clock.settle()
        call.session.give_back("Ada")
        await call.until(lambda: "Good." in call.spoken)
        types = call.types()
        assert call.of(f.SupervisorSpoke)[0].text == "push to talk"
        assert types.index("SupervisorSpoke") < types.index("SupervisorLeft")


async def test_a_supervisor_whose_page_is_lost_is_waited_for_and_then_the_agent_says_so(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("I am back.")) as call:
        person = await taken(call)
        person.is_there = False
        await call.pass_ms(3_000)
        person.is_there = True
        await call.pass_ms(3_000)
        assert call.of(f.SupervisorLeft) == []
        person.is_there = False
        await call.until(lambda: "I am back." in call.spoken)
        assert call.of(f.SupervisorLeft)[0].reason == "lost"
        assert "with you again" in str(call.engine.mind.thoughts[-1].response_instructions)


async def test_who_has_the_call_may_come_again_on_another_page_and_nobody_else(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        first = await taken(call)
        other, again = ScriptedSupervisor(), ScriptedSupervisor()
        with pytest.raises(HandoffRefused, match="another supervisor"):
            call.session.supervise(other, "Eve")
        assert other.let_go_times == 1
        call.session.supervise(again, "Ada")
        await call.pass_ms(200)
        assert (first.let_go_times, again.let_go_times) == (1, 0)
        assert again.heard_ms >= 160
        assert len(call.of(f.SupervisorJoined)) == 1


async def test_two_people_of_one_name_are_two(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        call.session.supervise(ScriptedSupervisor(), "Ada", "first")
        await call.until(lambda: bool(call.of(f.SupervisorJoined)))
        with pytest.raises(HandoffRefused, match="another supervisor"):
            call.session.supervise(ScriptedSupervisor(), "Ada", "second")
        assert not call.session.give_back("second")
        assert not call.session.end_as_supervisor("second")
        assert call.session.give_back("first")


async def test_a_supervisor_who_never_connects_changes_nothing(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("At nine.")) as call:
        person = ScriptedSupervisor(is_there=False)
        call.session.supervise(person, "Ada")
        await call.say("When?")
        assert "At nine." in call.spoken
        await call.pass_ms(16_000)
        assert person.let_go_times == 1
        assert call.of(f.SupervisorJoined) == []


async def test_no_handoff_and_no_silence_prompt_while_a_person_has_the_call(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        await taken(call)
        with pytest.raises(HandoffRefused):
            await call.session.transfer(TEAM.agents[1].name, by="supervisor")
        await call.pass_ms(30_000)
        assert call.of(f.SilencePrompted) == []


async def test_the_supervisor_ends_the_call(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        await taken(call)
        assert call.session.end_as_supervisor("Ada")
        assert await call.over() == "supervisor_hung_up"
    assert call.types()[-2:] == ["SupervisorLeft", "CallEnded"]


async def test_a_caller_who_hangs_up_lets_the_supervisor_go(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        person = await taken(call)
        call.line.caller_hangs_up()
        assert await call.over() == "caller_hung_up"
    assert person.let_go_times >= 1
    assert call.of(f.SupervisorLeft)[0].reason == "call_over"


async def test_another_session_and_another_process_know_what_the_supervisor_said(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        await taken(call)
        await supervisor_says(call, "It costs nothing.")
        record = list(call.session.log.facts)
    items = [item for item in seed_items(record, TEAM) if isinstance(item, MessageItem)]
    assert any("It costs nothing." in str(item.content[0].text) for item in items)
    state = rebuild(record, TEAM)
    assert state.supervisor is not None
    assert state.last_words == "It costs nothing."


async def test_a_person_keeps_a_call_that_the_agent_was_about_to_end_and_not_one_past_its_length(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        assert call.session.live is not None
        call.session.live.ending = "agent_hung_up"
        await taken(call)
        assert call.session.live.ending is None
    async with dial(TEAM, say("Hello.")) as call:
        assert call.session.live is not None
        call.session.live.ending = "too_long"
        with pytest.raises(HandoffRefused, match="ending"):
            call.session.supervise(ScriptedSupervisor(), "Ada")


@pytest.mark.parametrize("ends", ["given_back", "hung_up", "caller_hung_up"])
async def test_a_call_that_a_person_has_is_not_cut_at_its_longest_and_ends_when_they_leave(ends: str) -> None:
    async with ScriptedCall(replace(TEAM, max_call_ms=5_000)) as call:
        await held(call)
        await call.pass_ms(30_000)
        assert len(call.of(f.LengthReached)) == 1
        assert not call.is_over
        if ends == "given_back":
            call.session.give_back("Ada")
            await call.pass_ms(100)
            assert call.reasons[1:] == ["goodbye desk"]
            await call.answer("Goodbye.")
        elif ends == "hung_up":
            call.session.end_as_supervisor("Ada")
        else:
            call.line.caller_hangs_up()
        assert await call.over() == {"given_back": "too_long", "hung_up": "supervisor_hung_up"}.get(ends, ends)


async def test_a_goodbye_that_a_model_never_says_ends_a_call_past_its_longest_after_a_person_left() -> None:
    async with ScriptedCall(replace(TEAM, max_call_ms=5_000)) as call:
        await held(call)
        await call.pass_ms(30_000)
        call.session.give_back("Ada")
        await call.pass_ms(14_000)
        assert not call.is_over
        assert await call.over(2_000) == "too_long"


# -- when something breaks meanwhile --------------------------------------------------------------------------------


async def held(call: ScriptedCall) -> ScriptedSupervisor:
    """Have Ada take a call whose model is played by hand; `call.current` stays the call's own session."""
    call.current = call.model
    person = ScriptedSupervisor()
    call.session.supervise(person, "Ada")
    await call.pass_ms(200)
    assert len(call.sessions) == 2
    return person


async def says(call: ScriptedCall, text: str) -> None:
    """The supervisor says something, as the session of the scribe hears it."""
    call.sessions[1].push(*make.caller_says(text))
    await call.clock.settle()


async def test_a_model_that_is_lost_meanwhile_is_replaced_without_a_word_to_the_caller() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await held(call)
        await says(call, "It costs nothing.")
        asked, heard_ms = len(call.asks), call.heard_ms
        await call.lose()
        await call.pass_ms(5_000)
        assert (len(call.asks), call.heard_ms) == (asked, heard_ms)
        call.current = call.sessions[-1]
        assert any("It costs nothing." in line for line in seeds(call))
        call.session.give_back("Ada")
        await call.pass_ms(100)
        assert call.reasons[-1] == "given_back desk"


async def test_a_model_that_is_lost_for_good_leaves_the_call_to_the_supervisor() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await held(call)
        call.fail(ModelUnavailable("gone", retryable=False))
        await call.lose()
        await call.pass_ms(10_000)
        assert not call.is_over
        assert call.heard_ms == 200
        call.session.give_back("Ada")
        assert await call.over() == "model_lost"
        assert call.conversation[-1][1] == "I am sorry. Please call again."


async def test_a_scribe_that_loses_its_session_gets_another_and_a_gap_is_no_end() -> None:
    async with ScriptedCall() as call:
        await held(call)
        call.sessions[1].push(*make.caller_says("never told")[:1])
        await call.clock.settle()
        call.sessions[1].end("connection_lost")
        await call.pass_ms(3_000)
        call.sessions[2].push(*make.caller_says("I am here."))
        await call.clock.settle()
        assert [spoke.text for spoke in call.of(f.SupervisorSpoke)] == ["", "I am here."]


async def test_a_reply_that_crosses_the_take_over_is_never_heard() -> None:
    async with ScriptedCall() as call:
        await call.says("Tell me.")
        heard_ms = call.heard_ms
        await held(call)
        await call.answer("Here I am.")
        await call.pass_ms(500)
        assert call.heard_ms == heard_ms
        assert call.of(f.AgentSpoke)[-1].heard_text == "Hello."


async def test_a_supervisor_who_was_there_when_the_process_died_is_on_record_as_gone() -> None:
    async with ScriptedCall() as call:
        await held(call)
        record = list(call.session.log.facts)
    log = FactLog("call", now_ms=lambda: 0, owner=lambda: "desk", listeners=(), earlier=record)
    settle_open(rebuild(record, TEAM), {}, log, 0)
    assert [(fact.by, fact.reason) for fact in log.facts if isinstance(fact, f.SupervisorLeft)] == [
        ("Ada", "process_lost")
    ]


async def test_frames_of_every_length_cross_the_bridge_in_pieces_of_20_ms() -> None:
    line, person = LoopbackLine(VirtualClock()), ScriptedSupervisor()
    said: list[bytes] = []
    bridge = Bridge(line, said.append)
    for ms in (20, 10, 30, 60, 20):
        bridge.frame(PCMU_8K.silence(ms), person)
    assert person.heard_ms in (120, 140)
    assert [len(piece) for piece in said] == [PCM16_24K.frame_bytes] * (person.heard_ms // 20)


async def test_the_house_says_nothing_of_an_outage_while_two_people_talk() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await held(call)
        call.fail(*[ModelUnavailable("busy")] * 4)
        await call.lose()
        await call.pass_ms(8_000)
        assert call.heard_ms == 200
        assert [lost.reason for lost in call.of(f.ModelLost)] == ["connection_lost"]


async def test_what_the_caller_says_to_a_person_is_not_checked_and_holds_nothing_up() -> None:
    async with ScriptedCall(guarded_team(input_mode="strict")) as call:
        await held(call)
        await call.says("Something rude.")
        call.session.give_back("Ada")
        await call.pass_ms(100)
        assert call.of(f.GuardrailTripped) == call.of(f.GuardrailChecked) == []
        assert call.reasons[-1] == "given_back desk"
        await call.answer("Very well.")
        await call.says("Something rude.")
        await call.pass_ms(100)
        assert len(call.of(f.GuardrailTripped)) == 1


async def test_what_the_caller_types_to_a_person_is_not_checked_either() -> None:
    async with ScriptedCall(guarded_team(input_mode="strict")) as call:
        await held(call)
        call.session.say("Something rude.")
        await call.pass_ms(100)
        assert [(fact.text, fact.how) for fact in call.of(f.CallerSpoke)] == [("Something rude.", "typed")]
        call.session.give_back("Ada")
        await call.pass_ms(100)
        assert call.of(f.GuardrailTripped) == call.of(f.GuardrailChecked) == []
        assert call.reasons[1:] == ["given_back desk"]


async def test_what_was_to_be_said_before_a_person_came_is_not_said_after_they_left() -> None:
    async with ScriptedCall(guarded_team(input_mode="strict")) as call:
        *turn, transcript = make.caller_says("Something rude.")
        await call.push(*turn)
        await held(call)
        await call.push(transcript)
        assert len(call.of(f.GuardrailTripped)) == 1
        call.session.give_back("Ada")
        await call.pass_ms(100)
        await call.answer("Where were we?")
        await call.pass_ms(1_000)
        assert call.reasons == ["opener desk", "given_back desk"]


async def test_a_reply_that_failed_before_a_person_came_is_not_asked_for_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Why?")
        await call.push(*call.reply(status="failed"))
        await held(call)
        await call.pass_ms(500)
        call.session.give_back("Ada")
        await call.pass_ms(100)
        await call.answer("Where were we?")
        await call.pass_ms(1_000)
        assert call.reasons[2:] == ["given_back desk"]


async def test_a_person_who_comes_after_the_end_cuts_no_last_words() -> None:
    async with ScriptedCall() as call:
        person = ScriptedSupervisor(is_there=False)
        call.session.supervise(person, "Ada")
        await call.says("Goodbye.")
        await call.push(*call.reply(speech("Goodbye then.", 2_000)))
        await call.pass_ms(200)
        assert call.session.desk is not None
        call.session.desk.end("too_long")
        await call.pass_ms(100)
        person.is_there = True
        assert await call.over() == "too_long"
    assert call.of(f.SupervisorJoined) == []
    assert call.conversation[-1] == ("desk", "Goodbye then.")
    assert person.let_go_times >= 1


async def taken_without_a_scribe(call: ScriptedCall) -> None:
    """Ada takes a call, the scribe's first session cannot be opened, she speaks, and gives the call back."""
    call.current = call.model
    call.fail(ModelUnavailable("busy"))
    person = ScriptedSupervisor()
    call.session.supervise(person, "Ada")
    await call.pass_ms(200)
    person.say(TONE)
    await call.pass_ms(800)
    assert len(call.sessions) == 1
    call.session.give_back("Ada")


async def test_what_was_said_before_anybody_could_write_it_down_is_written_before_the_agent_goes_on() -> None:
    async with ScriptedCall() as call:
        await taken_without_a_scribe(call)
        await call.pass_ms(1_200)
        begun, *rest = make.caller_says("It costs nothing.")
        call.sessions[1].push(begun)
        await call.pass_ms(40)
        assert len(call.sessions[1].sent_of(InputAudioBufferCommit)) == 1
        call.sessions[1].push(*rest)
        await call.pass_ms(100)
        assert [spoke.text for spoke in call.of(f.SupervisorSpoke)] == ["It costs nothing."]
        assert call.reasons[-1] == "given_back desk"


async def test_it_is_on_record_that_nobody_could_write_down_what_was_said() -> None:
    async with ScriptedCall() as call:
        call.fail(*[ModelUnavailable("busy")] * 3)
        await taken_without_a_scribe(call)
        await call.pass_ms(1_600)
        assert [error.code for error in call.of(f.ModelError)] == ["busy", "supervisor_not_transcribed"]
        assert call.reasons[-1] == "given_back desk"


@tool(effect="write")
async def leave_slowly(ctx: ToolContext) -> dict[str, object]:
    """End the call, in a second."""
    await ctx.context.clock.sleep_ms(1_000)
    ctx.context.hang_up("agent_hung_up")
    return {"ok": True}


async def test_a_tool_that_ends_the_call_does_not_end_it_after_a_person_came() -> None:
    team = replace(TEAM, agents=[replace(desk, tools=[leave_slowly]), expert])
    async with ScriptedCall(team) as call:
        await call.says("Goodbye.")
        await call.push(*call.reply(tool_call("leave_slowly")))
        await held(call)
        await call.pass_ms(2_000)
        assert call.of(f.ToolAnswered)
        call.session.give_back("Ada")
        await call.pass_ms(2_000)
        assert call.reasons[-1] == "given_back desk"
        assert not call.is_over
