"""Which of several rows the caller means: by date, time, name, place in the list or other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from .knowledge import Row, spoken_entity
from .memory import Memory, Turn, is_old
from .numerals import ordinal
from .times import find_times
from .tokens import content_words
from .utterance import Utterance

_DATE_KEYS = ("date", "day", "start", "starts_at", "start_time", "when", "datetime", "scheduled_at", "time")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"(?:^|T| )(\d{1,2}):(\d{2})")
_POSITION = {
    "first": 0,
    "earlier": 0,
    "earliest": 0,
    "former": 0,
    "top": 0,
    "sooner": 0,
    "soonest": 0,
    "last": -1,
    "latest": -1,
    "later": -1,
    "latter": -1,
}


def day_of(row: Row) -> date | None:
    """The day in a row, from whichever of its fields holds one."""
    for key in [*_DATE_KEYS, *row.fields]:
        match = _ISO_DAY.search(str(row.fields.get(key, "")))
        if match and key not in {"created_at", "updated_at", "date_of_birth"}:
            try:
                return date(*(int(g) for g in match.groups()))
            except ValueError:
                continue
    return None


def clock_of(row: Row) -> str | None:
    """The time of day in a row as HH:MM."""
    for key in ("time", "start_time", "start", "starts_at", "datetime", "when", "scheduled_at", "begin"):
        value = str(row.fields.get(key, ""))
        match = _CLOCK.search(value)
        if match:
            half = re.search(r"\b([ap])m\b", value.lower())
            hour = int(match.group(1)) % 12 + 12 if half and half.group(1) == "p" else int(match.group(1))
            return f"{hour:02d}:{match.group(2)}"
    return None


def match_rows(turns: Sequence[Turn], rows: Sequence[Row], memory: Memory, *, old: bool) -> list[Row]:
    """The rows that fit the newest turn that tells them apart; all of them when no turn does.

    With `old`, dates that say what the thing shall become do not count.
    """
    for turn in turns:
        narrowed = _narrow(turn, rows, memory, old)
        if 0 < len(narrowed) < len(rows):
            return narrowed
    return list(rows)


def pick_row(turn: Turn, rows: Sequence[Row], memory: Memory) -> Row | None:
    """The row that an answer to an offer chooses, or None."""
    narrowed = _narrow(turn, rows, memory, False)
    if len(narrowed) == 1:
        return narrowed[0]
    place = position(turn.said, len(rows))
    pool = narrowed if narrowed and len(narrowed) < len(rows) else list(rows)
    if place is not None and -1 <= place < len(pool):
        return pool[place]
    if turn.said.whatever or (len(rows) == 1 and turn.said.yes):
        return pool[0]
    return None


def position(said: Utterance, count: int) -> int | None:
    """ "the second one", "number three", "the earlier one", "the last one"."""
    for i, token in enumerate(said.tokens):
        if token.low in _POSITION:
            return _POSITION[token.low]
        read = ordinal(said.tokens, i)
        if read is not None and 1 <= read[0] <= count and token.low != "1st":
            return read[0] - 1
    match = re.search(r"\b(?:number|option|slot)\s+(\w+)", said.text, re.IGNORECASE)
    if match:
        value = next((n.whole for n in said.numbers if n.start >= match.start(1)), 0)
        return value - 1 if 1 <= value <= count else None
    return None


def _narrow(turn: Turn, rows: Sequence[Row], memory: Memory, old: bool) -> list[Row]:
    kept = list(rows)
    dates = [d for d in memory.dates(turn) if not d.bare_ordinal or any(day_of(r) == d.day for r in rows)]
    dates = [d for d in dates if not old or is_old(turn, d)] or (
        [d for d in dates if any(day_of(r) == d.day for r in rows)]
    )
    if dates:
        days = {d.day for d in dates}
        kept = [r for r in kept if day_of(r) in days] or _same_weekday(rows, dates)
    clocks = _clocks(turn, rows, old)
    if clocks:
        kept = [r for r in kept if clock_of(r) in clocks] or kept
    if turn.said.parts_of_day and len(kept) > 1:
        part = turn.said.parts_of_day[0]
        kept = [r for r in kept if part.begin <= (clock_of(r) or "") < part.end] or kept
    named = _named(turn, kept)
    return named or kept


def _same_weekday(rows: Sequence[Row], dates: Sequence[Any]) -> list[Row]:
    """Rows on the weekday that was said, when its nearest date has none."""
    weekdays = {d.day.weekday() for d in dates if d.weekday_only}
    return [r for r in rows if (day := day_of(r)) is not None and day.weekday() in weekdays]


def _clocks(turn: Turn, rows: Sequence[Row], old: bool) -> set[str]:
    """Times of a turn; a bare hour counts when a row begins at it, in either half of the day."""
    times = turn.said.times or find_times(turn.said.tokens, [(d.start, d.end) for d in turn.said.dates], bare=True)
    times = [t for t in times if not old or is_old(turn, t)] or [t for t in times if not old]
    known = {clock_of(r) for r in rows}
    found = {t.clock for t in times}
    if not found & known:
        found = {f"{(t.hour + 12) % 24:02d}:{t.minute:02d}" for t in times if not t.meridiem}
    return {c for c in found if c in known}


def _named(turn: Turn, rows: Sequence[Row]) -> list[Row]:
    """Rows told apart by a name or another word in them."""
    if len(rows) < 2:
        return []
    hits: dict[int, float] = {}
    for i, row in enumerate(rows):
        texts = [
            str(v).replace("_", " ")
            for k, v in row.fields.items()
            if isinstance(v, str) and not k.endswith("id") and not _ISO_DAY.search(v)
        ]
        score = max(
            (spoken_entity(turn.said.text, turn.said.tokens, [t])[1] for t in texts if content_words(t)), default=0.0
        )
        hits[i] = score if score >= 0.78 else 0.0
    best = max(hits.values(), default=0.0)
    chosen = [rows[i] for i, s in hits.items() if s == best]
    return chosen if best and len(chosen) < len(rows) else []


def when(row: Row) -> datetime | None:
    day, clock = day_of(row), clock_of(row)
    return datetime.fromisoformat(f"{day.isoformat()}T{clock}") if day and clock else None
