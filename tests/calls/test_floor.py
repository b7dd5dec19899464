"""Whose turn it is while the agent speaks: signs of listening, noises, and real interruptions."""

from dataclasses import replace

from huntgroup.analytics.metrics import interruptions
from huntgroup.calls.ports import LineMark
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts
from huntgroup.engine.ports import Said
from huntgroup.teams import BargeInPolicy
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.conftest import Dial
from tests.calls.desk import say
from tests.calls.scripted import speech, tool_call, up_to
from tests.calls.talker import STORY, Talker
from tests.calls.teams import TEAM


async def test_a_sign_of_listening_does_not_break_the_agents_sound() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        await call.understood("Uh-huh.")
        await call.pass_ms(4_500)
        assert [(ignored.reason, ignored.text) for ignored in call.of(facts.SpeechIgnored)] == [
            ("backchannel", "Uh-huh.")
        ]
        assert [sound.end_ms - sound.start_ms for sound in call.line.sounds] == [200, 4_000]
        assert call.line.clears == 0
        assert call.deleted == [call.item_id]
        assert call.reasons == ["opener desk", "turn desk"]
        assert call.of(facts.AgentSpoke)[-1].heard_text == STORY


async def test_a_cough_that_stopped_the_agent_lets_it_go_on_where_it_was_heard() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(900)
        assert call.line.clears == 1
        heard_ms = call.heard_ms
        await call.pass_ms(400)
        assert call.heard_ms == heard_ms
        await call.understood("")
        await call.pass_ms(4_500)
        resumed = call.of(facts.AgentResumed)[0]
        assert abs(resumed.heard_ms - (heard_ms - 200)) <= 20
        assert resumed.silent_ms >= 400
        assert abs(call.heard_ms - 4_200) <= 20
        assert not call.of(facts.Interrupted)
        assert not call.model.sent_of(rt.ResponseCancel)
        assert not call.truncated
        assert call.reasons == ["opener desk", "turn desk"]


async def test_what_is_made_while_it_is_open_whose_turn_it_is_is_said_afterwards() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        reply = call.reply(speech("First part.", 1_500), speech("Second part.", 1_000))
        sounds = [at for at, event in enumerate(reply) if isinstance(event, rt.ResponseOutputAudioDelta)]
        await call.push(*reply[: sounds[0] + 1])
        await call.pass_ms(300)
        await call.utter(900)
        await call.push(*reply[sounds[0] + 1 :])
        await call.understood("")
        await call.pass_ms(3_000)
        assert [spoke.heard_text for spoke in call.of(facts.AgentSpoke)[1:]] == ["First part.", "Second part."]
        assert abs(call.heard_ms - 2_700) <= 20


async def test_a_short_stop_is_obeyed_as_soon_as_it_is_understood() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        before_ms = call.heard_ms
        await call.understood("Stop.")
        await call.pass_ms(500)
        assert call.heard_ms - before_ms <= 20
        assert call.truncated == [before_ms - 200]
        assert call.of(facts.AgentSpoke)[-1].interrupted
        assert call.reasons == ["opener desk", "turn desk", "turn desk"]
        assert call.deleted == []
        order = [type(event).__name__ for event in call.model.sent]
        assert order.index("ConversationItemTruncate") < len(order) - 1 - order[::-1].index("ResponseCreate")


async def test_long_speech_stops_the_agent_once_it_has_lasted_and_is_a_turn_without_waiting_for_words() -> None:
    async with Talker() as call:
        await call.talk()
        await call.begin(2_000)
        await call.pass_ms(660)
        assert call.line.clears == 0
        await call.pass_ms(80)
        assert call.line.clears == 1
        assert not call.of(facts.Interrupted)
        heard_ms = call.heard_ms - 200
        await call.pass_ms(600)
        assert [cut.heard_ms for cut in call.of(facts.Interrupted)] == call.truncated == [heard_ms]
        await call.end()
        assert call.reasons[2:] == ["turn desk"]
        await call.understood("Actually I need another day.")
        assert call.of(facts.CallerSpoke)[-1].text == "Actually I need another day."


async def test_patience_of_nothing_stops_the_agent_at_once() -> None:
    team = replace(TEAM, barge_in=BargeInPolicy(patience_ms=0))
    async with Talker(team) as call:
        await call.talk()
        await call.begin(400)
        assert call.line.clears == 1


async def test_a_yes_to_a_question_is_an_answer() -> None:
    async with Talker() as call:
        await call.talk(speech("Shall I book it?", 1_000), heard_ms=900)
        await call.utter(300, silence_ms=0)
        await call.understood("Yeah.")
        await call.pass_ms(100)
        assert not call.of(facts.SpeechIgnored)
        assert call.reasons[2:] == ["turn desk"]


