"""Things that have a name or number, for a tool's arguments: places, people and services that are known, rows."""

from __future__ import annotations

import re
from typing import Any

from .dates import WEEKDAYS
from .freetext import clean_answer
from .goals import Goal
from .knowledge import Knowledge, id_of, nearest_known, said_doctor, spoken_entity
from .memory import Memory
from .monthdays import MONTHS
from .rows import match_rows
from .tokens import words
from .toolspec import Param, ToolSpec

_FAMILY = {"provider", "doctor", "dentist", "physician"}

_PLACE_IN = r"\b(?:{links})\s+(?P<place>[A-Z][\w'-]+(?:[ ,]+[A-Z][\w'-]+){{0,3}})"

_PLACE_LOW = (
    r"\b(?:in|near)\s+(?P<place>(?!the\b|a\b|an\b|my\b|this\b|that\b|\d)[a-z][\w'-]+(?: (?!on\b|at\b|for\b|"
    r"today|tomorrow|right|now|please|next|this)[a-z][\w'-]+)?)"
)


class NamedValues:
    """Reads the turns that serve a goal, the latest first; None when no turn names it."""

    def __init__(self, memory: Memory, knowledge: Knowledge) -> None:
        self._memory = memory
        self._knowledge = knowledge

    def identifier(self, goal: Goal, tool: ToolSpec, param: Param) -> Any:
        nouns = set(param.words.split()) | {"number", "reference", "code"}
        for turn in self._memory.serving(goal):
            asked = param.name in turn.asked.params
            if turn.said.codes and (asked or nouns & set(words(turn.said.text))) and not turn.said.birth:
                code = turn.said.codes[-1].value
                return int(code) if param.schema.get("type") == "integer" else code
        rows = self._knowledge.rows_with(param)
        if not rows:
            return None
        chosen = rows if len(rows) == 1 else match_rows(self._memory.serving(goal), rows, self._memory, old=True)
        return id_of(chosen[0], param) if len(chosen) == 1 else None

    def place(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        links = {"origin": "from", "destination": "to"}.get(param.words, "in|for|at|near|of|about")
        for turn in self._memory.serving(goal):
            match = re.search(_PLACE_IN.format(links=links), turn.said.text)
            if match is None and links != "from":
                match = re.search(_PLACE_LOW, turn.said.text)
            if match is not None and not _is_calendar(match.group("place")):
                return match.group("place").strip(" ,")
            if param.name in turn.asked.params and not (turn.said.unknown or turn.said.no):
                return _capital(clean_answer(turn.said.text))
        return self.known_entity(goal, param)

    def entity(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        known = self._knowledge.named(param)
        for turn in self._memory.serving(goal):
            if param.name.startswith("new") and turn.asked.rows:
                continue
            if set(param.words.split()) & _FAMILY:
                doctor = said_doctor(turn.said.text)
                if doctor:
                    return nearest_known(doctor, known)
            value, score = spoken_entity(turn.said.without_name, turn.said.tokens, known)
            if score >= 0.75:
                return value
            if param.name in turn.asked.params and not (
                turn.said.whatever or turn.said.unknown or turn.said.no or turn.said.only_yes_no
            ):
                return (
                    nearest_known(clean_answer(turn.said.text), known) if score >= 0.5 else clean_answer(turn.said.text)
                )
        return None

    def known_entity(self, goal: Goal, param: Param) -> str | None:
        known = self._knowledge.named(param)
        for turn in self._memory.serving(goal):
            value, score = spoken_entity(turn.said.text, turn.said.tokens, known)
            if score >= 0.78:
                return value
        return None


def _is_calendar(text: str) -> bool:
    return text.split(maxsplit=1)[0].lower() in {
        *MONTHS,
        *WEEKDAYS,
        "advance",
        "case",
        "person",
        "total",
        "general",
        "dr",
        "doctor",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
