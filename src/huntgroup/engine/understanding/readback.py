"""Reading back what is about to be done, and what a row stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .contacts import spoken_phone
from .kinds import ASKED_TOGETHER, PEOPLE, Kind
from .knowledge import Row
from .rows import clock_of, day_of
from .spoken import parse_iso, say_date, say_fields, say_list, say_time, say_value
from .tokens import sentences
from .toolspec import Param, ToolSpec

_SWAP = {
    "my": "your",
    "i": "you",
    "me": "you",
    "i'm": "you're",
    "i've": "you've",
    "mine": "yours",
    "am": "are",
    "our": "your",
    "we": "you",
}
_OWN = re.compile(r"\b(?:i'm|i've|my|i|me|mine|am|our|we)\b", re.IGNORECASE)
_NO_ORDER = set("the a an this use it for when call returns only if to tool true what your".split())
_DONE = {
    "book": "book",
    "schedule": "book",
    "create": "set",
    "cancel": "cancel",
    "reschedule": "move",
    "move": "move",
    "order": "order",
    "register": "register",
    "update": "change",
    "delete": "delete",
    "pay": "pay",
    "add": "add",
    "send": "send",
    "submit": "submit",
    "request": "request",
    "reset": "reset",
    "buy": "order",
    "place": "place",
    "reserve": "reserve",
    "file": "file",
    "open": "open",
    "log": "record",
    "record": "record",
}


def confirm(tool: ToolSpec, args: Mapping[str, Any], rows: Mapping[str, Row], today: date) -> list[str]:
    """Read the arguments back once and ask for a yes; `rows` are what identifiers stand for."""
    details = _details(tool, args, rows, today)
    question = _shall_i(tool)
    if not details:
        return [question]
    head = details[:1].upper() + details[1:]
    return [f"{head}.", question]


def _shall_i(tool: ToolSpec) -> str:
    rest = [w for w in tool.title.split()[1:] if w not in {"a", "new", "the"}]
    thing = " ".join(rest)
    verb = _DONE.get(tool.verb, tool.verb)
    if tool.verb in {"create", "add", "register"} and any(p.kind in ASKED_TOGETHER[0] for p in tool.params):
        return "Is that all correct?"
    if tool.verb in {"book", "schedule", "reschedule", "cancel", "move", "order", "reserve", "buy"}:
        return (
            f"Shall I {verb} that?"
            if tool.verb != "cancel"
            else f"Shall I cancel {'it' if not thing else 'this ' + thing}?"
        )
    told = told_as(tool)
    if told:
        return f"Shall I {told}?"
    if verb == "set":
        return f"Shall I set up the {thing or 'record'}?"
    return f"Shall I {verb} {'the ' + thing if thing else 'that'}?"


def told_as(tool: ToolSpec) -> str:
    """The first sentence of a description, when it is an order, as what the assistant would do for "you"."""
    first = (sentences(tool.description) or [""])[0].rstrip(".! ")
    first = re.split(r",| so that | when | if | for (?:a|the) given | given ", first)[0]
    head = first.split()[0].lower() if first else ""
    if (
        not re.fullmatch(r"[a-z]+", head)
        or len(first.split()) > 14
        or head in _NO_ORDER
        or head.endswith(("ing", "ed"))
    ):
        return ""
    base = head[:-1] if head.endswith("s") and not head.endswith("ss") else head
    return _to_you(f"{base} {' '.join(first.split()[1:])}".strip())


def _to_you(text: str) -> str:
    """A sentence about the caller, said to the caller."""
    person = r"(?:verified )?(?:caller|customer|patient|user|guest|client)"
    text = re.sub(rf"\b(?:the |a )?{person}'s(?: own)?\b", "your", text, flags=re.IGNORECASE)
    return re.sub(rf"\bthe {person}\b", "you", text, flags=re.IGNORECASE)


def to_you(text: str) -> str:
    """The caller's own words, said back: "my back" → "your back"."""
    return _OWN.sub(lambda m: _SWAP[m.group(0).lower()], text)


def _details(tool: ToolSpec, args: Mapping[str, Any], rows: Mapping[str, Row], today: date) -> str:
    parts: list[str] = []
    by_kind = {p.kind: args[p.name] for p in tool.params if args.get(p.name) not in (None, "", [])}
    name = " ".join(str(by_kind[k]) for k in (Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME) if k in by_kind)
    for param in tool.params:
        value = args.get(param.name)
        if value in (None, "", []) or param.kind in {Kind.LAST_NAME, Kind.OBJECT}:
            continue
        if param.kind is Kind.FIRST_NAME or (param.kind is Kind.FULL_NAME and name):
            parts.append(name)
            name = ""
        else:
            parts.append(_detail(param, value, rows, args, tool, today))
    return _ordered([p for p in parts if p])


