"""What the answer of a tool changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .faults import fault_in
from .goals import Goal
from .hints import asked_kinds
from .kinds import Kind
from .knowledge import Row, parse
from .memory import Asked
from .readback import describe_row
from .rows import clock_of, day_of
from .spoken import say_list, say_output
from .state import Scene, State
from .toolspec import ToolSpec

_FAILED_TEXT = re.compile(
    r"^\s*(?:an error occurred|error[:\s]|ignored\b|refused\b|the handoff (?:failed|was refused))", re.IGNORECASE
)


def is_failure(data: Any) -> bool:
    """Whether an answer says that nothing was done."""
    if isinstance(data, Mapping):
        if isinstance(data.get("ok"), bool):
            return not data["ok"]
        return (
            bool(data.get("error"))
            or data.get("success") is False
            or data.get("status") in {"error", "failed", "ignored", "refused"}
        )
    return isinstance(data, str) and bool(_FAILED_TEXT.match(data))


def take_result(scene: Scene, state: State, name: str, arguments: str, output: str) -> None:
    """Take in the answer of one of this agent's own tools."""
    data, tool = parse(output), scene.specs.get(name)
    turn = state.turn.index if state.turn else 0
    rows = state.knowledge.learn(name, data, turn)
    goal = next((g for g in reversed(state.stack) if g.tool == name), None)
    needs = _needs(data)
    if needs:
        state.held -= needs
        state.wanted_claims |= needs
        if goal is None and tool is not None:
            state.push(tool, opener=turn)
        _without_way(scene, state, tool, output)
    elif (fault := fault_in(data, transfer=tool is not None and tool.role == "transfer")) is not None:
        # A goal that waits for this one's claim or rows could only call it again, with the same words.
        state.stack, state.last = [], goal or state.last
        state.unsaid.append(fault)
    elif is_failure(data):
        _failed(scene, state, goal, tool, data, output, arguments, rows)
    else:
        _succeeded(scene, state, goal, tool, output, rows, turn)


def _needs(data: Any) -> set[str]:
    needs = data.get("needs") if isinstance(data, Mapping) and data.get("ok") is not True else None
    return {str(n) for n in needs} if isinstance(needs, list) else set()


def granters(scene: Scene, claims: set[str]) -> list[ToolSpec]:
    """The session's tools that give the claims: by their own word, else those that find out who calls."""
    named = [t for t in scene.tools if set(t.grants) & claims]
    return named or [t for t in scene.tools if t.identifies and not t.requires]


def _without_way(scene: Scene, state: State, tool: ToolSpec | None, output: str) -> None:
    """When nothing here can give the claim, say what the tool said or give the call back."""
    if granters(scene, state.wanted_claims):
        return
    state.stack = [g for g in state.stack if tool is None or g.tool != tool.name]
    if scene.way_back is not None:
        state.push(scene.way_back, opener=state.turn.index if state.turn else 0)
        return
    state.unsaid.append(say_output(output, scene.today))


def _succeeded(
    scene: Scene, state: State, goal: Goal | None, tool: ToolSpec | None, output: str, rows: list[Row], turn: int
) -> None:
    if goal is not None and _needs_more(state, goal, tool, parse(output), output):
        return
    if goal is not None:
        state.stack.remove(goal)
        state.last = goal
    if tool is not None and (tool.grants or tool.identifies):
        state.held |= set(tool.grants) or state.wanted_claims
        state.wanted_claims -= state.held
    if tool is not None and tool.effect == "write":
        state.completed, state.wrote = turn + 1, True
        state.written.append(tool)
    state.alarmed = tool is not None and tool.urgent
    silent = goal is not None and goal.silent
    if tool is not None and tool.ends_call:
        state.leaving = False
        return
    if not silent or not rows:
        state.unsaid.append(say_output(output, scene.today))
    if silent and not rows and state.stack:
        state.stack.pop()
    slots = [r for r in rows if clock_of(r) is not None and r.place != ""]
    if tool is not None and tool.effect == "read" and slots and _bookable(scene, slots) and not silent:
        _offer(scene, state, slots, output)


