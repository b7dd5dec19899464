"""The model is lost in the middle of a call: the caller hears so at once, and the agent goes on where it was."""

from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.broken import HummedPhrases, seeds, sound_ms, texts
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM

PHRASE = "One moment, please."


def broken_call(*failures: ModelUnavailable, opened: bool = True) -> ScriptedCall:
    return ScriptedCall(phrases=HummedPhrases(), failures=failures, opened=opened)


def down(times: int) -> list[ModelUnavailable]:
    return [ModelUnavailable("server_error") for _ in range(times)]


async def test_a_call_goes_on_in_another_session_with_all_that_was_said() -> None:
    async with broken_call() as call:
        await call.says("My name is Kim.")
        await call.answer("Hello Kim.")
        await call.pass_ms(400)
        await call.lose()
        assert seeds(call) == ["assistant: Hello.", "user: My name is Kim.", "assistant: Hello Kim."]
        await call.says("When are you open?")
        await call.answer("At nine.")
        await call.pass_ms(400)
        assert call.conversation[-1] == ("desk", "At nine.")
        assert [fact.verdict for fact in call.of(facts.ModelRestored)] == ["restored"]


async def test_the_caller_hears_a_phrase_within_300_ms_and_the_answer_after_it() -> None:
    async with broken_call() as call:
        await call.says("When are you open?")
        call.fail(*down(4))
        lost_ms = call.line.now_ms()
        await call.lose()
        await call.pass_ms(300)
        assert call.line.sounds[-1].start_ms - lost_ms < 300
        await call.pass_ms(3_000)
        assert call.reasons[-1] == "resume desk"
        await call.answer("At nine.")
        await call.pass_ms(400)
        assert texts(call) == ["Hello.", PHRASE, "At nine."]


async def test_an_outage_is_in_the_trace_live_and_rebuilt() -> None:
    async with broken_call() as call:
        call.fail(*down(3))
        await call.lose()
        await call.pass_ms(3_000)
        live = next(span for span in call.session.tracer.trace_summary() if span["kind"] == "outage")
        rebuilt = next(span for span in spans_of(call.session.log.facts) if span["kind"] == "outage")
        assert live["attributes"]["verdict"] == rebuilt["attributes"]["verdict"] == "restored"
        assert (live["start_ms"], live["end_ms"]) == (rebuilt["start_ms"], rebuilt["end_ms"])


async def test_a_quiet_call_that_is_restored_at_once_says_nothing() -> None:
    async with broken_call() as call:
        await call.lose()
        await call.pass_ms(2_000)
        assert texts(call) == ["Hello."]


async def test_a_half_spoken_reply_is_remembered_as_heard_and_goes_on() -> None:
    async with broken_call() as call:
        await call.says("When are you open?")
        whole = call.reply(speech("We open at nine and we close at six in the evening.", 1_000))
        cut = next(at for at, event in enumerate(whole) if isinstance(event, rt.ResponseOutputAudioDone))
        await call.push(*whole[:cut])
        await call.lose()
        assert call.reasons[-1] == "turn desk"
        await call.pass_ms(1_500)
        heard = call.of(facts.AgentSpoke)[1]
        assert (heard.heard_text, heard.interrupted) == ("We open at nine", True)
        assert seeds(call)[-2] == "assistant: We open at nine"
        assert "Say what is missing" in seeds(call)[-1]
        assert call.reasons[-1] == "resume desk"


async def test_a_running_tool_goes_on_and_its_answer_reaches_the_new_session() -> None:
    async with broken_call() as call:
        await call.says("Look it up.")
        await call.use("slow")
        await call.lose()
        assert seeds(call)[-1] == "call slow"
        await call.pass_ms(1_000)
        await call.answer("One moment.")
        await call.pass_ms(1_500)
        assert "Here it is." in seeds(call)[-1]
        assert call.reasons[-1] == "tool desk"
        assert [answer.ok for answer in call.of(facts.ToolAnswered)] == [True]


async def test_a_tool_that_answers_during_the_outage_is_seeded_with_its_answer() -> None:
    async with broken_call() as call:
        await call.says("Look it up.")
        await call.use("slow")
        call.fail(*down(8))
        await call.lose()
        await call.pass_ms(10_000)
        kinds = [line.split()[0] for line in seeds(call)]
        assert kinds[kinds.index("call") + 1] == "answer"
        assert call.reasons[-1] == "tool desk"


