"""The questions the assistant asks: for what is missing, before it writes, and when it is not sure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .contacts import spoken_phone
from .kinds import Kind
from .knowledge import Row
from .rows import clock_of, day_of
from .spoken import parse_iso, say_date, say_fields, say_list, say_time, say_value
from .tokens import sentences
from .toolspec import Param, ToolSpec

_GROUPS: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH_DATE}),
    frozenset({Kind.PHONE, Kind.EMAIL}),
    frozenset({Kind.DATE, Kind.TIME, Kind.DATE_TIME}),
)
_PEOPLE = {
    "provider",
    "doctor",
    "dentist",
    "stylist",
    "therapist",
    "agent",
    "technician",
    "physician",
    "specialist",
    "consultant",
    "broker",
}
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


def next_params(missing: Sequence[Param]) -> list[Param]:
    """The missing parameters to ask for in one question: the first one and its kin."""
    first = missing[0]
    group = next((g for g in _GROUPS if first.kind in g), None)
    if group is None:
        return [first]
    return [p for p in missing if p.kind in group][:3]


def ask_for(params: Sequence[Param], tool: ToolSpec, *, again: bool, today: date) -> str:
    """A question for the parameters; `again` makes it narrower."""
    if again and len(params) > 1:
        params = params[:1]
    kinds = {p.kind for p in params}
    if kinds & _GROUPS[0]:
        return _ask_person(kinds, again)
    if kinds & {Kind.PHONE, Kind.EMAIL}:
        things = say_list([w for k, w in ((Kind.PHONE, "phone number"), (Kind.EMAIL, "email address")) if k in kinds])
        return f"Could you say your {things} once more, slowly?" if again else f"What is the best {things} for you?"
    if kinds & _GROUPS[2]:
        return _ask_when(kinds, again, params[0], tool)
    return _ask_one(params[0], tool, again)


def _ask_person(kinds: set[Kind], again: bool) -> str:
    names = {
        frozenset({Kind.FIRST_NAME, Kind.LAST_NAME}): "first and last name",
        frozenset({Kind.FIRST_NAME}): "first name",
        frozenset({Kind.LAST_NAME}): "last name",
        frozenset({Kind.FULL_NAME}): "full name",
    }.get(frozenset(kinds & {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME}), "")
    parts = [f"your {names}"] if names else []
    if Kind.BIRTH_DATE in kinds:
        parts.append("your date of birth")
    if again and names:
        return f"Could you spell your {names} for me, letter by letter?"
    if again:
        return "Could you say your date of birth once more, with month, day and year?"
    return f"Can I have {say_list(parts)}, please?"


def _ask_when(kinds: set[Kind], again: bool, param: Param, tool: ToolSpec) -> str:
    new = "new " if param.name.startswith("new") else ""
    if Kind.DATE_TIME in kinds or {Kind.DATE, Kind.TIME} <= kinds:
        return f"What {new}day and time would you like?"
    if Kind.DATE in kinds:
        return (
            f"Which {new}day exactly, for example the day and the month?" if again else f"What {new}day would you like?"
        )
    return f"At what {new}time exactly, for example ten thirty?" if again else f"What {new}time would you like?"


def _ask_one(param: Param, tool: ToolSpec, again: bool) -> str:
    label = param.words
    if param.kind is Kind.ENUM:
        return _ask_option(param, again)
    if param.kind is Kind.BOOLEAN:
        return _yes_no(param)
    if param.kind in {Kind.INTEGER, Kind.NUMBER}:
        return (
            f"How many {label}?"
            if label.endswith("s")
            else f"What {label} would you like?"
            if label in {"quantity", "duration"}
            else f"What is the {label}?"
        )
    if param.kind is Kind.FREE_TEXT:
        return _ask_text(param, tool, again)
    if param.kind is Kind.ENTITY and set(label.split()) & _PEOPLE:
        return f"Which {label} would you like?"
    if param.kind is Kind.ENTITY:
        return (
            f"Which {label.removesuffix(' name')} would you like?"
            if tool.effect == "write"
            else f"Which {label.removesuffix(' name')} do you mean?"
        )
    if param.kind is Kind.PLACE:
        return f"For which {label}?"
    if param.kind is Kind.IDENTIFIER:
        return (
            f"What is the {_id_label(param)}? You can say it digit by digit."
            if again
            else f"What is the {_id_label(param)}?"
        )
    return f"What {label} would you like?" if tool.confirms and len(label.split()) == 1 else f"What is the {label}?"


def _ask_option(param: Param, again: bool) -> str:
    """All values when they are few, else three as examples."""
    values = [str(v).replace("_", " ") for v in param.enum]
    label = param.words
    if label.endswith(" type"):
        label = f"kind of {label.removesuffix(' type')}"
    if again or len(values) <= 4:
        return (
            f"Which one is it: {say_list(values, 'or')}?"
            if again
            else f"Which {label} is it: {say_list(values, 'or')}?"
        )
    return f"What {label} is it, for example {say_list(values[:3], 'or')}?"


def _id_label(param: Param) -> str:
    return (
        param.words
        if any(w in param.words for w in ("number", "code", "reference", "mrn", "pin"))
        else f"{param.words} number"
    )


def _yes_no(param: Param) -> str:
    about = sentences(param.description)[0].rstrip(".") if param.description else param.words
    about = re.sub(r"^(?:whether|if|true if|set if)\s+", "", about, flags=re.IGNORECASE)
    return f"{about[:1].upper()}{about[1:]}, yes or no?"


def _ask_text(param: Param, tool: ToolSpec, again: bool) -> str:
    if "reason" in param.words or "purpose" in param.words:
        return "In a few words, what is the reason?" if again else "What is it for?"
    if any(w in param.words for w in ("symptom", "complaint", "concern", "problem", "issue", "description", "details")):
        return (
            "Can you tell me a little more about it?" if not again else "In a few words, what exactly is the problem?"
        )
    if "message" in param.words or "note" in param.words:
        return "What would you like me to write down?"
    return f"What is the {param.words}?" if again else f"Could you tell me the {param.words} in a few words?"


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
    if tool.verb in {"create", "add", "register"} and any(p.kind in _GROUPS[0] for p in tool.params):
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
    first = re.split(r",| so that | when | if ", first)[0]
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


def _detail(
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
        case Kind.ENTITY if set(param.words.split()) & _PEOPLE:
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
    return f"{_article(value)} {value}" + (f" {noun}" if noun and noun not in value else "")


def _article(word: str) -> str:
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


def which_row(rows: Sequence[Row], noun: str, today: date) -> list[str]:
    """Offer rows to choose from, five at most."""
    shown = [re.sub(r"^on ", "", describe_row(r, today)) for r in rows[:5]]
    more = f", and {len(rows) - 5} more" if len(rows) > 5 else ""
    return [f"I see {say_list(shown)}{more}.", f"Which {noun} do you mean?"]


def which_tool(tools: Sequence[ToolSpec]) -> str:
    """Ask back between two or three wishes, in plain words."""
    return f"Do you want to {say_list([plain_wish(t) for t in tools], 'or')}?"


def plain_wish(tool: ToolSpec) -> str:
    """What a tool does, as the object of "do you want to"."""
    if tool.role in {"transfer", "consult"}:
        return f"talk to {'our ' if not tool.peer.startswith(('a_', 'human')) else 'a '}{tool.peer.replace('_', ' ')}"
    title = re.sub(r"^(?:get|fetch|read|list|find|lookup|look up|search|show)\b", "hear about", tool.title)
    title = re.sub(r"^(?:create|add)\b", "set up", title)
    words_ = title.split()
    if tool.verb not in {"get", "list", "find", "search", "lookup", "fetch", "show", "read"} and len(words_) > 1:
        return f"{words_[0]} {_article(words_[-1]) + ' ' if not words_[-1].endswith('s') else ''}{' '.join(words_[1:])}"
    return title
