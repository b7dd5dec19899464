"""What a turn means for the goals that are open: new values, another wish, an end."""

from __future__ import annotations

from .fitting import same
from .goals import Goal
from .kinds import Kind
from .knowledge import Row, id_of
from .matching import URGENT, Match
from .memory import Turn
from .rows import clock_of, day_of
from .state import Scene, State
from .toolspec import Param, ToolSpec


def goal_asked(scene: Scene, state: State) -> Goal | None:
    return next((g for g in reversed(state.stack) if g.tool == state.asked.tool), state.top)


def brings_value(scene: Scene, state: State, turn: Turn, goal: Goal, tool: ToolSpec, *, soft: bool = False) -> bool:
    """Whether the turn brought a value for the goal: its arguments differ from what they were without it."""
    now = state.fill(scene, goal, tool).args
    memory, person = state.memory, state.memory.person
    fresh = any(person.since.get(f) == turn.index for f in ("first", "last", "born", "phone", "email"))
    personal = any(
        p.kind in {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH_DATE, Kind.PHONE, Kind.EMAIL}
        for p in tool.params
    )
    memory.turns.pop()
    before = state.fill(scene, goal, tool).args
    memory.turns.append(turn)
    free = [p.name for p in tool.params if p.kind in {Kind.FREE_TEXT, Kind.PHRASE} and p.name not in state.asked.params]
    return not same(before, now, () if soft else free) or (fresh and personal)


def names_value(turn: Turn) -> bool:
    said = turn.said
    return bool(said.dates or said.times or said.name or said.phones or said.numbers or said.correction)


def other_wish(ranked: list[Match], goal: Goal | None) -> Match | None:
    """The best tool that is not the goal's own and not one that only finds out who calls."""
    own = goal.tool if goal else ""
    return next(
        (
            m
            for m in ranked
            if (m.tool.name != own and not m.tool.identifies and m.tool.role != "return")
            or (m.tool.role == "return" and m.score >= 0.45)
        ),
        None,
    )


def leave(scene: Scene, state: State) -> bool:
    state.stack.clear()
    state.leaving = True
    return True


def is_no_wish(state: State, match: Match) -> bool:
    """Tools that find out who calls when that is known, and urgent ones that are only remotely like what was said."""
    tool = match.tool
    known = bool(tool.identifies and tool.grants and set(tool.grants) <= state.held)
    return known or (tool.urgent and match.score < URGENT)


def take_row(goal: Goal, tool: ToolSpec, row: Row, turn: int, only: tuple[str, ...] = ()) -> None:
    """Use a row's values for the goal's parameters, or for some of them."""
    for param in tool.params:
        if only and param.name not in only:
            continue
        value = _from_row(param, row)
        if value is not None:
            goal.picked[param.name] = (value, turn)


def _from_row(param: Param, row: Row) -> object:
    day, clock = day_of(row), clock_of(row)
    old = param.kind in {Kind.DATE, Kind.TIME} and any(w in param.words for w in ("old", "current"))
    if param.kind is Kind.DATE and day is not None and not old:
        return day.isoformat()
    if param.kind is Kind.TIME and clock is not None and not old:
        return clock
    if param.kind is Kind.DATE_TIME and day is not None and clock is not None:
        return f"{day.isoformat()}T{clock}:00"
    if param.kind is Kind.IDENTIFIER:
        return id_of(row, param)
    value = row.fields.get(param.name)
    return value if isinstance(value, str) and param.kind in {Kind.ENTITY, Kind.ENUM} else None
