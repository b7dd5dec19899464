"""tool_choice, thoughts behind the line, hand-overs, bad input, and life without the sentence embedding."""

import asyncio
import json

import pytest

from huntgroup.engine.ports import CallTool, Said, Say, Thought, ToolResult, ToolUse
from huntgroup.engine.understanding import Understanding
from tests.engine.understanding.garage import TEXT, Workshop, examples, tool, workshop
from tests.engine.understanding.talk import NOW, Talk, TalkMaker


def test_none_calls_nothing(talk: TalkMaker) -> None:
    caller = talk(workshop(), Workshop().answers())
    assert caller.say("When are you open?", choice="none")
    assert caller.calls == []


def test_required_calls_the_nearest_tool(talk: TalkMaker) -> None:
    caller = talk(workshop(), Workshop().answers())
    caller.say("Are you there on Sunday?", choice="required", once=True)
    assert caller.names == ["get_opening_hours"]


def test_a_named_tool_is_called_with_valid_arguments(talk: TalkMaker) -> None:
    caller = talk(workshop(), Workshop().answers())
    caller.say("hm", choice={"type": "function", "name": "book_service"}, once=True)
    arguments = caller.called("book_service")
    assert arguments["service_type"] in {"oil_change", "full_inspection", "tire_change", "repair"}
    assert arguments.keys() == {"mechanic", "date", "time", "service_type"}


def test_tools_that_the_session_does_not_have_are_never_called(talk: TalkMaker) -> None:
    caller = talk([], {})
    assert "did not understand" in caller.say("I'd like to book my car in")
    caller.say("x", choice={"type": "function", "name": "book_service"})
    assert caller.calls == []


def test_behind_the_line_it_calls_and_then_answers(talk: TalkMaker) -> None:
    caller = talk(workshop(), Workshop().answers())
    assert caller.say("When are you open?", out_of_band=True) == "We are open from eight to six."


def test_behind_the_line_the_answer_takes_the_shape_that_was_asked_for(talk: TalkMaker) -> None:
    schema = {
        "type": "object",
        "properties": {"answer": TEXT, "certain": {"type": "boolean"}},
        "required": ["answer", "certain"],
    }
    caller = talk(
        workshop(), Workshop().answers(), instructions=f"Answer with JSON of this schema: {json.dumps(schema)}"
    )
    heard = json.loads(caller.say("When are you open?", out_of_band=True))
    assert heard == {"answer": "We are open from eight to six.", "certain": False}


def parts_desk() -> list[dict[str, object]]:
    find = tool("find_part", "Tell whether a part is in stock." + examples("do you have brake pads"), part=dict(TEXT))
    find["parameters"]["properties"]["part"]["description"] = 'Such as "brake pads" or "mirror".'
    back = tool(
        "return_to_front_desk",
        "Give the call back when the question is dealt with, or when they want something you have no tool for.",
        question={**TEXT, "description": "What was asked."},
        outcome={"type": "string", "enum": ["answered", "ordered", "not_answered"], "default": "answered"},
    )
    return [find, back]


def handed_over(talk: TalkMaker) -> Talk:
    caller = talk(workshop(), {**Workshop().answers(), "find_part": {"ok": True, "message": "Yes, two of them."}})
    caller.say("Do you have brake pads?", once=True)
    caller.tools = parts_desk()
    return caller


def test_who_takes_over_answers_the_pending_question_at_once(talk: TalkMaker) -> None:
    caller = handed_over(talk)
    assert caller.respond() == "Yes, two of them."
    assert caller.called("find_part") == {"part": "brake pads"}


@pytest.mark.parametrize("said", ["No, that's all, thank you.", "I'd like to book my car in for a service"])
def test_the_call_is_given_back(talk: TalkMaker, said: str) -> None:
    caller = handed_over(talk)
    caller.respond()
    caller.say(said, once=True)
    assert caller.names[-1] == "return_to_front_desk"
    assert caller.called("return_to_front_desk")["question"] == "Do you have brake pads"


def test_after_the_return_the_new_wish_is_dealt_with(talk: TalkMaker) -> None:
    caller = handed_over(talk)
    caller.respond()
    caller.say("I'd like to book my car in for a service", once=True)
    caller.tools = workshop()
    assert "your date of birth" in caller.respond()


def test_after_the_return_nothing_new_means_a_question(talk: TalkMaker) -> None:
    caller = handed_over(talk)
    caller.respond()
    caller.say("That's all", once=True)
    caller.tools = workshop()
    assert caller.respond() == "Is there anything else I can help you with?"


def test_after_the_return_a_goodbye_ends_the_call(talk: TalkMaker) -> None:
    caller = handed_over(talk)
    caller.respond()
    caller.say("No, nothing else, goodbye", once=True)
    caller.tools = workshop()
    assert "Goodbye" in caller.respond(once=True)
    assert caller.names[-2:] == ["return_to_front_desk", "end_call"]


def test_a_refused_transfer_leaves_the_agent_in_charge(talk: TalkMaker) -> None:
    caller = talk(workshop(), {"transfer_to_parts": {"ok": False, "message": "The parts desk is closed."}})
    assert "closed" in caller.say("Do you have brake pads?")
    assert "your date of birth" in caller.say("Then I'd like to book my car in")


@pytest.mark.parametrize(
    "output", ["", "null", "[]", "{", "42", '{"ok": true}', "An error occurred while running the tool."]
)
def test_any_output_can_be_said(talk: TalkMaker, output: str) -> None:
    caller = talk(workshop(), {"get_opening_hours": output})
    assert caller.say("When are you open?")


def test_plain_rows_are_said_as_sentences_five_at_most(talk: TalkMaker) -> None:
    rows = [{"name": f"Part {n}", "price": 12.5} for n in range(7)]
    caller = talk(workshop(), {"get_opening_hours": {"ok": True, "parts": rows}})
    heard = caller.say("When are you open?")
    assert "Part 4, $12.50" in heard
    assert "and 2 more" in heard
    assert "Part 5" not in heard


async def test_thinking_yields_sentences_and_then_the_call(understanding: Understanding) -> None:
    mind = understanding.new_mind()
    history = (Said("user", "bye bye"),)
    acts = [a async for a in mind.think(Thought("", None, workshop(), "auto", history, NOW))]
    assert [type(a) for a in acts] == [Say, Say, CallTool]


async def test_minds_of_one_process_think_side_by_side(understanding: Understanding) -> None:
    async def ask(text: str) -> str:
        mind = understanding.new_mind()
        thought = Thought("", None, workshop(), "auto", (Said("user", text),), NOW)
        return " ".join([a.text if isinstance(a, Say) else a.name async for a in mind.think(thought)])

    answers = await asyncio.gather(*[ask("When are you open?"), ask("My car needs a service")] * 8)
    assert len(set(answers)) == 2


def test_results_of_unknown_calls_and_unknown_tools_are_borne(understanding: Understanding) -> None:
    history = (ToolResult("nobody", "{}"), ToolUse("a", "gone", "{"), ToolResult("a", "{}"), Said("user", "hello"))
    acts = understanding.new_mind().ponder(Thought("", None, workshop(), "auto", history, NOW))
    assert any(isinstance(a, Say) for a in acts)


def test_without_the_embedding_the_words_still_choose() -> None:
    understanding = Understanding(embedding=False)
    caller = Talk(understanding.new_mind(), workshop(), Workshop().answers(), "")
    assert caller.say("Are you open on Sunday?").startswith("We are open")
    assert "your date of birth" in caller.say("I'd like to book my car in")
