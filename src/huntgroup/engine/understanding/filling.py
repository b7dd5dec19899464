"""Arguments of a tool from what the caller said and what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .choices import enum_value, enum_values, yes_or_no
from .dates import WEEKDAYS
from .freetext import clean, clean_answer, message_in, reason_in, says_something
from .goals import Goal
from .kinds import Kind
from .knowledge import Knowledge, Row, id_of, nearest_known, said_doctor, spoken_entity
from .matching import Matcher
from .memory import Memory, Turn, is_old
from .monthdays import MONTHS
from .quantities import duration_minutes, quantity
from .rows import match_rows
from .tokens import content_words, words
from .toolspec import Param, ToolSpec

_FAMILY = {"provider", "doctor", "dentist", "physician"}
_PLACE_IN = r"\b(?:{links})\s+(?P<place>[A-Z][\w'-]+(?:[ ,]+[A-Z][\w'-]+){{0,3}})"
_PLACE_LOW = (
    r"\b(?:in|near)\s+(?P<place>(?!the\b|a\b|an\b|my\b|this\b|that\b|\d)[a-z][\w'-]+(?: (?!on\b|at\b|for\b|"
    r"today|tomorrow|right|now|please|next|this)[a-z][\w'-]+)?)"
)


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
        self._by_kind: dict[Kind, Callable[[Goal, ToolSpec, Param], Any]] = {
            Kind.FIRST_NAME: lambda g, t, p: self._person("first", g),
            Kind.LAST_NAME: lambda g, t, p: self._person("last", g),
            Kind.FULL_NAME: lambda g, t, p: " ".join(
                n for n in (self._person("first", g), self._person("last", g)) if n
            ),
            Kind.BIRTH_DATE: lambda g, t, p: self._person("born", g),
            Kind.PHONE: lambda g, t, p: self._person("phone", g),
            Kind.EMAIL: lambda g, t, p: self._person("email", g),
            Kind.DATE: self._date,
            Kind.TIME: self._time,
            Kind.DATE_TIME: self._date_time,
            Kind.IDENTIFIER: self._identifier,
            Kind.ENUM: self._enum,
            Kind.BOOLEAN: self._boolean,
            Kind.INTEGER: self._number,
            Kind.NUMBER: self._number,
            Kind.PLACE: self._place,
            Kind.ENTITY: self._entity,
            Kind.PHRASE: self._phrase,
            Kind.FREE_TEXT: self._free_text,
            Kind.LIST: self._list,
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

    def _turns(self, goal: Goal) -> list[Turn]:
        return self._memory.serving(goal.tool, goal.opener, goal.floor)

    def _date(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        wants_old = bool(re.search(r"\b(?:old|current|original|from)\b", param.words))
        for turn in self._turns(goal):
            dates = self._memory.dates(turn)
            if param.name.startswith("new"):
                dates = [d for d in dates if not is_old(turn, d)]
            if wants_old:
                dates = [d for d in dates if is_old(turn, d)]
            if dates:
                toward = [d for d in dates if d.lead == "to"]
                return (toward or dates)[-1].iso
        return None

    def _time(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._turns(goal):
            times = self._memory.times(turn)
            if param.name.startswith("new"):
                times = [t for t in times if not is_old(turn, t)]
            if times and re.search(r"\b(?:end|until|to)\b", param.words):
                return times[-1].clock if len(times) > 1 else None
            if times:
                toward = [t for t in times if t.lead == "to"]
                return (toward or times)[0 if "start" in param.words else -1].clock
        return None

    def _date_time(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        day, clock = self._date(goal, tool, param), self._time(goal, tool, param)
        return f"{day}T{clock}:00" if day and clock else None

    def _identifier(self, goal: Goal, tool: ToolSpec, param: Param) -> Any:
        nouns = set(param.words.split()) | {"number", "reference", "code"}
        for turn in self._turns(goal):
            asked = param.name in turn.asked.params
            if turn.said.codes and (asked or nouns & set(words(turn.said.text))) and not turn.said.birth:
                code = turn.said.codes[-1].value
                return int(code) if param.schema.get("type") == "integer" else code
        rows = self._knowledge.rows_with(param)
        if not rows:
            return None
        chosen = rows if len(rows) == 1 else match_rows(self._turns(goal), rows, self._memory, old=True)
        return id_of(chosen[0], param) if len(chosen) == 1 else None

    def _enum(self, goal: Goal, tool: ToolSpec, param: Param) -> Any:
        for turn in self._turns(goal):
            asked = param.name in turn.asked.params
            found = enum_value(turn.said, param, self._matcher, asked=asked, required=param.required)
            if found is not None:
                return found
        return None

    def _boolean(self, goal: Goal, tool: ToolSpec, param: Param) -> bool | None:
        for turn in self._turns(goal):
            found = yes_or_no(turn.said, param, asked=param.name in turn.asked.params)
            if found is not None:
                return found
        return None

    def _number(self, goal: Goal, tool: ToolSpec, param: Param) -> float | int | None:
        for turn in self._turns(goal):
            asked = param.name in turn.asked.params
            if "duration" in param.words or "minutes" in param.words or "minute" in param.description.lower():
                value: float | None = duration_minutes(turn.said, asked=asked)
            else:
                value = quantity(turn.said, param, asked=asked)
            if value is not None:
                return int(value) if param.kind is Kind.INTEGER else value
        return None

    def _place(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        links = {"origin": "from", "destination": "to"}.get(param.words, "in|for|at|near|of|about")
        for turn in self._turns(goal):
            match = re.search(_PLACE_IN.format(links=links), turn.said.text)
            if match is None and links != "from":
                match = re.search(_PLACE_LOW, turn.said.text)
            if match is not None and not _is_calendar(match.group("place")):
                return match.group("place").strip(" ,")
            if param.name in turn.asked.params and not (turn.said.unknown or turn.said.no):
                return _capital(clean_answer(turn.said.text))
        return self._known_entity(goal, param)

    def _entity(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        known = self._knowledge.named(param)
        for turn in self._turns(goal):
            if param.name.startswith("new") and turn.asked.rows:
                continue
            if set(param.words.split()) & _FAMILY:
                doctor = said_doctor(turn.said.text)
                if doctor:
                    return nearest_known(doctor, known)
            value, score = spoken_entity(_without_person(turn), turn.said.tokens, known)
            if score >= 0.75:
                return value
            if param.name in turn.asked.params and not (
                turn.said.whatever or turn.said.unknown or turn.said.no or _only_yes_no(turn)
            ):
                return (
                    nearest_known(clean_answer(turn.said.text), known) if score >= 0.5 else clean_answer(turn.said.text)
                )
        return None

    def _known_entity(self, goal: Goal, param: Param) -> str | None:
        known = self._knowledge.named(param)
        for turn in self._turns(goal):
            value, score = spoken_entity(turn.said.text, turn.said.tokens, known)
            if score >= 0.78:
                return value
        return None

    def _phrase(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._turns(goal):
            if param.name in turn.asked.params and not (turn.said.unknown or _only_yes_no(turn)):
                return clean_answer(turn.said.text)
        named = self._known_entity(goal, param)
        if named:
            return named
        noun = re.escape(param.words)
        for turn in self._turns(goal):
            match = re.search(
                rf"\b{noun}\s*(?:is|:|will be|should be|called|named)\s+(?P<value>[^.,;?!]+)",
                turn.said.text,
                re.IGNORECASE,
            )
            if match:
                return clean_answer(match.group("value"))
        return None

    def _free_text(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._turns(goal):
            asked = turn.asked.kind == "slots" and param.name in turn.asked.params
            if asked and words(turn.said.text) and not _only_yes_no(turn):
                return clean(turn.said.text)
        opener = goal.text or self._opener(goal)
        if tool.role != "work":
            return clean(opener)
        if "reason" in param.words or "purpose" in param.words:
            return self._reason(goal, tool, param)
        said = message_in(opener) or (clean(opener) if says_something(opener, tool.title) else "")
        return said if said and (param.required or message_in(opener)) else None

    def _reason(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._turns(goal):
            reason = reason_in(turn.said.masked if not turn.said.birth else _without_person(turn))
            if reason:
                return reason
        if not param.required:
            return None
        kinds = [p for p in tool.params if p.kind is Kind.ENUM and p is not param]
        values = [self._enum(goal, tool, p) for p in kinds]
        return next((str(v).replace("_", " ") for v in values if v), None)

    def _opener(self, goal: Goal) -> str:
        return next((t.text for t in self._memory.turns if t.index == goal.opener), "")

    def _list(self, goal: Goal, tool: ToolSpec, param: Param) -> list[Any] | None:
        for turn in self._turns(goal):
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


def _without_person(turn: Turn) -> str:
    name = turn.said.name
    return turn.said.text[: name.start] + turn.said.text[name.end :] if name else turn.said.text


def _only_yes_no(turn: Turn) -> bool:
    return (turn.said.yes or turn.said.no) and len(content_words(turn.said.text)) <= 1


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


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value keeps the simple rules of its schema: type, enum, pattern, length and range."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    expected: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    wanted = expected.get(str(schema.get("type")))
    if wanted is not None and not isinstance(value, wanted):
        return False
    if isinstance(value, str):
        return _fits_text(schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _fits_text(schema: Mapping[str, Any], value: str) -> bool:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, value):
        return False
    return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))


def same(a: Mapping[str, Any] | None, b: Mapping[str, Any], ignore: Sequence[str] = ()) -> bool:
    return a is not None and {k: v for k, v in a.items() if k not in ignore} == {
        k: v for k, v in b.items() if k not in ignore
    }
