"""A call from answer to settled end."""

from huntgroup.domain import facts
from tests.calls.conftest import Dial
from tests.calls.desk import say, use
from tests.calls.teams import TEAM


async def test_the_first_agent_answers_and_the_record_is_complete(dial: Dial) -> None:
    async with dial(TEAM, say("Hello.")) as call:
        await call.pass_ms(200)
    assert call.types() == ["CallStarted", "UsageReported", "AgentSpoke", "CallEnded"]
    assert call.of(facts.AgentSpoke)[0].heard_text == "Hello."
    assert call.of(facts.CallEnded)[0].reason == "caller_hung_up"
    assert [fact.seq for fact in call.session.log.facts] == [0, 1, 2, 3]


async def test_a_turn_of_the_caller_is_answered_and_recorded(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("At nine.")) as call:
        await call.say("When do you open?")
        spoke = call.of(facts.CallerSpoke)[0]
        assert (spoke.turn, spoke.text) == (1, "When do you open?")
        assert call.of(facts.AgentSpoke)[1].heard_text == "At nine."


async def test_barge_in_silences_the_line_and_truncates_to_what_was_heard(dial: Dial) -> None:
    long = "This is a long answer that nobody wants to hear to its end."
    async with dial(TEAM, say("Hello."), say(long), say("Yes?")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(1_000)
        await call.say("Stop.")
        cut = call.of(facts.Interrupted)[0]
        assert 900 <= cut.heard_ms <= 1_000
        spoke = call.of(facts.AgentSpoke)[1]
        assert spoke.interrupted
        assert long.startswith(spoke.heard_text)
        assert 0 < len(spoke.heard_text) < len(long) // 2
        remembered = call.engine.mind.thoughts[-1].history
        assert not any(long in getattr(entry, "text", "") for entry in remembered)


async def test_the_agent_hangs_up_only_after_its_last_words(dial: Dial) -> None:
    call = dial(TEAM, say("Hello."), use("goodbye"), say("Goodbye then."))
    async with call:
        await call.speak("That is all.")
        assert await call.over() == "agent_hung_up"
    assert call.of(facts.AgentSpoke)[-1].heard_text == "Goodbye then."
    assert call.line.hung_up_by_call


async def test_silence_prompts_twice_then_says_goodbye(dial: Dial) -> None:
    call = dial(TEAM, say("Hello."), say("Still there?"), say("Say yes."), say("Goodbye."))
    async with call:
        assert await call.over() == "silence"
    assert [fact.stage for fact in call.of(facts.SilencePrompted)] == ["reprompt", "narrow", "goodbye"]


async def test_a_lost_line_settles_the_call(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("A very long answer indeed.")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(300)
        call.line.lose()
        assert await call.over() == "line_lost"
    assert call.types()[-1] == "CallEnded"
    assert call.of(facts.LineLost)[0].reason == "socket_lost"
    assert call.of(facts.AgentSpoke)[-1].interrupted


async def test_keys_are_facts_and_words_for_the_agent(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("Thanks.")) as call:
        call.line.press("123#")
        await call.quiet()
        assert [fact.digit for fact in call.of(facts.DtmfPressed)] == ["1", "2", "3", "#"]
        assert call.engine.mind.thoughts[-1].history[-1].text == "123"


async def test_rubbish_from_the_line_is_a_fact_and_the_call_goes_on(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), say("Yes.")) as call:
        for _ in range(200):
            call.line.send_bad_input("bad_json", "x")
        await call.say("Are you there?")
        assert len(call.of(facts.BadInput)) == 50
        assert call.of(facts.AgentSpoke)[-1].heard_text == "Yes."
