"""What sort of value a tool's parameter wants, inferred from its schema, name and description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

PEOPLE = frozenset(
    """provider doctor dentist stylist therapist agent technician physician specialist consultant broker""".split()
)
"""Words for somebody whose name a caller may say instead of an id."""


class Kind(Enum):
    FIRST_NAME = auto()
    LAST_NAME = auto()
    FULL_NAME = auto()
    BIRTH_DATE = auto()
    DATE = auto()
    TIME = auto()
    DATE_TIME = auto()
    PHONE = auto()
    EMAIL = auto()
    IDENTIFIER = auto()
    ENUM = auto()
    BOOLEAN = auto()
    INTEGER = auto()
    NUMBER = auto()
    PLACE = auto()
    ENTITY = auto()
    FREE_TEXT = auto()
    PHRASE = auto()
    LIST = auto()
    OBJECT = auto()


ASKED_TOGETHER: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH_DATE}),
    frozenset({Kind.PHONE, Kind.EMAIL}),
    frozenset({Kind.DATE, Kind.TIME, Kind.DATE_TIME}),
)
"""Kinds that one question asks for at once."""


_FREE = frozenset(
    """
    reason question symptom symptoms description note notes message summary details detail issue problem
    complaint comment comments query request text concern context body feedback explanation situation need
    topic asked purpose subject instructions wish goal answer remark remarks
    """.split()
)
_ENTITY = frozenset(
    """
    provider doctor dentist physician stylist agent employee technician therapist consultant broker staff
    service product item treatment plan medication medicine drug device category department specialist
    specialization specialty team app application software dish size color colour brand model
    """.split()
)
_PLACE = frozenset(
    """
    city location place town country region state destination origin neighborhood area airport
    """.split()
)
_ID = frozenset(
    """
    id reference ref code mrn pin number token key confirmation ticket account
    """.split()
)
_PERSON_ROLE = frozenset(
    """
    customer patient caller client contact guest user person member buyer seller owner your own
    """.split()
)


def schema_of(raw: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema without its null alternative, and whether null is allowed."""
    schema = dict(raw)
    options = [o for o in schema.get("anyOf", schema.get("oneOf", [])) if isinstance(o, Mapping)]
    if options:
        real = [o for o in options if o.get("type") != "null"]
        nullable = len(real) < len(options)
        rest = {k: v for k, v in schema.items() if k not in {"anyOf", "oneOf"}}
        return ({**dict(real[0]), **rest} if real else rest), nullable
    kinds = schema.get("type")
    if isinstance(kinds, list):
        schema["type"] = next((k for k in kinds if k != "null"), "string")
        return schema, "null" in kinds
    return schema, False


def name_parts(name: str) -> list[str]:
    return [p for p in re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name) if p]


def kind_of(name: str, schema: Mapping[str, Any], description: str) -> Kind:
    """The kind of a parameter. The schema decides first, then its name, then its description."""
    by_schema = _by_schema(name, schema, description)
    if by_schema is not None:
        return by_schema
    parts = [p.lower() for p in name_parts(name)]
    return _by_name(parts, description.lower()) or _by_description(description.lower()) or Kind.PHRASE


def _by_schema(name: str, schema: Mapping[str, Any], description: str) -> Kind | None:
    if schema.get("enum") or "const" in schema:
        return Kind.ENUM
    fixed = {
        "boolean": Kind.BOOLEAN,
        "integer": Kind.INTEGER,
        "number": Kind.NUMBER,
        "array": Kind.LIST,
        "object": Kind.OBJECT,
    }
    kind = fixed.get(str(schema.get("type")))
    if kind is Kind.INTEGER and name_parts(name)[-1].lower() in {"id", "mrn", "reference"}:
        return Kind.IDENTIFIER
    if kind is not None:
        return kind
    form = schema.get("format")
    if form == "date":
        return Kind.BIRTH_DATE if _is_birth(name + " " + description) else Kind.DATE
    formats = {"time": Kind.TIME, "date-time": Kind.DATE_TIME, "email": Kind.EMAIL, "phone": Kind.PHONE}
    return formats.get(str(form))


def _is_birth(text: str) -> bool:
    return bool(re.search(r"birth|\bdob\b|born", text.lower().replace("_", " ")))


def _by_name(parts: list[str], description: str) -> Kind | None:  # noqa: PLR0911
    last = parts[-1] if parts else ""
    joined = "_".join(parts)
    if _is_birth(joined):
        return Kind.BIRTH_DATE
    if "name" in parts:
        return _name_kind(parts, description)
    if joined in {"surname", "lastname"}:
        return Kind.LAST_NAME
    if {"email", "mail"} & set(parts):
        return Kind.EMAIL
    if {"phone", "mobile", "cell", "telephone", "callback"} & set(parts) and last not in {"type", "id"}:
        return Kind.PHONE
    if last in {"datetime", "timestamp"} or {"date", "time"} <= set(parts):
        return Kind.DATE_TIME
    if last in {"date", "day", "weekday"} or parts[0] == "date":
        return Kind.DATE
    if last in {"time", "hour"}:
        return Kind.TIME
    return _by_last_word(parts, last, description)


def _by_last_word(parts: list[str], last: str, description: str) -> Kind | None:
    if last in _ID and not (last in {"number", "account"} and len(parts) == 1 and not description):
        return Kind.IDENTIFIER
    singular = last.rstrip("s")
    if last in _FREE or singular in _FREE:
        return Kind.FREE_TEXT
    if last in _ENTITY or singular in _ENTITY:
        return Kind.ENTITY
    if last in _PLACE:
        return Kind.PLACE
    return None


def _name_kind(parts: list[str], description: str) -> Kind:
    if "first" in parts or "given" in parts:
        return Kind.FIRST_NAME
    if "last" in parts or "family" in parts or "sur" in parts:
        return Kind.LAST_NAME
    others = set(parts) - {"name", "full", "new"}
    if not others or others & _PERSON_ROLE:
        thing = re.search(r"\bname of (?:the |a |an )?(\w+)", description)
        if others or thing is None or thing.group(1) in _PERSON_ROLE:
            return Kind.FULL_NAME
    return Kind.ENTITY


def _by_description(description: str) -> Kind | None:  # noqa: PLR0911
    """A last guess from words that name a format."""
    if _is_birth(description):
        return Kind.BIRTH_DATE
    if re.search(r"yyyy-mm-dd|iso date", description):
        return Kind.DATE_TIME if "hh:mm" in description else Kind.DATE
    if re.search(r"\bhh:mm\b|24.?hour|time of day", description):
        return Kind.TIME
    if re.search(r"\be-?mail address\b", description):
        return Kind.EMAIL
    if re.search(r"phone number", description):
        return Kind.PHONE
    if re.search(
        r"in (?:the caller's|their|his or her) own words|what the caller|free text|in plain words|short text",
        description,
    ):
        return Kind.FREE_TEXT
    return None