async def test_an_okay_when_the_agent_has_ended_is_a_turn() -> None:
    async with Talker() as call:
        await call.talk(speech("It is booked.", 600), heard_ms=400)
        await call.utter(400)
        await call.understood("Okay.")
        assert [spoke.text for spoke in call.of(facts.CallerSpoke)] == ["Tell me.", "Okay."]
        assert call.reasons[2:] == ["turn desk"]
        assert not call.of(facts.SpeechIgnored)


async def test_words_that_do_not_come_count_as_said() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        await call.pass_ms(980)
        assert call.reasons[2:] == []
        await call.pass_ms(40)
        assert call.reasons[2:] == ["turn desk"]
        assert len(call.of(facts.Interrupted)) == 1
        await call.understood("No, wait.")
        assert call.of(facts.CallerSpoke)[-1].text == "No, wait."


async def test_a_sound_that_the_server_drops_is_a_noise() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(900, commit=False)
        await call.pass_ms(2_100)
        assert [ignored.reason for ignored in call.of(facts.SpeechIgnored)] == ["noise"]
        await call.pass_ms(4_000)
        assert abs(call.heard_ms - 4_200) <= 20
        assert call.deleted == []


async def test_no_tool_is_begun_while_it_is_open_whose_turn_it_is() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        reply = call.reply(speech(STORY, 4_000), tool_call("look", '{"what": "it"}'))
        begun = up_to(reply, rt.ResponseOutputAudioDelta)
        await call.push(*begun)
        await call.pass_ms(500)
        await call.begin(500)
        await call.push(*reply[len(begun) :])
        assert not call.of(facts.ToolCalled)
        await call.pass_ms(700)
        await call.end()
        await call.understood("No, wait.")
        assert [(answer.tool, answer.error) for answer in call.of(facts.ToolAnswered)] == [("look", "interrupted")]


async def test_a_tool_goes_on_after_a_sign_of_listening() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        reply = call.reply(speech(STORY, 4_000), tool_call("look", '{"what": "it"}'))
        begun = up_to(reply, rt.ResponseOutputAudioDelta)
        await call.push(*begun)
        await call.pass_ms(500)
        await call.begin(500)
        await call.push(*reply[len(begun) :])
        await call.pass_ms(700)
        await call.end()
        await call.understood("Mm-hmm.")
        await call.pass_ms(40)
        assert [(answer.tool, answer.ok) for answer in call.of(facts.ToolAnswered)] == [("look", True)]
        assert call.reasons[2:] == ["tool desk"]


async def test_later_items_are_cut_at_nothing_and_what_comes_after_the_cut_is_forgotten() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        reply = call.reply(speech("First.", 3_000), speech("Second.", 1_000), speech("Third.", 1_000))
        sounds = [at for at, event in enumerate(reply) if isinstance(event, rt.ResponseOutputAudioDelta)]
        await call.push(*reply[: sounds[1] + 1])
        await call.pass_ms(500)
        await call.utter(400)
        await call.understood("Stop.")
        await call.push(*reply[sounds[1] + 1 :])
        assert call.truncated[1:] == [0]
        third = reply[sounds[2]]
        assert isinstance(third, rt.ResponseOutputAudioDelta)
        assert call.deleted == [third.item_id]
        await call.pass_ms(2_000)
        assert call.heard_ms == 200 + call.truncated[0]


async def test_keys_stop_the_agent_at_once_even_while_it_is_open_whose_turn_it_is() -> None:
    async with Talker() as call:
        await call.talk()
        await call.begin(500)
        call.line.press("1#")
        await call.clock.settle()
        await call.pass_ms(20)
        assert [cut.cause for cut in call.of(facts.Interrupted)] == ["keys"]
        assert call.truncated == [600]


async def test_a_turn_that_is_open_when_the_call_ends_is_in_the_record() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        call.line.caller_hangs_up()
        await call.over()
    assert [spoke.text for spoke in call.of(facts.CallerSpoke)] == ["Tell me.", ""]
    assert call.of(facts.AgentSpoke)[-1].interrupted


async def test_speech_while_nothing_is_heard_is_a_turn_at_once() -> None:
    async with Talker() as call:
        await call.says("Anything free?")
        reply = call.reply(speech("There is a slot.", 2_000))
        await call.push(*reply[:2])
        started, *rest = make.caller_says("On Tuesday!")
        await call.push(started)
        assert len(call.model.sent_of(rt.ResponseCancel)) == 1
        await call.push(*reply[2:], *rest)
        await call.pass_ms(300)
        assert call.heard_ms == 200
        assert call.reasons[2:] == ["turn desk"]


async def test_the_trace_shows_what_became_of_each_doubt() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        await call.understood("Right.")
        await call.utter(900)
        await call.understood("")
        await call.pass_ms(100)
        live = [span for span in call.session.tracer.trace_summary() if span["kind"] == "floor"]
        told = [span for span in spans_of(call.session.log.facts) if span["kind"] == "floor"]
        assert [span["attributes"]["became"] for span in live] == ["backchannel", "noise"]
        assert [span["attributes"].get("became", span["name"]) for span in told] == [
            "backchannel", "noise", "agent silent",
        ]  # fmt: skip


