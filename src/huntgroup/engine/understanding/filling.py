"""Arguments of a tool from what the caller said and what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .choices import enum_value, yes_or_no
from .fitting import fits
from .goals import Goal
from .kinds import Kind
from .knowledge import Knowledge, Row
from .matching import Matcher
from .memory import Memory
from .namedvalues import NamedValues
from .quantities import duration_minutes, quantity
from .toolspec import Param, ToolSpec
from .whenvalues import WhenValues
from .wordvalues import WordValues


@dataclass
class Filling:
    """`missing` are required parameters without a value; `choose` rows an identifier could mean, when several."""

    args: dict[str, Any] = field(default_factory=dict)
    missing: list[Param] = field(default_factory=list)
    choose: list[Row] = field(default_factory=list)
    choose_for: Param | None = None


class Filler:
    """Reads one moment of a call; make a new one when memory or knowledge has grown."""

    def __init__(self, memory: Memory, knowledge: Knowledge, matcher: Matcher) -> None:
        self._memory = memory
        self._knowledge = knowledge
        self._matcher = matcher
        when, named = WhenValues(memory), NamedValues(memory, knowledge)
        own = WordValues(memory, knowledge, named, self._enum)
        self._by_kind: dict[Kind, Callable[[Goal, ToolSpec, Param], Any]] = {
            Kind.FIRST_NAME: lambda g, t, p: self._person("first", g),
            Kind.LAST_NAME: lambda g, t, p: self._person("last", g),
            Kind.FULL_NAME: lambda g, t, p: " ".join(
                n for n in (self._person("first", g), self._person("last", g)) if n
            ),
            Kind.BIRTH_DATE: lambda g, t, p: self._person("born", g),
            Kind.PHONE: lambda g, t, p: self._person("phone", g),
            Kind.EMAIL: lambda g, t, p: self._person("email", g),
            Kind.DATE: when.date,
            Kind.TIME: when.time,
            Kind.DATE_TIME: when.date_time,
            Kind.IDENTIFIER: named.identifier,
            Kind.ENUM: self._enum,
            Kind.BOOLEAN: self._boolean,
            Kind.INTEGER: self._number,
            Kind.NUMBER: self._number,
            Kind.PLACE: named.place,
            Kind.ENTITY: named.entity,
            Kind.PHRASE: own.phrase,
            Kind.FREE_TEXT: own.free_text,
            Kind.LIST: own.several,
            Kind.OBJECT: lambda g, t, p: {} if p.required else None,
        }

    def fill(self, goal: Goal, tool: ToolSpec) -> Filling:
        filling = Filling()
        for param in tool.params:
            value = self._value(goal, tool, param)
            if value not in (None, "", []) and fits(param.schema, value):
                filling.args[param.name] = value
            elif param.required:
                filling.missing.append(param)
                self._note_choices(goal, param, filling)
            elif param.listed:
                filling.args[param.name] = None if param.nullable else param.schema.get("default")
        return filling

    def _note_choices(self, goal: Goal, param: Param, filling: Filling) -> None:
        if param.kind is Kind.IDENTIFIER and not filling.choose:
            rows = self._knowledge.rows_with(param)
            if len(rows) > 1:
                filling.choose, filling.choose_for = rows, param

    def _value(self, goal: Goal, tool: ToolSpec, param: Param) -> Any:
        picked = goal.picked.get(param.name)
        if picked is not None and param.kind is Kind.IDENTIFIER:
            return picked[0]
        if param.name in goal.waived and not param.required:
            return None
        said = self._by_kind[param.kind](goal, tool, param)
        if picked is not None and not self._said_later(param, picked[1], said, goal, tool):
            return picked[0]
        return said

    def _said_later(self, param: Param, turn: int, said: Any, goal: Goal, tool: ToolSpec) -> bool:
        """Whether the caller named another value after picking a row."""
        if said in (None, "", []):
            return False
        later = Goal(goal.tool, goal.opener, turn + 1)
        return bool(self._by_kind[param.kind](later, tool, param)) and param.kind in {
            Kind.DATE,
            Kind.TIME,
            Kind.ENTITY,
            Kind.ENUM,
        }

    def _person(self, part: str, goal: Goal) -> str | None:
        """Who the caller is; after a failed look-up only what was said since counts when it was said anew."""
        return getattr(self._memory.person, part) or None

    def _enum(self, goal: Goal, tool: ToolSpec, param: Param) -> Any:
        for turn in self._memory.serving(goal):
            asked = param.name in turn.asked.params
            found = enum_value(turn.said, param, self._matcher, asked=asked, required=param.required)
            if found is not None:
                return found
        return None

    def _boolean(self, goal: Goal, tool: ToolSpec, param: Param) -> bool | None:
        for turn in self._memory.serving(goal):
            found = yes_or_no(turn.said, param, asked=param.name in turn.asked.params)
            if found is not None:
                return found
        return None

    def _number(self, goal: Goal, tool: ToolSpec, param: Param) -> float | int | None:
        for turn in self._memory.serving(goal):
            asked = param.name in turn.asked.params
            if "duration" in param.words or "minutes" in param.words or "minute" in param.description.lower():
                value: float | None = duration_minutes(turn.said, asked=asked)
            else:
                value = quantity(turn.said, param, asked=asked)
            if value is not None:
                return int(value) if param.kind is Kind.INTEGER else value
        return None
