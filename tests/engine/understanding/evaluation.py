"""Reads the held-out phrases and counts how often the right tool is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from huntgroup.engine.understanding.matching import ACCEPT, Matcher
from huntgroup.engine.understanding.toolspec import ToolSpec, read_tools
from huntgroup.engine.understanding.utterance import read

_TYPES = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
}


@dataclass
class Score:
    right: int = 0
    total: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 1.0


def domains() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("held_out.yaml").read_text("utf-8"))
    return loaded


def specs_of(domain: dict[str, Any]) -> tuple[ToolSpec, ...]:
    return read_tools(list(_tools(domain["tools"])))


def _tools(tools: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, body in tools.items():
        lines = [body["about"]]
        if body.get("examples"):
            lines += ["", "Examples:", *[f"    {e}" for e in body["examples"]]]
        if body.get("write"):
            lines += ["", "Effect: write."]
        properties = {n: _TYPES[t] for n, t in body["params"].items()}
        parameters = {"type": "object", "properties": properties, "required": list(properties)}
        yield {"type": "function", "name": name, "description": "\n".join(lines), "parameters": parameters}


def choose(matcher: Matcher, half: str) -> dict[str, Score]:
    """How many phrases of a half go to the right tool, per domain; for `nothing_fits`, to none."""
    every = domains()
    scores: dict[str, Score] = {}
    for name, domain in every.items():
        score = scores[name] = Score()
        if name == "nothing_fits":
            for other in (d for d in every.values() if "tools" in d):
                for text in domain[half]:
                    _count(score, matcher, specs_of(other), text, None)
            continue
        for wanted, texts in domain[half].items():
            for text in texts:
                _count(score, matcher, specs_of(domain), text, wanted)
    return scores


def _count(score: Score, matcher: Matcher, tools: tuple[ToolSpec, ...], text: str, wanted: str | None) -> None:
    best = matcher.rank(read(text, date(2026, 11, 22)), tools)[0]
    chosen = best.tool.name if best.score >= ACCEPT else None
    score.total += 1
    score.right += chosen == wanted
    if chosen != wanted:
        score.wrong.append(f"{text!r}: {chosen} ({best.score:.2f}) instead of {wanted}")
