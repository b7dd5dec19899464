"""The same on real sessions of the offline engine: its limit, its refusals, its conversation."""

from dataclasses import replace

from huntgroup.domain import facts
from huntgroup.engine.ports import Said, ToolResult, ToolUse
from huntgroup.engine.understanding import Understanding
from huntgroup.teams import SilencePolicy, ToolContext, tool
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import TEAM, desk

HOURS = "We are open from nine to five. On Saturdays we open at ten. On Sundays we are closed."


@tool(effect="read")
async def get_office_hours(ctx: ToolContext) -> dict[str, object]:
    """Tell when the office is open.

    Examples:
        when are you open
        what are your opening hours
    """
    return {"ok": True, "message": HOURS}


PATIENT = replace(TEAM, silence=SilencePolicy(reprompt_ms=600_000))


class OnTurn:
    """Loses the session at the `nth` request for a response."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, event: rt.ClientEvent) -> str | None:
        self.left -= isinstance(event, rt.ResponseCreate)
        return "lose" if self.left == 0 and isinstance(event, rt.ResponseCreate) else None


async def test_the_mind_of_the_new_session_knows_what_was_said_and_done() -> None:
    answers = say("Hello."), use("look", '{"what": "milk"}'), say("There is milk."), say("Yes, for you.")
    async with CallDesk(PATIENT, *answers, judge=OnTurn(4)) as call:
        await call.say("Is there milk?")
        await call.say("For me?")
        assert [fact.verdict for fact in call.of(facts.ModelRestored)] == ["restored"]
        history = call.engine.mind.thoughts[-1].history
        assert Said("user", "Is there milk?") in history
        assert any(isinstance(entry, ToolUse) and entry.name == "look" for entry in history)
        assert any(isinstance(entry, ToolResult) and "There is milk" in entry.output for entry in history)
        assert call.of(facts.AgentSpoke)[-1].heard_text == "Yes, for you."
        assert not call.of(facts.ModelError)


async def test_after_a_handoff_the_new_session_is_the_receivers() -> None:
    answers = say("Hello."), use("transfer_to_expert", '{"question": "why?"}'), say("Because."), say("So.")
    async with CallDesk(PATIENT, *answers, judge=OnTurn(4)) as call:
        await call.say("Why?")
        await call.say("And so?")
        assert call.of(facts.AgentSpoke)[-1].agent == "expert"
        thought = call.engine.mind.thoughts[-1]
        assert thought.instructions.startswith("You are the expert.")
        assert "return_to_desk" in {tool["name"] for tool in thought.tools}


async def test_a_session_of_seconds_is_rolled_over_and_its_limit_never_reached() -> None:
    answers = say("Hello."), say("One."), say("Two.")
    async with CallDesk(PATIENT, *answers, session_s=6.0) as call:
        await call.say("First.")
        await call.pass_ms(6_000)
        await call.say("Second.")
        await call.pass_ms(6_000)
        assert len(call.of(facts.ModelRolledOver)) >= 2
        assert not call.of(facts.ModelLost)
        assert [spoke.heard_text for spoke in call.of(facts.AgentSpoke)] == ["Hello.", "One.", "Two."]
        assert Said("assistant", "One.") in call.engine.mind.thoughts[-1].history


async def test_sound_across_a_rollover_has_no_gap_by_the_ledger() -> None:
    long = "A long story of a hundred letters and some more that goes on while the session is replaced under it."
    async with CallDesk(PATIENT, say("Hello."), say(long), session_s=6.0) as call:
        await call.pass_ms(3_000)
        await call.speak("Tell me.")
        await call.quiet()
        rolled = call.of(facts.ModelRolledOver)[0].t_ms
        told = call.of(facts.AgentSpoke)[-1]
        assert told.start_ms is not None
        assert told.end_ms is not None
        assert told.start_ms < rolled < told.end_ms
        assert told.end_ms - told.start_ms - told.heard_ms <= 100
        assert told.heard_text == long


async def test_an_engine_that_expires_a_session_says_so_and_the_call_goes_on() -> None:
    async with CallDesk(PATIENT, say("Hello."), say("One."), session_s=6.0, told_limit_s=60.0) as call:
        await call.pass_ms(7_000)
        assert [fact.code for fact in call.of(facts.ModelError)] == ["session_expired"]
        assert [fact.reason for fact in call.of(facts.ModelLost)] == ["session_expired"]
        await call.say("Still there?")
        assert call.of(facts.AgentSpoke)[-1].heard_text == "One."


async def test_the_offline_mind_goes_on_with_the_sentence_that_broke() -> None:
    office = replace(PATIENT, agents=[replace(desk, tools=[get_office_hours])], edges=[], consults=[])
    call = CallDesk(office)
    call.engine.make_mind = Understanding().new_mind
    async with call:
        await call.until(lambda: len(call.of(facts.AgentSpoke)) == 1)
        call.engine.voice.left = 110
        await call.speak("When are you open?")
        await call.until(lambda: call.engine.voice.left == -1)
        call.engine.voice.left = None
        call.model.session.break_off()
        await call.until(lambda: len(call.of(facts.AgentSpoke)) == 3)
        _, broken, rest = call.of(facts.AgentSpoke)
        assert broken.interrupted
        assert broken.heard_text.startswith("We are open from nine to five.")
        assert rest.heard_text == HOURS.removeprefix("We are open from nine to five. ")
