"""Arguments for tools that are called without asking: transfers, returns, consults, urgent reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .freetext import clean
from .goals import Goal
from .kinds import Kind
from .matching import Matcher
from .smalltalk import small_talk
from .state import Scene, State
from .toolspec import Param, ToolSpec

_OUTCOME = re.compile(
    r"\b(?:answer|outcome|result|disposition|resolution|finding|conclusion|done|told|advice|came of|follow.?up)\b",
    re.IGNORECASE,
)

_PLAIN = re.compile(r"\b(?:answered|done|resolved|completed|handled|ok|none)\b")


def force(scene: Scene, state: State, goal: Goal, tool: ToolSpec) -> dict[str, Any]:
    """Valid arguments from the conversation; what it does not tell gets the most neutral value."""
    args = state.fill(scene, goal, tool).args
    told: set[str] = set()
    for param in tool.params:
        if param.kind is Kind.FREE_TEXT or (param.kind is Kind.PHRASE and param.name not in args):
            text = _text(state, goal, param, tool)
            args.pop(param.name, None)
            if text and (param.required or text not in told):
                args[param.name] = text
                told.add(text)
        elif param.kind is Kind.ENUM and (param.name not in args or tool.role == "return"):
            args.pop(param.name, None)
            value = _nearest(scene.matcher, state, goal, param)
            if value is not None:
                args[param.name] = value
        elif param.kind is Kind.BOOLEAN and _is_held(state, param):
            args[param.name] = True
    for param in tool.params:
        if param.required and args.get(param.name) is None:
            args[param.name] = neutral(param)
    return {k: v for k, v in args.items() if v is not None or (tool.param(k) or param).nullable}


def _is_held(state: State, param: Param) -> bool:
    """Whether a boolean tells of a claim that the caller has, such as `verified`."""
    return any(param.name in claim.split("_") or param.name == claim for claim in state.held)


def _text(state: State, goal: Goal, param: Param, tool: ToolSpec) -> str:
    asked = re.search(r"\b(?:asked|question|request|wanted|topic|query)\b", param.words)
    if tool.role != "return" or asked:
        return clean((state.reign_opener if tool.role == "return" else goal.text) or _opener(state, goal))
    if re.search(r"\b(?:follow|next|pending|open|remaining)\b", param.words):
        said = state.turn.text if state.turn and not state.leaving else ""
        return clean(said) if said and said != state.reign_opener and not small_talk(said)[0] else ""
    if param.required or _OUTCOME.search(f"{param.words} {param.description}"):
        return state.last_said_result or "The caller had no further question."
    return ""


def _opener(state: State, goal: Goal) -> str:
    return next((t.text for t in state.memory.turns if t.index == goal.opener), state.turn.text if state.turn else "")


def _nearest(matcher: Matcher, state: State, goal: Goal, param: Param) -> Any:
    """The value nearest to what was done; what was only answered takes the schema's default or a plain "answered"."""
    options = [str(v).replace("_", " ") for v in param.enum]
    if state.written:
        scores = matcher.likeness(state.written[-1].title, options)
        best = max(range(len(options)), key=lambda i: (scores[i], -i))
        if scores[best] >= 0.4:
            return param.enum[best]
    if not param.required:
        return None
    plain = [i for i, o in enumerate(options) if _PLAIN.search(o) and not o.startswith(("not", "un"))]
    if plain and state.last_said_result:
        return param.enum[plain[0]]
    scores = matcher.likeness(state.reign_opener or _opener(state, goal), options)
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
