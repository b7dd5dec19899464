"""What travels with a handoff, what of it the receiver may see, and what it gets of the conversation."""

import json
from dataclasses import dataclass, replace
from typing import Annotated, Any

import pytest
from pydantic import Field

from huntgroup.calls.state.redaction import Redaction
from huntgroup.domain import facts
from huntgroup.domain.errors import TeamError
from huntgroup.engine.ports import Said, Thought, ToolResult
from huntgroup.teams import Team, ToolContext, VoiceAgent, handoff, tool
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say, use
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, Question, Result, desk, expert

SECRET = "XK-4711-Z"
WHY = '{"question": "why?"}'


@dataclass
class Wish:
    """What the caller wants."""

    question: Annotated[str, Field(description="The caller's question.")]
    urgent: bool = False


@dataclass
class Done:
    """Tell what came of it."""

    outcome: Annotated[str, Field(description="What came of it.")]


@tool(effect="read")
async def chart(ctx: ToolContext) -> dict[str, object]:
    """Read the chart."""
    return {"ok": True, "message": f"The number is {SECRET}.", "question": "which?", "number": SECRET}


def team_of_edge(**edge: Any) -> Team:
    known = {"brief": Question, "returns": Result, **edge}
    made = handoff(frm="desk", to="expert", description="Ask an expert.", **known)
    return replace(TEAM, edges=[made], agents=[replace(desk, tools=[*desk.tools, chart]), expert])


def told(thought: Thought) -> str:
    return f"{thought.instructions}\n{thought.response_instructions}\n{thought.history}\n{thought.tools}"


# -- the payload -----------------------------------------------------------------------------------------------------


async def test_briefs_and_results_may_be_dataclasses() -> None:
    there = use("transfer_to_expert", '{"question": "why?", "more": 1}')
    back = use("return_to_desk", '{"outcome": "known"}')
    answers = say("Hello."), there, say("Because."), back, say("Anything else?")
    async with CallDesk(team_of_edge(brief=Wish, returns=Done), *answers) as call:
        await call.say("Why?")
        await call.say("Thanks.")
        assert call.of(facts.HandoffCommitted)[0].brief == {"question": "why?", "urgent": False}
        assert call.of(facts.HandoffReturned)[0].result == {"outcome": "known"}
        specs = {spec["name"]: spec for spec in call.engine.mind.thoughts[1].tools}
        schema = specs["transfer_to_expert"]["parameters"]
        assert schema["properties"]["question"]["description"] == "The caller's question."


@pytest.mark.parametrize("arguments", ["{}", '{"question": "why?", "urgent": "perhaps"}'])
async def test_a_dataclass_brief_is_validated(arguments: str) -> None:
    async with ScriptedCall(team_of_edge(brief=Wish)) as call:
        await call.says("Why?")
        await call.use("transfer_to_expert", arguments)
        assert call.of(facts.ToolAnswered)[0].error == "bad_arguments"


def test_a_brief_that_is_no_type_of_fields_is_named() -> None:
    with pytest.raises(TeamError, match="desk to expert: brief"):
        handoff(frm="desk", to="expert", description="x", brief=dict)


# -- what may be seen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sees", "visible"),
    [
        (None, {"who": {"name": "Ann", "ssn": "1234"}, "why": "flu"}),
        ({"why"}, {"why": "flu"}),
        ({"who", "name"}, {"who": {"name": "Ann"}}),
        ({"who.name"}, {"who": {"name": "Ann"}}),
        ({"who.*"}, {"who": {"name": "Ann", "ssn": "1234"}}),
        ({"name"}, {}),
        (set(), {}),
    ],
)
def test_fields_are_seen_by_name_at_every_depth(sees: set[str] | None, visible: dict[str, object]) -> None:
    receiver = VoiceAgent(name="nurse", sees=None if sees is None else frozenset(sees))
    payload = {"who": {"name": "Ann", "ssn": "1234"}, "why": "flu"}
    assert Redaction(receiver, payload).visible == visible


