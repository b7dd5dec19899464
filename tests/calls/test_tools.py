"""Tools on a live call: one answer each, named errors, fillers."""

import json

import pytest

from huntgroup.domain import facts
from huntgroup.engine.ports import CallTool, Say, Thought, ToolResult
from tests.calls.conftest import Dial
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import TEAM


def result(thought: Thought) -> dict[str, object]:
    outputs = [entry.output for entry in thought.history if isinstance(entry, ToolResult)]
    return json.loads(outputs[-1])


async def test_a_tool_is_run_answered_and_spoken_about(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), use("look", '{"what": "a slot"}'), say("There is a slot.")) as call:
        await call.say("Anything free?")
        answered = call.of(facts.ToolAnswered)[0]
        assert (answered.tool, answered.ok, answered.error) == ("look", True, None)
        assert result(call.engine.mind.thoughts[-1])["message"] == "There is a slot."
        assert call.spoken[-1] == "There is a slot."


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        ("nonsense", "{}", "unknown_tool"),
        ("look", "{}", "bad_arguments"),
        ("look", '{"what": 5}', "bad_arguments"),
        ("fail", "{}", "tool_failed"),
        ("hang", "{}", "tool_timed_out"),
        ("flood", "{}", "output_too_large"),
        ("write", '{"what": "x"}', "claim_missing"),
    ],
)
async def test_what_goes_wrong_is_an_answer_with_a_code(dial: Dial, tool: str, arguments: str, error: str) -> None:
    async with dial(TEAM, say("Hello."), use(tool, arguments), say("Sorry.")) as call:
        await call.speak("Do it.")
        await _until_answered(call)
        answered = call.of(facts.ToolAnswered)[0]
        assert (answered.ok, answered.error) == (False, error)
        assert "555-0142" not in answered.output
        await call.quiet()
        assert call.spoken[-1] == "Sorry."


async def test_a_missing_claim_is_named_and_granting_it_opens_the_tool(dial: Dial) -> None:
    script = [say("Hello."), use("write", '{"what": "x"}'), use("verify"), use("write", '{"what": "x"}'), say("Done.")]
    async with dial(TEAM, *script) as call:
        await call.say("Write it.")
        first, _, last = call.of(facts.ToolAnswered)
        assert json.loads(first.output)["needs"] == ["verified"]
        assert last.ok
        assert json.loads(last.output)["key"] == f"{call.session.call_id}:{last.tool_call_id}"
        assert call.of(facts.ClaimGranted)[0].claim == "verified"


async def test_a_slow_tool_makes_the_agent_say_a_filler(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), use("slow"), say("One moment."), say("Here it is.")) as call:
        await call.speak("Look it up.")
        await call.pass_ms(4_000)
        assert len(call.of(facts.FillerSpoken)) == 1
        assert call.spoken[-2:] == ["One moment.", "Here it is."]
        assert 'Say exactly: "One moment, please."' in str(call.engine.mind.thoughts[2].response_instructions)


async def test_two_tools_of_one_response_are_answered_before_the_agent_goes_on(dial: Dial) -> None:
    both = [CallTool("look", '{"what": "a"}'), CallTool("look", '{"what": "b"}')]
    async with dial(TEAM, say("Hello."), both, say("Both.")) as call:
        await call.say("Look twice.")
        assert len(call.of(facts.ToolAnswered)) == 2
        assert len(call.engine.mind.thoughts) == 3


async def test_a_terminal_tool_does_not_run_when_its_words_were_cut(dial: Dial) -> None:
    leaving = [Say("I will end this call now, thank you for calling us."), CallTool("goodbye", "{}")]
    async with dial(TEAM, say("Hello."), leaving, say("What else?")) as call:
        await call.speak("Bye.")
        await call.pass_ms(400)
        await call.say("Wait!")
        assert call.of(facts.ToolAnswered)[0].error == "interrupted"
        assert call.spoken[-1] == "What else?"


async def test_an_open_tool_call_is_answered_when_the_call_ends(dial: Dial) -> None:
    async with dial(TEAM, say("Hello."), use("slow")) as call:
        await call.speak("Look it up.")
        await call.pass_ms(200)
    assert call.of(facts.ToolAnswered)[0].error == "call_ended"


async def _until_answered(call: CallDesk) -> None:
    import asyncio

    for _ in range(100):
        await call.clock.settle()
        await asyncio.sleep(0.01)
        if call.of(facts.ToolAnswered):
            return
