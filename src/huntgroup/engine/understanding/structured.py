"""A text answer put into the JSON shape that the instructions want."""

from __future__ import annotations

import json
import re
from typing import Any

from .forcing import neutral
from .kinds import Kind
from .state import Scene, State
from .toolspec import Param, read_tools

_WANTS = re.compile(r"\bjson\b", re.IGNORECASE)


def answer_as_json(scene: Scene, instructions: str, said: str, state: State) -> str | None:
    """The answer as a JSON object of the wanted schema, or None when no such shape was asked for."""
    schema = find_schema(instructions)
    if schema is None:
        return None
    spec = read_tools([{"name": "answer", "description": "", "parameters": schema}])[0]
    body: dict[str, Any] = {}
    texts = [p for p in spec.params if p.kind in {Kind.FREE_TEXT, Kind.PHRASE, Kind.ENTITY}]
    for param in spec.params:
        value = _field(scene, param, said, state, first_text=texts[0] if texts else None)
        if value is not None or param.nullable:
            body[param.name] = value
        elif param.required:
            body[param.name] = neutral(param)
    return json.dumps(body, ensure_ascii=False)


def _field(scene: Scene, param: Param, said: str, state: State, *, first_text: Param | None) -> Any:
    if param.kind in {Kind.FREE_TEXT, Kind.PHRASE, Kind.ENTITY}:
        if (
            param is first_text
            or param.kind is Kind.FREE_TEXT
            or re.search(r"answer|summary|message|text|result", param.name)
        ):
            return state.turn.text if re.search(r"question|asked|request", param.name) and state.turn else said
        return None
    if param.kind is Kind.ENUM:
        scores = scene.matcher.likeness(said, [str(v).replace("_", " ") for v in param.enum])
        return param.enum[max(range(len(scores)), key=lambda i: (scores[i], -i))]
    return None


def find_schema(instructions: str) -> dict[str, Any] | None:
    """The first JSON object in a text that reads as a schema of an object."""
    if not _WANTS.search(instructions):
        return None
    decoder = json.JSONDecoder()
    for match in re.finditer(r"\{", instructions):
        try:
            found, _ = decoder.raw_decode(instructions[match.start() :])
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("properties"), dict):
            return found
    return None