def test_lists_of_objects_are_looked_into() -> None:
    receiver = VoiceAgent(name="nurse", sees=frozenset({"drugs", "name"}))
    payload = {"drugs": [{"name": "a", "dose": "5 mg"}, {"name": "b"}]}
    assert Redaction(receiver, payload).visible == {"drugs": [{"name": "a"}, {"name": "b"}]}


@pytest.mark.parametrize("policy", ["full", "last(9)", "facts_only"])
async def test_what_is_redacted_reaches_the_receiver_by_no_way(policy: str) -> None:
    there = use("transfer_to_expert", json.dumps({"question": "why?", "secret": SECRET}))
    answers = say("Hello."), use("chart"), say(f"You are {SECRET}."), there, say("Because.")
    async with CallDesk(team_of_edge(policy=policy), *answers) as call:
        await call.say(f"My number is {SECRET}.")
        await call.say("Why?")
        assert call.of(facts.AgentSpoke)[-1].agent == "expert"
        assert SECRET in told(call.engine.mind.thoughts[-2])
        assert SECRET not in told(call.engine.mind.thoughts[-1])
        assert '"question": "why?"' in told(call.engine.mind.thoughts[-1])


async def test_the_giver_sees_its_own_tools_again_and_not_what_was_kept_from_it() -> None:
    blind = replace(desk, sees=frozenset({"outcome", "what"}), tools=[*desk.tools, chart])
    team = replace(team_of_edge(), agents=[blind, replace(expert, tools=[chart])])
    there, back = use("transfer_to_expert", WHY), use("return_to_desk", '{"outcome": "known"}')
    look = use("look", '{"what": "a green slot"}')
    answers = say("Hello."), look, say("There."), there, use("chart"), say("So."), back, say("Else?")
    async with CallDesk(team, *answers) as call:
        for words in ("Look.", "Why?", "Thanks."):
            await call.say(words)
        last = told(call.engine.mind.thoughts[-1])
        assert "There is a green slot." in last
        assert SECRET not in last


# -- the conversation --------------------------------------------------------------------------------------------------


async def test_sound_that_stays_becomes_text_in_its_place() -> None:
    answers = say("Hello."), say("Yes, we are open."), use("transfer_to_expert", WHY), say("So.")
    async with CallDesk(team_of_edge(policy="last(3)"), *answers) as call:
        await call.say("Are you open?")
        await call.say("Why?")
        kept = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert kept == ["Yes, we are open.", "Why?"]
        made = [e.item for e in call.model.session.received if isinstance(e, rt.ConversationItemDone)]
        texts = [item for item in made if isinstance(item, rt.MessageItem) and str(item.id).startswith("txt_")]
        assert [(item.role, item.content[0].type) for item in texts] == [
            ("assistant", "output_text"),
            ("user", "input_text"),
        ]


async def test_the_answer_of_a_call_that_is_gone_goes_with_it() -> None:
    answers = say("Hello."), use("look", '{"what": "it"}'), say("There."), use("transfer_to_expert", WHY), say("So.")
    async with CallDesk(team_of_edge(policy="last(4)"), *answers) as call:
        await call.say("Look.")
        await call.say("Why?")
        history = call.engine.mind.thoughts[-1].history
        assert [entry.text for entry in history if isinstance(entry, Said)] == ["There.", "Why?"]
        assert not [entry for entry in history if isinstance(entry, ToolResult) and "There is it" in entry.output]


async def test_what_was_not_heard_is_not_remembered() -> None:
    long = "This is a very long answer that nobody will hear to its end today."
    answers = say("Hello."), say(long), use("transfer_to_expert", WHY), say("So.")
    async with CallDesk(team_of_edge(policy="last(3)"), *answers) as call:
        await call.speak("Tell me.")
        await call.pass_ms(800)
        await call.say("Why?")
        heard = call.of(facts.AgentSpoke)[1].heard_text
        kept = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert 0 < len(heard) < len(long)
        assert kept == [heard, "Why?"]


