"""A call whose process is gone goes on in another: same agent, same record, nothing twice."""

import asyncio
import json
from dataclasses import replace

import pytest

from huntgroup.calls.processes.resumption import PHRASE
from huntgroup.calls.succession.seeding import UNKNOWN_OUTCOME
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import Fact
from huntgroup.teams import Team, ToolContext, tool
from huntgroup.testing.memory_leases import MemoryOutcomes
from huntgroup.wire import realtime as rt
from tests.calls.resumed import ResumedCall, resumption_of
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM, desk, expert

DONE: list[str] = []


@tool(effect="write", timeout_ms=60_000)
async def book(ctx: ToolContext) -> dict[str, object]:
    """Book; takes longer than its process lives."""
    DONE.append(ctx.tool_call_id)
    await asyncio.Event().wait()
    return {}


BOOKING = replace(TEAM, agents=[replace(desk, tools=[*desk.tools, book]), expert])


async def cut_off(*actions: str, team: Team = TEAM) -> tuple[Fact, ...]:
    """Hold a call up to a moment, and return the record as a killed process leaves it."""
    async with ScriptedCall(team) as call:
        for action in actions:
            await call.says("Please.")
            if action == "transfer":
                await call.use("transfer_to_expert", '{"question": "why?"}')
                await call.answer("Hello, the expert. What is it?")
            elif action == "ask":
                await call.answer("Of course. Which day suits you?")
            elif action != "say":
                await call.use(action)
            await call.pass_ms(400)
        return call.session.log.facts


async def test_the_record_goes_on_without_a_hole_and_its_clock_never_goes_back() -> None:
    before = await cut_off("ask")
    async with ResumedCall(await resumption_of(before), gap_ms=4_000) as call:
        await call.answer("Sorry.")
        await call.pass_ms(400)
    log = call.session.log.facts
    assert log[: len(before)] == before
    assert [fact.seq for fact in log] == list(range(len(log)))
    assert [fact.t_ms for fact in log] == sorted(fact.t_ms for fact in log)
    (resumed,) = call.of(facts.CallResumed)
    assert (resumed.process, resumed.epoch, resumed.reason) == ("other", 2, "process_lost")
    assert resumed.gap_ms >= 4_000
    assert [type(fact).__name__ for fact in log].count("CallStarted") == 1


async def test_the_agent_apologises_and_repeats_its_question() -> None:
    async with ResumedCall(await resumption_of(await cut_off("ask"))) as call:
        assert call.said_first == f'Say exactly: "{PHRASE} Which day suits you?"'
        await call.answer("Sorry.")
        assert call.reasons == ["resumed desk"]


async def test_words_that_were_not_answered_are_answered_after_the_apology() -> None:
    async with ResumedCall(await resumption_of(await cut_off("say"))) as call:
        assert call.said_first == f'Say exactly: "{PHRASE}"'
        await call.answer("Sorry.")
        assert call.reasons == ["resumed desk", "turn desk"]


async def test_the_agent_that_had_the_call_has_it_and_can_give_it_back() -> None:
    async with ResumedCall(await resumption_of(await cut_off("transfer"))) as call:
        await call.answer("Sorry.")
        await call.says("That was all.")
        await call.use("return_to_desk", '{"outcome": "done"}')
        assert call.of(facts.HandoffReturned)[0].to_agent == "desk"
        assert call.reasons[0] == "resumed expert"
        first = call.model.sent_of(rt.SessionUpdate)[0].session
        assert "You are the expert." in str(first.instructions)
        assert "why?" in str(first.instructions)


async def test_the_model_is_told_what_was_said_and_claims_still_hold() -> None:
    async with ResumedCall(await resumption_of(await cut_off("verify"))) as call:
        texts = [item.content[0].text for item in call.seeds if isinstance(item, rt.MessageItem)]
        assert "Hello." in texts
        assert "Please." in texts
        assert call.session.context.claims.subject("verified") == "p1"
        assert len(call.of(facts.ClaimGranted)) == 1


async def test_a_write_that_was_done_is_told_with_its_result_and_not_done_again() -> None:
    before = await cut_off("book", team=BOOKING)
    (called,) = (fact for fact in before if isinstance(fact, facts.ToolCalled))
    outcomes = MemoryOutcomes()
    outcomes.kept[f"{called.call_id}:{called.tool_call_id}"] = {"ok": True, "message": "Booked."}
    DONE.clear()
    async with ResumedCall(await resumption_of(before, outcomes, BOOKING), team=BOOKING) as call:
        (answered,) = call.of(facts.ToolAnswered)
        assert (json.loads(answered.output)["message"], answered.ok, answered.error) == ("Booked.", True, None)
        outputs = [item.output for item in call.seeds if isinstance(item, rt.FunctionCallOutputItem)]
        assert outputs == [answered.output]
    assert DONE == []


