"""The caller's own words for a tool's arguments: phrases, free text, reasons, lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .choices import enum_values
from .freetext import clean, clean_answer, message_in, reason_in, says_something
from .goals import Goal
from .kinds import Kind
from .knowledge import Knowledge, spoken_entity
from .memory import Memory
from .namedvalues import NamedValues
from .tokens import words
from .toolspec import Param, ToolSpec

Choose = Callable[[Goal, ToolSpec, Param], Any]


class WordValues:
    """Reads the turns that serve a goal, the latest first; None when no turn says it.

    `choose` reads a choice, whose name stands for a reason that was not given in words.
    """

    def __init__(self, memory: Memory, knowledge: Knowledge, named: NamedValues, choose: Choose) -> None:
        self._memory = memory
        self._knowledge = knowledge
        self._named = named
        self._choose = choose

    def phrase(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._memory.serving(goal):
            if param.name in turn.asked.params and not (turn.said.unknown or turn.said.only_yes_no):
                return clean_answer(turn.said.text)
        named = self._named.known_entity(goal, param)
        if named:
            return named
        noun = re.escape(param.words)
        for turn in self._memory.serving(goal):
            match = re.search(
                rf"\b{noun}\s*(?:is|:|will be|should be|called|named)\s+(?P<value>[^.,;?!]+)",
                turn.said.text,
                re.IGNORECASE,
            )
            if match:
                return clean_answer(match.group("value"))
        return None

    def free_text(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._memory.serving(goal):
            asked = turn.asked.kind == "slots" and param.name in turn.asked.params
            if asked and words(turn.said.text) and not turn.said.only_yes_no:
                return clean(turn.said.text)
        opener = goal.text or self._opener(goal)
        if tool.role != "work":
            return clean(opener)
        if "reason" in param.words or "purpose" in param.words:
            return self._reason(goal, tool, param)
        said = message_in(opener) or (clean(opener) if says_something(opener, tool.title) else "")
        return said if said and (param.required or message_in(opener)) else None

    def _reason(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._memory.serving(goal):
            reason = reason_in(turn.said.masked if not turn.said.birth else turn.said.without_name)
            if reason:
                return reason
        if not param.required:
            return None
        kinds = [p for p in tool.params if p.kind is Kind.ENUM and p is not param]
        values = [self._choose(goal, tool, p) for p in kinds]
        return next((str(v).replace("_", " ") for v in values if v), None)

    def _opener(self, goal: Goal) -> str:
        return next((t.text for t in self._memory.turns if t.index == goal.opener), "")

    def several(self, goal: Goal, tool: ToolSpec, param: Param) -> list[Any] | None:
        for turn in self._memory.serving(goal):
            asked = param.name in turn.asked.params
            if param.enum:
                found = enum_values(turn.said, param)
                if found:
                    return found
            elif asked and not (turn.said.no or turn.said.unknown):
                parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", clean_answer(turn.said.text))
                return [p.strip() for p in parts if p.strip()]
            elif param.item_kind in {Kind.ENTITY, Kind.PHRASE}:
                known = self._knowledge.named(param)
                named = [v for v in known if spoken_entity(turn.said.text, turn.said.tokens, [v])[1] >= 0.9]
                if named:
                    return named
        return [] if param.required and not tool.confirms else None
