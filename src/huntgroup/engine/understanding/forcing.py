"""Arguments for tools that are called without asking: transfers, returns, consults, urgent reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .freetext import clean
from .goals import Goal
from .kinds import Kind
from .matching import Matcher
from .state import Scene, State
from .toolspec import Param, ToolSpec

_OUTCOME = re.compile(
    r"\b(?:answer|outcome|result|disposition|resolution|finding|conclusion|done|told|advice|came of|follow.?up)\b",
    re.IGNORECASE,
)


def force(scene: Scene, state: State, goal: Goal, tool: ToolSpec) -> dict[str, Any]:
    """Valid arguments from the conversation; what it does not tell gets the most neutral value."""
    args = state.fill(scene, goal, tool).args
    for param in tool.params:
        if param.kind is Kind.FREE_TEXT or (param.kind is Kind.PHRASE and param.name not in args):
            text = _text(state, goal, param, tool)
            if text and (param.required or tool.role != "work"):
                args[param.name] = text
        elif param.kind is Kind.ENUM and (param.required or tool.role == "return") and param.name not in args:
            args[param.name] = _nearest(scene.matcher, state, goal, param)
    for param in tool.params:
        if param.required and args.get(param.name) is None:
            args[param.name] = neutral(param)
    return {k: v for k, v in args.items() if v is not None or (tool.param(k) or param).nullable}


def _text(state: State, goal: Goal, param: Param, tool: ToolSpec) -> str:
    about = f"{param.words} {param.description}"
    if tool.role == "return":
        if _OUTCOME.search(param.words) or (
            _OUTCOME.search(about) and not re.search(r"\b(?:asked|question|request)\b", param.words)
        ):
            return state.last_said_result or "The caller had no further question."
        return clean(state.reign_opener or _opener(state, goal))
    return clean(goal.text or _opener(state, goal))


def _opener(state: State, goal: Goal) -> str:
    return next((t.text for t in state.memory.turns if t.index == goal.opener), state.turn.text if state.turn else "")


def _nearest(matcher: Matcher, state: State, goal: Goal, param: Param) -> Any:
    context = " ".join(x for x in (state.reign_opener or _opener(state, goal), state.last_said_result) if x)
    options = [f"{str(v).replace('_', ' ')}" for v in param.enum]
    scores = matcher.likeness(context, options)
    return param.enum[max(range(len(options)), key=lambda i: (scores[i], -i))]


def neutral(param: Param) -> Any:
    """A valid value that claims nothing."""
    schema: Mapping[str, Any] = param.schema
    if "default" in schema:
        return schema["default"]
    if param.enum and param.kind is Kind.ENUM:
        return param.enum[0]
    minimum = schema.get("minimum", 0)
    values: dict[Kind, Any] = {
        Kind.BOOLEAN: False,
        Kind.INTEGER: int(minimum),
        Kind.NUMBER: minimum,
        Kind.LIST: [],
        Kind.OBJECT: {},
    }
    if param.kind in values:
        return values[param.kind]
    return "not given" if schema.get("minLength") else ""