async def test_a_tool_call_in_a_reply_that_broke_is_answered_once() -> None:
    async with broken_call() as call:
        await call.says("Look it up.")
        events = call.reply(tool_call("look", '{"what": "milk"}'))
        await call.push(*events[:-1])
        await call.lose()
        await call.pass_ms(500)
        assert len(call.of(facts.ToolCalled)) == len(call.of(facts.ToolAnswered)) == 1
        assert call.reasons[-1] == "tool desk"


async def test_what_the_caller_is_saying_reaches_the_new_session_whole() -> None:
    async with broken_call() as call:
        await call.pass_ms(2_000)
        start_ms = call.line.now_ms()
        await call.push(make.caller_says("x", start_ms=start_ms, end_ms=start_ms)[0])
        await call.pass_ms(1_000)
        call.fail(*down(3))
        await call.lose()
        await call.pass_ms(1_500)
        assert sound_ms(call) >= call.line.now_ms() - start_ms - 20
        await call.says("Can you hear me?")
        assert call.reasons[-1] == "turn desk"
        assert [fact.text for fact in call.of(facts.CallerSpoke)] == ["Can you hear me?"]


async def test_a_turn_whose_words_never_came_is_heard_again_and_told_once() -> None:
    async with broken_call() as call:
        await call.pass_ms(1_000)
        await call.push(*make.caller_says("Twice?", start_ms=200, end_ms=900)[:5])
        await call.lose()
        assert call.reasons == ["opener desk", "turn desk"]
        assert sound_ms(call) >= 800
        await call.says("Once.")
        assert call.reasons[-1] == "turn desk"
        assert [fact.text for fact in call.of(facts.CallerSpoke)] == ["Once."]


async def test_events_of_the_old_session_are_dropped() -> None:
    async with broken_call() as call:
        old = call.model
        await call.says("When?")
        late = call.reply(speech("Too late."))
        await call.lose()
        old.push(*late)
        await call.pass_ms(500)
        assert "Too late." not in texts(call)


async def test_a_server_that_does_not_answer_at_the_start_is_tried_again() -> None:
    async with broken_call(*down(3), opened=False) as call:
        await call.pass_ms(300)
        assert call.line.sounds[0].start_ms < 300
        await call.pass_ms(2_000)
        await call.answer("Hello.")
        await call.pass_ms(500)
        assert texts(call) == [PHRASE, "Hello."]
        assert call.of(facts.ModelRestored)[0].attempts == 4


async def test_a_wrong_key_ends_the_call_with_an_apology() -> None:
    async with broken_call() as call:
        call.fail(ModelUnavailable("invalid_api_key", retryable=False))
        await call.lose()
        assert await call.over() == "model_lost"
    assert texts(call)[-1] == "I am sorry. Please call again."
    assert [fact.verdict for fact in call.of(facts.ModelRestored)] == ["lost"]


async def test_a_server_that_stays_away_is_given_up_and_the_caller_is_told() -> None:
    async with broken_call() as call:
        call.fail(*down(500))
        await call.says("Hello?")
        await call.lose()
        assert await call.over() == "model_lost"
    assert texts(call)[1] == PHRASE
    assert "I am still here." in texts(call)
    assert texts(call)[-1] == "I am sorry. Please call again."
    assert call.line.now_ms() < 45_000


async def test_sessions_that_open_and_break_at_once_are_not_tried_for_ever() -> None:
    async with broken_call() as call:
        for _ in range(400):
            if call.is_over:
                break
            if call.model.sent_of(rt.SessionUpdate):
                call.model.end("server_error")
            await call.pass_ms(100)
        assert await call.over() == "model_lost"
    assert 20 < len(call.sessions) < 60
    assert [fact.verdict for fact in call.of(facts.ModelRestored)][-1] == "lost"


async def test_without_phrases_the_call_is_silent_but_recovers() -> None:
    async with ScriptedCall(TEAM) as call:
        await call.says("When?")
        call.fail(*down(2))
        await call.lose()
        await call.pass_ms(1_000)
        await call.answer("At nine.")
        await call.pass_ms(400)
        assert texts(call) == ["Hello.", "At nine."]


async def test_a_goodbye_is_not_held_up_by_a_lost_model() -> None:
    async with broken_call() as call:
        await call.says("Bye.")
        await call.use("goodbye")
        await call.answer("Goodbye.", 1_000)
        call.fail(*down(500))
        await call.lose()
        assert await call.over(5_000) == "agent_hung_up"


async def test_keys_pressed_during_the_outage_reach_the_new_session_once() -> None:
    async with broken_call() as call:
        call.fail(*down(2))
        await call.lose()
        call.line.press("47")
        await call.pass_ms(3_000)
        assert [line for line in seeds(call) if line.startswith("user")] == ["user: 47"]
        assert call.reasons[-1] == "keys desk"
