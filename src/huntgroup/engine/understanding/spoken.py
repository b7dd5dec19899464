"""Values and tool answers in plain spoken English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .contacts import spoken_phone
from .knowledge import parse
from .tokens import sentences

MAX_LISTED = 5
MAX_TEXT = 500
_ISO_DATE = re.compile(
    r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b"
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)(?::00)?\b(?!\s*[ap]\.?m)", re.IGNORECASE)
_HIDDEN = {"ok", "success", "status_code", "code", "trace", "claims", "claim", "granted"}
_PEOPLE = {"provider", "doctor", "stylist", "agent", "technician", "therapist", "dentist"}
_MONEY_KEYS = {"price", "cost", "amount", "total", "fee", "balance", "copay", "budget", "payment"}


def ordinal_number(n: int) -> str:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def say_date(day: date, today: date | None = None) -> str:
    """ "Tuesday, December 1st"; the year only when it is not near."""
    text = f"{day:%B} {ordinal_number(day.day)}"
    if today is not None and abs((day - today).days) > 330:
        return f"{text}, {day.year}"
    return f"{day:%A}, {text}"


def say_time(clock: str) -> str:
    """ "15:00" → "3 PM"."""
    hour, minute = (int(p) for p in clock.split(":")[:2])
    if (hour, minute) in {(12, 0), (0, 0)}:
        return "noon" if hour else "midnight"
    return f"{(hour - 1) % 12 + 1}{f':{minute:02d}' if minute else ''} {'PM' if hour >= 12 else 'AM'}"


def say_money(value: float) -> str:
    return f"${value:,.0f}" if float(value).is_integer() else f"${value:,.2f}"


def say_list(parts: Sequence[str], link: str = "and") -> str:
    """ "a, b and c"."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {link} {parts[-1]}"


def humanise(text: str, today: date | None = None) -> str:
    """A text with ISO dates and clock times as people say them."""

    def day(match: re.Match[str]) -> str:
        try:
            value = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return match[0]
        clock = f" at {say_time(f'{match[4]}:{match[5]}')}" if match[4] else ""
        return say_date(value, today) + clock

    return _CLOCK.sub(lambda m: say_time(m.group(0)), _ISO_DATE.sub(day, text))


def say_value(key: str, value: Any, today: date | None = None) -> str:
    """One value, with its key telling what it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return (
            say_money(value)
            if set(key.lower().split("_")) & _MONEY_KEYS
            else f"{value:,}"
            if value >= 10_000
            else str(value)
        )
    if isinstance(value, Mapping):
        return say_fields(value, today)
    if isinstance(value, list):
        return say_rows(value, today)
    text = str(value)
    if "phone" in key.lower() and re.fullmatch(r"\+?\d{7,15}", text):
        return spoken_phone(text.lstrip("+"))
    return humanise(text.replace("_", " ") if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", text) else text, today)


def say_fields(fields: Mapping[str, Any], today: date | None = None) -> str:
    """The telling fields of an object in one breath, without ids and flags."""
    shown = {
        k: v
        for k, v in fields.items()
        if v not in (None, "", [], {}) and k not in _HIDDEN and not k.endswith("_id") and k != "id"
    }
    head = [str(shown.pop(k)) for k in ("name", "title", "label") if k in shown]
    day, clock = shown.pop("date", None), shown.pop("time", None) or shown.pop("start_time", None)
    when = [say_value("date", day, today)] if isinstance(day, str) else []
    when += [f"at {say_value('time', clock, today)}"] if isinstance(clock, str) else []
    if isinstance(provider := shown.get("provider"), str) and (when or head):
        when.append(f"with {provider}")
        shown.pop("provider")
    rest = [_say_field(k, v, today) for k, v in list(shown.items())[:6]]
    return ", ".join([*head, *([" ".join(when)] if when else []), *rest])


def _say_field(key: str, value: Any, today: date | None) -> str:
    """A field with its name, unless its value says what it is: money, minutes, a person."""
    parts = key.lower().split("_")
    said = say_value(key, value, today)
    if set(parts) & _MONEY_KEYS and isinstance(value, int | float):
        return said
    if parts[-1] in {"min", "minutes"} or parts == ["duration"]:
        return f"{said} minutes"
    if parts[0] in _PEOPLE and isinstance(value, str):
        return f"with {said}"
    return f"{key.replace('_', ' ')} {said}"


def say_rows(rows: Sequence[Any], today: date | None = None) -> str:
    """At most five entries, then how many more there are."""
    texts = [say_fields(r, today) if isinstance(r, Mapping) else say_value("", r, today) for r in rows[:MAX_LISTED]]
    more = len(rows) - MAX_LISTED
    link = "; " if any("," in t for t in texts) else ", "
    body = link.join(t for t in texts if t)
    return f"{body}, and {more} more" if more > 0 else body


def say_output(output: str, today: date | None = None) -> str:
    """A tool's answer as sentences for the phone. Prefers its own `message`."""
    data = parse(output)
    if isinstance(data, str):
        return _sentence(shorten(data.strip()) or "That is done")
    if isinstance(data, Mapping):
        message = next(
            (
                data[k]
                for k in ("message", "error", "answer", "result", "text")
                if isinstance(data.get(k), str) and data[k].strip()
            ),
            None,
        )
        if message:
            return str(message).strip()
        return _sentence(_say_object(data, today))
    if isinstance(data, list):
        return _sentence(f"I found {say_rows(data, today)}" if data else "I found nothing")
    return _sentence(say_value("", data, today)) if data is not None else "Done."


def _say_object(data: Mapping[str, Any], today: date | None) -> str:
    lists = [(k, v) for k, v in data.items() if isinstance(v, list)]
    plain = {k: v for k, v in data.items() if not isinstance(v, list)}
    told = say_fields(plain, today)
    parts = [told] if told else []
    for key, rows in lists:
        name = key.replace("_", " ")
        alone = not told and len(lists) == 1
        parts.append((say_rows(rows, today) if alone else f"{name}: {say_rows(rows, today)}") if rows else f"no {name}")
    return ". ".join(p[:1].upper() + p[1:] for p in parts) if parts else "That is done"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", '"', ")")) else ".")


def shorten(text: str) -> str:
    """A text of at most `MAX_TEXT` characters, cut at the end of a sentence or word."""
    if len(text) <= MAX_TEXT:
        return text
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) > MAX_TEXT:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[:MAX_TEXT].rsplit(" ", 1)[0] + "."


def parse_iso(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
