"""Reads the held-out utterances and counts how many arguments are filled in as expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from huntgroup.engine.understanding.filling import Filler
from huntgroup.engine.understanding.goals import Goal
from huntgroup.engine.understanding.knowledge import Knowledge
from huntgroup.engine.understanding.matching import Matcher
from huntgroup.engine.understanding.memory import Asked, Memory, Turn
from huntgroup.engine.understanding.toolspec import ToolSpec, read_tools
from huntgroup.engine.understanding.utterance import read
from tests.engine.understanding.evaluation import Score

TODAY = date(2026, 11, 22)


def fill(matcher: Matcher, spec: ToolSpec, text: str) -> dict[str, Any]:
    """What is filled in when all parameters had just been asked for by name and kind, free text excepted."""
    asked = Asked("slots", "", (), frozenset(p.kind for p in spec.params))
    memory = Memory(TODAY)
    memory.add(Turn(0, text, asked, read(text, TODAY, asked_name=asked.names, asked_time=False)))
    return Filler(memory, Knowledge(), matcher).fill(Goal(spec.name, 0, 0), spec).args


def measure(matcher: Matcher, half: str) -> Score:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("held_out_slots.yaml").read_text("utf-8"))
    score = Score()
    for kind, text, wanted in loaded[half]:
        schema = {"type": "object", "properties": loaded["params"][kind], "required": list(loaded["params"][kind])}
        spec = read_tools([{"type": "function", "name": f"set_{kind}", "description": "", "parameters": schema}])[0]
        got = fill(matcher, spec, text)
        for name, value in wanted.items():
            score.total += 1
            score.right += got.get(name) == value
            if got.get(name) != value:
                score.wrong.append(f"{text!r}: {name} = {got.get(name)!r} instead of {value!r}")
    return score
