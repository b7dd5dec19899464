"""A call always ends, and its record holds what was said last."""

from dataclasses import replace

from huntgroup.domain import facts
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM


class StoppingLine(LoopbackLine):
    """A line whose clock can stand still."""

    stopped_at_ms: int | None = None

    def now_ms(self) -> int:
        return super().now_ms() if self.stopped_at_ms is None else self.stopped_at_ms


class MarklessLine(LoopbackLine):
    """A line that never says what was heard."""

    def mark(self, name: str) -> None:
        return


async def test_an_endless_talker_is_ended_by_the_longest_time() -> None:
    async with ScriptedCall(replace(TEAM, max_call_ms=60_000)) as call:
        await call.push(make.caller_says("and")[0])
        assert await call.over() == "too_long"


async def test_the_longest_time_is_told_before_the_call_ends() -> None:
    async with ScriptedCall(replace(TEAM, max_call_ms=5_000)) as call:
        await call.pass_ms(5_000)
        assert call.reasons[-1] == "goodbye desk"
        await call.answer("Please call again. Goodbye.", 1_000)
        assert await call.over(2_000) == "too_long"
        assert call.conversation[-1] == ("desk", "Please call again. Goodbye.")


async def test_a_model_that_answers_nothing_is_asked_again_in_two_sessions_and_given_up() -> None:
    async with ScriptedCall() as call:
        await call.says("Hello?")
        assert await call.over() == "model_lost"
    assert call.reasons == ["opener desk", "turn desk", *["retry desk"] * 5]
    assert [error.code for error in call.of(facts.ModelError)] == ["response_lost"] * 6
    assert [restored.verdict for restored in call.of(facts.ModelRestored)] == ["restored", "lost"]


async def test_a_reply_that_stops_in_the_middle_is_asked_for_again() -> None:
    async with ScriptedCall() as call:
        await call.says("Hello?")
        await call.push(*call.reply(speech("I am", 500))[:5])
        await call.pass_ms(21_000)
        assert [error.code for error in call.of(facts.ModelError)] == ["response_stalled"]
        assert call.reasons[-1] == "retry desk"


async def test_an_error_that_names_no_event_does_not_silence_the_agent() -> None:
    async with ScriptedCall() as call:
        await call.says("Hello?")
        await call.push(make.error("server_error", None))
        await call.pass_ms(11_000)
        assert call.reasons[-1] == "retry desk"
        await call.answer("Here I am.")
        await call.pass_ms(300)
        assert call.conversation[-1] == ("desk", "Here I am.")


async def test_a_line_whose_clock_stands_still_is_lost() -> None:
    async with ScriptedCall(line_type=StoppingLine) as call:
        assert isinstance(call.line, StoppingLine)
        call.line.stopped_at_ms = call.line.now_ms()
        assert await call.over(20_000) == "line_lost"
    assert call.of(facts.LineLost)[0].reason == "no_frames"


async def test_a_goodbye_whose_mark_is_lost_ends_the_call() -> None:
    async with ScriptedCall(line_type=MarklessLine) as call:
        await call.says("Bye.")
        # On such a line nobody can tell how much of the opener was heard, and the call waits a little to know.
        await call.pass_ms(600)
        await call.push(*call.reply(speech("Goodbye then.", 500), tool_call("goodbye")))
        assert await call.over(3_000) == "agent_hung_up"
    assert call.heard_ms == 700


async def test_a_goodbye_without_sound_ends_the_call() -> None:
    async with ScriptedCall() as call:
        await call.says("Bye.")
        await call.push(*call.reply(speech("Goodbye then.", 0), tool_call("goodbye")))
        assert await call.over(3_000) == "agent_hung_up"


async def test_last_words_are_recorded_though_their_text_comes_after_the_hang_up() -> None:
    async with ScriptedCall() as call:
        *turn, transcript = make.caller_says("Cancel it, bye.")
        await call.push(*turn)
        call.line.caller_hangs_up()
        await call.clock.advance(200)
        await call.push(transcript)
        assert await call.over(2_000) == "caller_hung_up"
    assert [spoke.text for spoke in call.of(facts.CallerSpoke)] == ["Cancel it, bye."]


async def test_a_turn_that_the_hang_up_cut_is_in_the_record() -> None:
    async with ScriptedCall() as call:
        await call.push(make.caller_says("I wanted")[0])
        await call.pass_ms(500)
        call.line.lose()
        assert await call.over(5_000) == "line_lost"
    assert [(spoke.turn, spoke.text) for spoke in call.of(facts.CallerSpoke)] == [(0, "")]


async def test_speech_during_the_goodbye_of_a_silence_keeps_the_call() -> None:
    async with ScriptedCall() as call:
        for words in ("Are you there?", "Say yes.", "Goodbye."):
            await call.pass_ms(9_000)
            await call.answer(words, 1_000)
        assert [prompt.stage for prompt in call.of(facts.SilencePrompted)][-1] == "goodbye"
        await call.says("I am here!")
        await call.answer("Great.")
        await call.pass_ms(5_000)
        assert not call.is_over
        assert call.conversation[-1] == ("desk", "Great.")
