"""A call's state read from its facts is the state that the call has."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from huntgroup.calls.processes.rebuild import CallState, rebuild
from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallMoved,
    CallResumed,
    Fact,
    HandoffProposed,
    ToolAnswered,
    ToolCalled,
)
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM

ACTIONS = (
    "answer",
    "look",
    "verify",
    "write",
    "transfer",
    "return",
    "refused transfer",
    "press",
    "barge in",
    "silence",
)


async def act(call: ScriptedCall, action: str) -> None:
    """Let the caller and the model do one thing; what the owner has no tool for is refused, and that is a case too."""
    if action == "press":
        call.line.press("7#")
        await call.pass_ms(60)
    elif action == "silence":
        await call.pass_ms(400)
        return
    else:
        await call.says(f"Please {action}.")
    uses = {
        "look": ("look", '{"what": "a slot"}'),
        "verify": ("verify", "{}"),
        "write": ("write", '{"what": "it"}'),
        "transfer": ("transfer_to_expert", '{"question": "why?"}'),
        "return": ("return_to_desk", '{"outcome": "done"}'),
        "refused transfer": ("transfer_to_nobody", "{}"),
    }
    if action in uses:
        await call.use(*uses[action])
        await call.answer("Well.")
    elif action == "barge in":
        await call.answer("A long answer that nobody hears to its end.", 4_000)
        await call.pass_ms(300)
        await call.says("Stop.")
        await call.answer("Yes?")
    else:
        await call.answer("Well.")
    await call.pass_ms(400)


def agrees(call: ScriptedCall) -> bool:
    state, live = rebuild(call.session.log.facts, TEAM), call.session.live
    assert live is not None
    theirs = (live.owner, live.returns, live.hops, live.context.claims.names(), len(live.log.facts), live.ending)
    return (state.owner, state.returns, state.hops, frozenset(state.claims), state.next_seq, state.ended) == theirs


async def held(actions: Sequence[str]) -> tuple[list[bool], tuple[Fact, ...]]:
    async with ScriptedCall(TEAM) as call:
        agreed = [agrees(call)]
        for action in actions:
            await act(call, action)
            agreed.append(agrees(call))
    return agreed, call.session.log.facts


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(ACTIONS), max_size=7))
def test_the_rebuilt_state_is_the_live_state_and_any_beginning_rebuilds(actions: list[str]) -> None:
    agreed, facts = asyncio.run(held(actions))
    assert all(agreed)
    for length in range(len(facts) + 1):
        state = rebuild(facts[:length], TEAM)
        assert state.next_seq == length
        assert state.owner in {"desk", "expert"}
        assert state.ended is None or length == len(facts)
        assert {call.tool_call_id for call in state.open_calls} == open_in(facts[:length])


def open_in(facts: Sequence[Fact]) -> set[str]:
    called = {fact.tool_call_id for fact in facts if isinstance(fact, ToolCalled)}
    return called - {fact.tool_call_id for fact in facts if isinstance(fact, ToolAnswered)}


def test_the_order_of_arrival_does_not_matter() -> None:
    _, facts = asyncio.run(held(["transfer", "return", "verify"]))
    assert rebuild(facts[::-1], TEAM) == rebuild(facts, TEAM)


def spoke(seq: int, text: str, *, end_ms: int, interrupted: bool = False) -> AgentSpoke:
    return AgentSpoke(
        call_id="c", seq=seq, t_ms=end_ms, agent="desk", turn=0, response_id="r", item_id=f"i{seq}", text=text,
        heard_text=text, generated_ms=100, heard_ms=100, start_ms=end_ms - 100, end_ms=end_ms, interrupted=interrupted,
    )  # fmt: skip


def said(seq: int, text: str, *, end_ms: int) -> CallerSpoke:
    return CallerSpoke(
        call_id="c", seq=seq, t_ms=end_ms, agent="desk", turn=1, item_id=f"i{seq}", text=text, start_ms=0, end_ms=end_ms
    )


def state_of(*facts: Fact) -> CallState:
    return rebuild([replace_seq(fact, at) for at, fact in enumerate(facts)], TEAM)


def replace_seq(fact: Fact, seq: int) -> Fact:
    changed: Fact = structs.replace(fact, seq=seq)
    return changed


def test_the_last_question_is_asked_again_unless_the_caller_has_spoken_since() -> None:
    asked = spoke(0, "Good morning. Which day suits you?", end_ms=500)
    assert state_of(asked).last_question == "Which day suits you?"
    assert state_of(asked, said(1, "Monday.", end_ms=900)).last_question is None
    assert state_of(asked, said(1, "Monday.", end_ms=900)).owed
    assert state_of(said(0, "", end_ms=100), spoke(1, "No question.", end_ms=500)).last_question is None


def test_words_of_the_caller_that_are_logged_late_but_were_answered_are_not_owed() -> None:
    assert not state_of(spoke(0, "You are welcome.", end_ms=900), said(1, "Thanks.", end_ms=400)).owed


def test_an_end_by_a_lost_line_is_no_end_once_the_call_goes_on() -> None:
    ended = CallEnded(call_id="c", seq=0, t_ms=5, reason="line_lost", duration_ms=5)
    resumed = CallResumed(call_id="c", seq=1, t_ms=9, process="p", epoch=2, reason="line_lost", gap_ms=4, model="m")
    assert state_of(ended).ended == "line_lost"
    assert state_of(ended, resumed).ended is None


def test_a_call_that_was_given_up_on_purpose_is_known_as_such_until_it_goes_on() -> None:
    moved = CallMoved(call_id="c", seq=0, t_ms=5, reason="draining")
    resumed = CallResumed(call_id="c", seq=1, t_ms=9, process="p", epoch=2, reason="moved", gap_ms=4, model="m")
    assert (state_of(moved).moved, state_of(moved, resumed).moved) == (True, False)


def test_a_move_that_was_only_proposed_is_open() -> None:
    proposed = HandoffProposed(call_id="c", seq=0, t_ms=5, from_agent="desk", to_agent="expert", tool_call_id="t")
    assert state_of(proposed).open_move == proposed
    assert replace(state_of(proposed), open_move=None).owner == "desk"