async def test_a_write_that_was_not_done_is_said_to_be_unknown_and_its_key_is_closed() -> None:
    before = await cut_off("book", team=BOOKING)
    outcomes = MemoryOutcomes()
    async with ResumedCall(await resumption_of(before, outcomes, BOOKING), team=BOOKING) as call:
        (answered,) = call.of(facts.ToolAnswered)
        assert (answered.output, answered.ok, answered.error) == (UNKNOWN_OUTCOME, False, "outcome_unknown")
    assert list(outcomes.kept.values()) == [{"ok": False, "error": "abandoned"}]


async def test_while_the_database_is_away_a_call_with_an_open_write_cannot_be_resumed() -> None:
    outcomes = MemoryOutcomes()
    outcomes.away = True
    with pytest.raises(StoreUnavailable):
        await resumption_of(await cut_off("book", team=BOOKING), outcomes, BOOKING)


async def test_a_move_that_was_under_way_did_not_happen() -> None:
    async with ScriptedCall(TEAM) as call:
        await call.says("Why?")
        call.undecided = True
        await call.use("transfer_to_expert", '{"question": "why?"}')
        before = call.session.log.facts
    async with ResumedCall(await resumption_of(before)) as later:
        (rolled_back,) = later.of(facts.HandoffRolledBack)
        assert (rolled_back.to_agent, rolled_back.reason) == ("expert", "process_lost")
        assert later.reasons[0] == "resumed desk"


async def test_the_gap_is_in_the_trace() -> None:
    async with ResumedCall(await resumption_of(await cut_off("ask")), gap_ms=2_000) as call:
        await call.answer("Sorry.")
    (gap,) = [span for span in spans_of(call.session.log.facts) if span["kind"] == "resumption"]
    assert gap["attributes"]["gap_ms"] >= 2_000
    assert any(span["kind"] == "resumption" for span in call.session.tracer.trace_summary())


async def test_a_write_waits_until_its_call_is_on_record() -> None:
    gate = asyncio.Event()
    DONE.clear()
    async with ScriptedCall(BOOKING) as call:
        live = call.session.live
        assert live is not None
        live.acknowledged = gate.wait  # type: ignore[assignment]
        await call.says("Book it.")
        await call.use("book")
        assert DONE == []
        gate.set()
        await call.pass_ms(40)
        assert len(DONE) == 1


async def test_a_write_whose_call_cannot_be_recorded_is_not_done() -> None:
    async def never() -> None:
        raise StoreUnavailable("neither database nor disk")

    DONE.clear()
    async with ScriptedCall(BOOKING) as call:
        live = call.session.live
        assert live is not None
        live.acknowledged = never
        await call.says("Book it.")
        await call.use("book")
        assert [answer.error for answer in call.of(facts.ToolAnswered)] == ["not_saved"]
    assert DONE == []


async def test_a_call_moves_when_nobody_speaks_and_leaves_no_end_in_the_record() -> None:
    async with ScriptedCall() as call:
        await call.says("When?")
        await call.answer("At nine.", 1_000)
        moving = asyncio.create_task(call.session.move(10_000))
        await call.pass_ms(200)
        assert not moving.done()
        await call.pass_ms(2_000)
        assert await call.over() == "moved"
    assert call.of(facts.AgentSpoke)[-1].heard_text == "At nine."
    assert [type(fact).__name__ for fact in call.session.log.facts][-1] == "CallMoved"
    assert not call.of(facts.CallEnded)
    later = await resumption_of(call.session.log.facts)
    assert later.reason == "moved"


async def test_a_tool_that_does_not_end_before_the_deadline_is_left_open_for_the_next_process() -> None:
    async with ScriptedCall(BOOKING) as call:
        await call.says("Book it.")
        await call.use("book")
        moving = asyncio.create_task(call.session.move(3_000))
        await call.pass_ms(3_200)
        assert await call.over() == "moved"
        await moving
    assert not call.of(facts.ToolAnswered)
    assert len((await resumption_of(call.session.log.facts, team=BOOKING)).state.open_calls) == 1


async def test_a_call_that_is_somebody_elses_ends_here_without_a_word_in_the_record() -> None:
    async with ScriptedCall() as call:
        call.session.lose()
        assert await call.over() == "taken_over"
    assert call.line.hung_up_by_call
    assert not call.of(facts.CallEnded)