def _needs_more(state: State, goal: Goal, tool: ToolSpec | None, data: Any, output: str) -> bool:
    """An answer that went well but names parameters it still needs keeps the goal open."""
    needs = data.get("needs") if isinstance(data, Mapping) else None
    params = [p for p in tool.params if p.name in needs] if tool is not None and isinstance(needs, list) else []
    if tool is None or not params:
        return False
    state.unsaid.append(say_output(output))
    goal.stalled = True
    state.next_asked = Asked("slots", tool.name, tuple(p.name for p in params), frozenset(p.kind for p in params))
    return True


def _bookable(scene: Scene, rows: list[Row]) -> bool:
    """Whether rows are free times that some write tool of the session could take."""
    if any(r.get("status", "appointment_id", "reference") for r in rows):
        return False
    return any(t.confirms and any(p.kind in {Kind.TIME, Kind.DATE_TIME} for p in t.params) for t in scene.tools)


def _offer(scene: Scene, state: State, rows: list[Row], output: str) -> None:
    message = state.unsaid[-1] if state.unsaid else ""
    if not _tells(message, rows):
        shown = [re.sub(r"^(?:on|at) ", "", describe_row(r, scene.today)) for r in rows[:5]]
        told = f"I have {say_list(shown, 'or')}."
        if isinstance(parse(output), Mapping) and "message" not in parse(output) and state.unsaid:
            state.unsaid.pop()
        state.unsaid.append(told)
    if not state.unsaid[-1].rstrip().endswith("?"):
        state.unsaid.append("Which one would you like?" if len(rows) > 1 else "Would that suit you?")
    state.offered = tuple(rows[:10])
    state.next_asked = Asked("pick", state.stack[-1].tool if state.stack else "", rows=tuple(rows[:10]))


def _tells(message: str, rows: list[Row]) -> bool:
    """Whether a message already names the first of the times."""
    from .spoken import say_time

    clock = clock_of(rows[0]) or ""
    hour = say_time(clock).split()[0].lower() if clock else ""
    return bool(hour) and hour in message.lower()


def _failed(
    scene: Scene,
    state: State,
    goal: Goal | None,
    tool: ToolSpec | None,
    data: Any,
    output: str,
    arguments: str,
    rows: list[Row],
) -> None:
    text = say_output(output, scene.today)
    if isinstance(data, str) or not text:
        text = "I'm sorry, that did not work just now."
    if goal is not None and tool is not None and _named_anew(scene, state, goal, tool, arguments):
        return
    state.unsaid.append(text)
    if goal is None:
        return
    goal.tried.append(arguments)
    slots = [r for r in rows if clock_of(r) is not None or day_of(r) is not None]
    if slots and tool is not None and tool.effect == "write":
        _offer(scene, state, slots, output)
    elif tool is not None and (tool.identifies or tool.grants):
        goal.stalled = True
        if text.rstrip().endswith("?"):
            state.next_asked = _retry(tool, text)
    elif text.rstrip().endswith("?"):
        goal.stalled = True
        state.next_asked = _retry(tool, text) if tool else Asked("offer", options=(text,))
    else:
        state.stack = [g for g in state.stack if g is not goal]
        state.last = goal


def _named_anew(scene: Scene, state: State, goal: Goal, tool: ToolSpec, arguments: str) -> bool:
    """Whether the refusal told names among which the one that was misheard is found: the goal goes on with that."""
    before, after = parse(arguments), state.fill(scene, goal, tool).args
    if not isinstance(before, dict):
        return False
    changed = [p for p in tool.params if before.get(p.name) != after.get(p.name)]
    return bool(changed) and all(p.kind is Kind.ENTITY and p.name in after for p in changed)


def _retry(tool: ToolSpec, text: str) -> Asked:
    """What a tool's own question asks for: the parameters it names, those of identity for a look-up."""
    wanted = asked_kinds(text)
    params = [p for p in tool.params if p.kind in wanted] or [p for p in tool.required if tool.identifies]
    return Asked("offer", tool.name, tuple(p.name for p in params), frozenset(p.kind for p in params), options=(text,))