def _detail(  # noqa: PLR0911, PLR0912
    param: Param, value: Any, rows: Mapping[str, Row], args: Mapping[str, Any], tool: ToolSpec, today: date
) -> str:
    match param.kind:
        case Kind.BIRTH_DATE:
            return f"born {say_date(date.fromisoformat(value), today)}"
        case Kind.DATE:
            return ("to " if param.name.startswith("new") else "on ") + say_date(date.fromisoformat(value), today)
        case Kind.TIME:
            return f"at {say_time(value)}"
        case Kind.DATE_TIME:
            moment = parse_iso(str(value))
            return f"on {say_date(moment.date(), today)} at {say_time(f'{moment:%H:%M}')}" if moment else str(value)
        case Kind.PHONE:
            return f"phone {spoken_phone(str(value))}"
        case Kind.EMAIL:
            return f"email {value}"
        case Kind.IDENTIFIER:
            row = rows.get(param.name)
            return f"your {param.words} {describe_row(row, today)}" if row else f"{param.words} {value}"
        case Kind.ENTITY if set(param.words.split()) & PEOPLE:
            return f"with {value}"
        case Kind.FREE_TEXT:
            return _told_text(param, str(value), args)
        case Kind.ENUM:
            return _kind_of_thing(param, str(value).replace("_", " "))
        case Kind.BOOLEAN:
            return param.words if value else ""
        case Kind.INTEGER | Kind.NUMBER:
            return (
                f"{value} minutes"
                if "duration" in param.words
                else f"{param.words} {say_value(param.name, value, today)}"
            )
        case Kind.LIST:
            return say_list([str(v).replace("_", " ") for v in value])
        case _:
            return str(value)


def _told_text(param: Param, text: str, args: Mapping[str, Any]) -> str:
    """A reason or message read back, unless it only repeats what is said anyway."""
    if _repeats(text, args, param):
        return ""
    if "reason" not in param.words:
        return f'{param.words}: "{text}"'
    said = to_you(text)
    return said if re.match(r"you\b|because\b", said) else f"for {said}"


def _kind_of_thing(param: Param, value: str) -> str:
    """ "a follow-up appointment" for `appointment_type`; other enumerations as they are."""
    if not param.name.endswith("type"):
        return value
    noun = param.words.removesuffix("type").strip()
    return f"{article(value)} {value}" + (f" {noun}" if noun and noun not in value else "")


def article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def _repeats(text: str, args: Mapping[str, Any], own: Param) -> bool:
    """Whether a reason only repeats another argument, such as the kind of visit."""
    others = " ".join(str(v).replace("_", " ").lower() for k, v in args.items() if k != own.name and isinstance(v, str))
    return text.lower() in others or text.lower().replace(" ", "") in others.replace(" ", "")


def _ordered(parts: Sequence[str]) -> str:
    """Kinds and names first, then date, time and person, so that it reads as one phrase."""

    def place(part: str) -> int:
        lead = part.split(maxsplit=1)[0] if part else ""
        return {
            "on": 3,
            "to": 3,
            "at": 4,
            "with": 2,
            "for": 5,
            "you": 5,
            "you've": 5,
            "you're": 5,
            "because": 5,
            "your": 1,
            "phone": 6,
            "email": 7,
        }.get(lead, 1)

    ranked = sorted(range(len(parts)), key=lambda i: (place(parts[i]), i))
    text = ""
    for i in ranked:
        joined = " " if parts[i].split()[0] in {"at", "with", "to", "on", "for"} and text else ", " if text else ""
        text += joined + parts[i]
    return re.sub(r"^(?:on|for|at) ", "", text)


def describe_row(row: Row | None, today: date) -> str:
    """What a row stands for, in the words that tell it from others."""
    if row is None:
        return ""
    day, clock = day_of(row), clock_of(row)
    person = row.get("provider", "provider_name", "doctor", "stylist", "stylist_name", "agent")
    if day is not None:
        text = f"on {say_date(day, today)}" + (f" at {say_time(clock)}" if clock else "")
        return text + (f" with {person}" if isinstance(person, str) else "")
    if clock is not None:
        return f"at {say_time(clock)}" + (f" with {person}" if isinstance(person, str) else "")
    return str(row.get("name", "title", "label", "medication", "description") or say_fields(row.fields, today))
