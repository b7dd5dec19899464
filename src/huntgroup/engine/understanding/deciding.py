"""What to say or do next, from where the conversation stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huntgroup.engine.ports import CallTool, Say

from .asides import abilities
from .filling import Filling
from .forcing import force
from .goals import Goal
from .guidance import Order
from .kinds import Kind
from .knowledge import Row, id_of
from .memory import NOTHING, Asked
from .questions import ask_for, next_params, which_row
from .readback import confirm
from .results import granters
from .state import Scene, State
from .tokens import sentences
from .toolspec import Param, ToolSpec

_STEPS = 8
ANYTHING = "Is there anything else I can help you with?"


@dataclass
class Decision:
    """Sentences, then at most one tool call; `asked` is what the sentences want to know."""

    says: list[str] = field(default_factory=list)
    call: CallTool | None = None
    asked: Asked = NOTHING

    def acts(self) -> list[Say | CallTool]:
        spoken: list[Say | CallTool] = [Say(s) for text in self.says for s in sentences(text)]
        return [*spoken, self.call] if self.call is not None else spoken


def decide(scene: Scene, state: State, order: Order) -> Decision:
    """One step of the conversation."""
    decision = Decision(says=[*state.unsaid, *state.reply])
    if state.finish or state.next_asked is not None:
        decision.asked = state.next_asked or (state.asked if state.finish and state.stack else NOTHING)
        return decision
    if state.leaving:
        return _goodbye(scene, state, decision)
    for _ in range(_STEPS):
        goal = state.top
        tool = scene.tool(goal.tool) if goal else None
        if goal is None or tool is None:
            if state.stack:
                state.stack.pop()
                continue
            break
        if _step(scene, state, goal, tool, decision, order):
            return decision
    return _idle(scene, state, decision)


def advance(scene: Scene, state: State) -> None:
    """Put on the stack what the top goal needs first, as `decide` does before it calls a tool."""
    for _ in range(_STEPS):
        goal = state.top
        tool = scene.tool(goal.tool) if goal else None
        if goal is None or tool is None or tool.role != "work" or tool.urgent or tool.ends_call:
            return
        if _prerequisite(scene, state, goal, tool):
            continue
        filling = state.fill(scene, goal, tool)
        identifier = next((p for p in filling.missing if p.kind is Kind.IDENTIFIER), None)
        if filling.choose or identifier is None or not _fetch(scene, state, goal, identifier):
            return


def _step(scene: Scene, state: State, goal: Goal, tool: ToolSpec, decision: Decision, order: Order) -> bool:  # noqa: PLR0911
    """Advance the top goal; True when the decision is made."""
    if _prerequisite(scene, state, goal, tool):
        return False
    if tool.ends_call:
        _goodbye(scene, state, decision)
        return True
    if tool.role != "work" or tool.urgent:
        decision.call = _call(tool, force(scene, state, goal, tool))
        return True
    filling = state.fill(scene, goal, tool)
    if filling.missing:
        return _missing(scene, state, goal, tool, filling, decision, order)
    if goal.stalled and any(json.loads(t) == filling.args for t in goal.tried):
        _ask(scene, state, goal, tool, list(tool.required), decision, narrower=len(goal.tried) > 1)
        return True
    if tool.confirms and goal.confirmed != filling.args:
        _confirm(scene, state, goal, tool, filling.args, decision)
        return True
    decision.call = _call(tool, filling.args)
    return True


def _call(tool: ToolSpec, args: Mapping[str, Any]) -> CallTool:
    return CallTool(tool.name, json.dumps(args))


def _prerequisite(scene: Scene, state: State, goal: Goal, tool: ToolSpec) -> bool:
    """Put a tool that gives a missing claim on top; True when one was put there."""
    missing = (
        set(tool.requires)
        | (state.wanted_claims if goal is state.top and not tool.identifies and not tool.grants else set())
    ) - state.held
    if not missing or set(tool.grants) & missing:
        return False
    options = [t for t in granters(scene, missing) if t.name != tool.name]
    if not options:
        return False
    options = [t for t in options if t.effect == "read"] or options
    ranked = sorted(
        options, key=lambda t: (bool(state.fill(scene, Goal(t.name, goal.opener, 0), t).missing), scene.tools.index(t))
    )
    state.push(ranked[0], opener=goal.opener, floor=0)
    return True


def _missing(
    scene: Scene, state: State, goal: Goal, tool: ToolSpec, filling: Filling, decision: Decision, order: Order
) -> bool:
    identifier = next((p for p in filling.missing if p.kind is Kind.IDENTIFIER), None)
    if filling.choose and filling.choose_for is not None:
        param = filling.choose_for
        decision.says += which_row(filling.choose, param.words, scene.today)
        decision.asked = Asked("slots", tool.name, (param.name,), frozenset({param.kind}), rows=tuple(filling.choose))
        return True
    if identifier is not None and _fetch(scene, state, goal, identifier):
        return False
    _ask(scene, state, goal, tool, filling.missing, decision, narrower=order.kind == "narrower")
    return True


def _fetch(scene: Scene, state: State, goal: Goal, param: Param) -> bool:
    """Get the rows that an identifier is chosen from, by a tool of the session that lists them."""
    noun = param.words.split()[-1]
    if any(id_of(r, param) is not None for r in state.knowledge.rows) or f"fetched:{param.name}" in goal.waived:
        return False
    finders = [
        t
        for t in scene.tools
        if t.effect == "read"
        and t.role == "work"
        and not t.required
        and noun in t.title.replace("s ", " ").rstrip("s").split()[-1:] + t.title.split()
    ]
    finders = finders or [
        t
        for t in scene.tools
        if t.effect == "read" and t.role == "work" and not t.required and f"{noun}s" in t.title.split()
    ]
    if not finders:
        return False
    goal.waived.add(f"fetched:{param.name}")
    state.push(finders[0], opener=goal.opener, floor=goal.floor).silent = True
    return True


def _ask(
    scene: Scene, state: State, goal: Goal, tool: ToolSpec, missing: list[Param], decision: Decision, *, narrower: bool
) -> None:
    params = next_params(missing)
    times = goal.asked[params[0].name]
    again = narrower or (times > 0 and not state.reply and state.unclear) or times > 1
    if state.unclear and not decision.says:
        decision.says.append("I'm sorry, I did not get that.")
    if goal.stalled and decision.says and decision.says[-1].rstrip().endswith("?"):
        pass
    else:
        decision.says.append(ask_for(params, tool, again=again, today=scene.today))
    decision.asked = Asked("slots", tool.name, tuple(p.name for p in params), frozenset(p.kind for p in params))


def _confirm(scene: Scene, state: State, goal: Goal, tool: ToolSpec, args: dict[str, Any], decision: Decision) -> None:
    if goal.denied:
        decision.says.append("What should I change?")
        params = tuple(p.name for p in tool.params if p.name in args)
        decision.asked = Asked("change", tool.name, params, frozenset())
        return
    if state.unclear and not decision.says:
        decision.says.append("I'm sorry, I did not get that.")
    rows = _rows_behind(state, tool, args)
    decision.says += confirm(tool, args, rows, scene.today)
    decision.asked = Asked("confirm", tool.name, options=(repr(sorted(args.items(), key=lambda kv: kv[0])),))


def _rows_behind(state: State, tool: ToolSpec, args: Mapping[str, Any]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for param in tool.params:
        if param.kind is Kind.IDENTIFIER and param.name in args:
            row = next(
                (
                    r
                    for r in reversed(state.knowledge.rows)
                    if id_of(r, param) == args[param.name] and len(r.fields) > 2
                ),
                None,
            )
            if row is not None:
                found[param.name] = row
    return found


def _goodbye(scene: Scene, state: State, decision: Decision) -> Decision:
    if scene.way_back is not None:
        goal = Goal(scene.way_back.name, state.turn.index if state.turn else 0, 0)
        decision.call = _call(scene.way_back, force(scene, state, goal, scene.way_back))
        return decision
    decision.says.append(scene.guidance.goodbye or "Thank you for calling. Goodbye!")
    if scene.hang_up is not None:
        goal = Goal(scene.hang_up.name, state.turn.index if state.turn else 0, 0)
        decision.call = _call(scene.hang_up, force(scene, state, goal, scene.hang_up))
    return decision


def _idle(scene: Scene, state: State, decision: Decision) -> Decision:
    """Nothing is going on: after a result offer more help, else say that nothing was understood, or greet."""
    if decision.says:
        if (
            state.unsaid
            and not decision.says[-1].rstrip().endswith("?")
            and (state.wrote or scene.guidance.anything_else)
        ):
            decision.says.append(scene.guidance.anything_else or ANYTHING)
        if decision.says[-1].rstrip().endswith("?"):
            decision.asked = Asked("anything")
        return decision
    if state.unclear:
        decision.says += _not_understood(scene, state)
        decision.asked = state.asked if state.asked.kind == "anything" else NOTHING
    elif state.turn is None:
        decision.says.append(scene.guidance.greeting or "Hello, how can I help you?")
    elif state.resumed:
        decision.says.append(scene.guidance.anything_else or ANYTHING)
        decision.asked = Asked("anything")
    else:
        decision.says.append("How can I help you?")
    return decision


def _not_understood(scene: Scene, state: State) -> list[str]:
    if state.misses <= 1:
        return ["I'm sorry, I did not understand that.", "Could you say it in other words?"]
    return ["I'm sorry, I still did not understand.", f"Do you want to {abilities(scene)}?"]