async def test_only_what_was_a_turn_counts_as_an_interruption() -> None:
    async with Talker() as call:
        await call.talk(speech(STORY, 4_000), speech("And more.", 1_000))
        await call.utter(900)
        await call.understood("")
        await call.utter(400)
        await call.understood("Stop.")
        log = call.session.log.facts
        assert len(call.of(facts.Interrupted)) == 2
        assert interruptions(log) == 1


async def test_the_last_words_of_a_call_that_ends_are_said_although_somebody_spoke_over_them() -> None:
    async with Talker() as call:
        await call.says("Bye.")
        await call.push(*call.reply(speech("Thank you for calling.", 2_000)))
        await call.pass_ms(300)
        await call.begin(1_500)
        await call.pass_ms(800)
        assert call.line.clears == 1
        call.session.context.hang_up("agent_hung_up")
        await call.pass_ms(600)
        await call.end()
        assert await call.over(6_000) == "agent_hung_up"
    assert abs(call.heard_ms - 2_200) <= 20


async def test_the_models_memory_knows_nothing_of_a_sign_of_listening(dial: Dial) -> None:
    answers = say("Hello."), say("A long story about our opening hours on every day of the week."), say("No.")
    async with dial(TEAM, *answers) as call:
        await call.speak("When do you open?")
        await call.pass_ms(600)
        await call.say("Uh-huh.")
        await call.say("And on Sundays?")
        words = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert "When do you open?" in words
        assert "And on Sundays?" in words
        assert "Uh-huh." not in words


async def test_a_short_yes_in_the_middle_of_a_question_is_no_answer_yet() -> None:
    question = "Would you like to come on Tuesday morning, or is it better on Thursday in the late afternoon?"
    async with Talker() as call:
        await call.talk(speech(question, 6_000), heard_ms=1_000)
        await call.utter(300)
        await call.understood("Mhm.")
        assert [ignored.reason for ignored in call.of(facts.SpeechIgnored)] == ["backchannel"]


async def test_two_sounds_one_after_the_other_are_each_judged() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(300)
        first = call.item_id
        await call.utter(400)
        second, call.item_id = call.item_id, first
        await call.understood("Yeah.")
        assert call.deleted == [first]
        assert not call.of(facts.Interrupted)
        call.item_id = second
        await call.understood("Wait!")
        assert call.of(facts.Interrupted)
        assert call.reasons[2:] == ["turn desk"]
        assert [spoke.text for spoke in call.of(facts.CallerSpoke)] == ["Tell me.", "Wait!"]


async def test_an_agent_that_was_silenced_goes_on_when_the_model_is_lost() -> None:
    async with Talker() as call:
        await call.talk()
        await call.begin(1_000)
        await call.pass_ms(800)
        assert call.line.clears == 1
        call.model.end()
        assert await call.over() == "model_lost"
    assert abs(call.heard_ms - 4_200) <= 20


async def test_a_transfer_put_off_when_the_caller_hangs_up_does_not_happen() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        reply = call.reply(speech(STORY, 4_000), tool_call("transfer_to_expert", '{"question": "why?"}'))
        *rest, done = reply
        await call.push(*rest)
        await call.pass_ms(300)
        await call.begin(600)
        await call.push(done)
        call.line.caller_hangs_up()
        assert await call.over() == "caller_hung_up"
        assert not call.of(facts.HandoffProposed)
        assert [answer.error for answer in call.of(facts.ToolAnswered)] == ["call_ended"]


class SlowMarks(LoopbackLine):
    """A line that says 500 ms later what a clear has cut."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self._owed: list[tuple[int, str]] = []

    def clear(self) -> None:
        self.clears += 1
        self._owed += [(self.now_ms() + 500, name) for name in self._playback.clear()]

    def on_the_way(self, frame: bytes, played: bytes) -> bytes:
        for _, name in [owed for owed in self._owed if owed[0] <= self.now_ms()]:
            self._inbox.put_nowait(LineMark(name))
        self._owed = [owed for owed in self._owed if owed[0] > self.now_ms()]
        return frame


async def test_an_agent_that_waits_to_go_on_does_not_while_somebody_takes_the_floor_again() -> None:
    async with Talker(line_type=SlowMarks) as call:
        await call.talk()
        await call.utter(900, silence_ms=0)
        heard_ms = call.heard_ms
        await call.understood("")
        await call.begin(1_200)
        await call.pass_ms(900)
        assert call.heard_ms == heard_ms
        assert not call.of(facts.AgentResumed)
        await call.end()
        await call.understood("")
        await call.pass_ms(5_000)
        assert len(call.of(facts.AgentPaused)) == len(call.of(facts.AgentResumed)) == 1
        assert call.heard_ms > heard_ms
