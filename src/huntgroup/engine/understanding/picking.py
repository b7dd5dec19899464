"""Turns that choose one of the rows that were offered."""

from __future__ import annotations

from .answers import take_values
from .changes import other_wish, take_row
from .goals import Goal
from .kinds import Kind
from .knowledge import Row
from .matching import ACCEPT, SURE, Match
from .memory import Asked, Turn
from .rows import pick_row, position
from .state import Scene, State


def take_pick(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    rows = [r for r in state.asked.rows if isinstance(r, Row)] or list(state.offered)
    row = pick_row(turn, rows, state.memory) if rows else None
    other = other_wish(ranked, state.top)
    if (
        row is None
        and turn.said.no
        and not (turn.said.dates or turn.said.times)
        and not (other and other.score >= SURE)
    ):
        state.say("All right.")
        return _ask_other_time(scene, state)
    if row is None:
        return take_values(scene, state, turn, ranked) if state.stack else False
    if (
        other is not None
        and other.score >= 0.55
        and position(turn.said, len(rows)) is None
        and not (turn.said.times or turn.said.dates or turn.said.yes)
    ):
        return False
    goal = _goal_for_pick(scene, state, turn)
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        return False
    take_row(goal, tool, row, turn.index)
    if goal.confirmed is not None:
        args = state.fill(scene, goal, tool).args
        changed = {k for k in args if args[k] != goal.confirmed.get(k)}
        goal.confirmed = args if changed <= set(goal.picked) else None
    return True


def _ask_other_time(scene: Scene, state: State) -> bool:
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        state.say("Is there anything else I can help you with?")
        state.finish, state.next_asked = True, Asked("anything")
        return True
    params = [p for p in tool.params if p.kind in {Kind.DATE, Kind.TIME, Kind.DATE_TIME}]
    state.say("What other day and time would suit you?")
    state.finish = True
    state.next_asked = Asked("slots", tool.name, tuple(p.name for p in params), frozenset(p.kind for p in params))
    return True


def _goal_for_pick(scene: Scene, state: State, turn: Turn) -> Goal | None:
    """The write goal that waits for a choice, or a new one for the tool that books such a row."""
    for goal in reversed(state.stack):
        tool = scene.tool(goal.tool)
        if tool is not None and tool.effect == "write":
            return goal
    makers = [t for t in scene.tools if t.confirms and any(p.kind in {Kind.TIME, Kind.DATE_TIME} for p in t.params)]
    if not makers:
        return None
    ranked = [m for m in scene.matcher.rank(turn.said, scene.tools) if m.tool in makers]
    best = (
        ranked[0].tool
        if ranked[0].score >= ACCEPT
        else min(makers, key=lambda t: any(p.kind is Kind.IDENTIFIER and p.required for p in t.params))
    )
    return state.push(best, opener=turn.index, floor=state.last.floor if state.last else None)