@pytest.mark.parametrize("policy", ["last(2)", "facts_only"])
async def test_items_that_are_gone_or_rewritten_cannot_be_retrieved(policy: str) -> None:
    answers = say("Hello."), use("transfer_to_expert", WHY), say("Because.")
    async with CallDesk(team_of_edge(policy=policy), *answers) as call:
        await call.say("Why?")
        gone = [call.of(facts.AgentSpoke)[0].item_id, call.of(facts.CallerSpoke)[0].item_id]
        for item_id in gone:
            call.model.session.send(rt.ConversationItemRetrieve(event_id=f"ask {item_id}", item_id=item_id))
        await call.clock.settle()
        errors = [event.error for event in call.model.session.received if isinstance(event, rt.Error)]
        assert [(error.code, error.event_id) for error in errors] == [
            ("item_retrieve_invalid_item_id", f"ask {item_id}") for item_id in gone
        ]


async def test_all_of_a_handoff_is_sent_in_one_burst() -> None:
    async with ScriptedCall(team_of_edge(policy="last(2)")) as call:
        await call.says("Why?")
        call.undecided = True
        sent = len(call.model.sent)
        await call.push(*call.reply(tool_call("transfer_to_expert", '{"question": "why?", "secret": "xyz"}')))
        burst = [type(event).__name__ for event in call.model.sent[sent:]]
        assert burst[0] == "SessionUpdate"
        assert burst[-2:] == ["ConversationItemCreate", "ResponseCreate"]
        assert burst.count("ConversationItemDelete") == 3
        assert not call.of(facts.HandoffCommitted)
        await call.accept()
        assert len(call.of(facts.HandoffCommitted)) == 1


# -- what it is worth --------------------------------------------------------------------------------------------------


async def test_the_estimate_of_a_trim_is_close_to_what_is_read() -> None:
    chat = [say(f"This is what I have to say about it, and more, number {at}.") for at in range(4)]
    answers = say("Hello."), *chat, use("transfer_to_expert", WHY), say("Because.")
    async with CallDesk(team_of_edge(policy="last(2)"), *answers) as call:
        for _ in range(5):
            await call.say("Tell me more about that, please.")
        trimmed, measured = call.of(facts.ContextTrimmed)[0], call.of(facts.ContextMeasured)[0]
        assert trimmed.items_deleted >= 8
        assert trimmed.tokens_after < trimmed.tokens_before
        assert measured.tokens_estimated == trimmed.tokens_after
        assert abs(measured.tokens_read - measured.tokens_estimated) <= 0.1 * measured.tokens_read
        assert trimmed.net_usd == pytest.approx(trimmed.saved_usd - trimmed.cache_lost_usd)
        assert measured.input_usd > 0
        assert trimmed.priced_as == "gpt-realtime-2.1"


async def test_a_trim_that_costs_more_than_it_saves_says_so() -> None:
    chat = [say("Much more than anybody wants to hear about that matter today.") for _ in range(3)]
    answers = say("Hello."), *chat, use("transfer_to_expert", WHY), say("Because.")
    async with CallDesk(team_of_edge(policy="last(7)"), *answers) as call:
        for _ in range(4):
            await call.say("Tell me more.")
        trimmed = call.of(facts.ContextTrimmed)[0]
        assert trimmed.cached_tokens_lost > 0
        assert trimmed.net_usd < trimmed.saved_usd


async def test_a_whole_conversation_is_left_as_it_is() -> None:
    async with ScriptedCall(TEAM) as call:
        await call.says("Why?")
        await call.use("transfer_to_expert", WHY)
        await call.push(*call.reply(speech("Because.")))
        assert not call.of(facts.ContextTrimmed)
        assert not call.model.sent_of(rt.ConversationItemDelete)
