"""Days of a month in what was said: "March the fourth", "the 4th of March", "3/4/85", "the 14th"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from .datemention import DateMention, named_day, safe_date, word_at
from .numerals import cardinal, ordinal
from .similarity import edit_distance
from .tokens import Token
from .years import full_year, year_at

MONTHS = (
    "january february march april may june july august september october november december".split()
)  # index + 1 is the month
_MONTH = {name: i + 1 for i, name in enumerate(MONTHS)} | {
    name[:3]: i + 1 for i, name in enumerate(MONTHS) if name != "may"
}
_MONTH |= {"sept": 9}
_MISHEARD_LETTERS = 7
"""Shorter months are one letter away from other words: "match", "apron"."""
_NUMERIC = re.compile(r"(\d{1,4})[/.](\d{1,2})(?:[/.](\d{2,4}))?$")
NOT_A_DAY = {
    "one",
    "option",
    "slot",
    "name",
    "time",
    "available",
    "appointment",
    "thing",
    "of",
    "two",
    "visit",
    "choice",
}


def month_first(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "March fourth", "March the 4th", with or without a year."""
    month = _month(word_at(tokens, i))
    if month is None:
        return None
    j = i + 1
    while word_at(tokens, j) in {"the", "."}:
        j += 1
    day = ordinal(tokens, j) or _day_number(tokens, j)
    if day is None:
        return None
    return _with_year(tokens, day[1], today, month, day[0])


def _month(word: str) -> int | None:
    """The month of that name, also of a long one with a wrong letter, as ears write it: "Steptember"."""
    if word in _MONTH or len(word) < _MISHEARD_LETTERS:
        return _MONTH.get(word)
    likely = (name for name in MONTHS if len(name) >= _MISHEARD_LETTERS and edit_distance(name, word) == 1)
    return _MONTH.get(next(likely, ""))


def _day_number(tokens: Sequence[Token], j: int) -> tuple[int, int] | None:
    """A day of the month as a cardinal ("March four")."""
    read = cardinal(tokens, j)
    if read is None or not read[0].is_integer() or not 1 <= read[0] <= 31:
        return None
    return int(read[0]), read[1]


def day_first(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "the fourth of March", "4 March", with or without a year."""
    j = i + 1 if word_at(tokens, i) == "the" else i
    day = ordinal(tokens, j) or (_day_number(tokens, j) if word_at(tokens, j) else None)
    if day is None:
        return None
    k = day[1] + 1 if word_at(tokens, day[1]) == "of" else day[1]
    month = _month(word_at(tokens, k))
    if month is None:
        return None
    return _with_year(tokens, k + 1, today, month, day[0])


def _with_year(tokens: Sequence[Token], j: int, today: date, month: int, day: int) -> tuple[DateMention, int] | None:
    k = j
    while word_at(tokens, k) in {",", "of", "in", "'"}:
        k += 1
    year = year_at(tokens, k)
    if year is not None:
        value = safe_date(year[0], month, day)
        return (named_day(value, has_year=True, short_year=year[2]), year[1]) if value else None
    value = safe_date(today.year, month, day) or safe_date(today.year + 1, month, day)
    if value is not None and value < today:
        value = safe_date(today.year + 1, month, day)
    return (named_day(value), j) if value else None


def numeric(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """3/4/85, 03.04.1985, 1985-03-04, 3-4-85; month first unless that cannot be."""
    match = _NUMERIC.match(word_at(tokens, i))
    if match and ("/" in match.group(0) or match.group(3)):
        parts, j = [match.group(1), match.group(2), match.group(3) or ""], i + 1
    elif word_at(tokens, i + 1) == "-" and word_at(tokens, i + 3) == "-":
        parts, j = [word_at(tokens, i), word_at(tokens, i + 2), word_at(tokens, i + 4)], i + 5
    else:
        return None
    if not all(p.isdigit() for p in parts if p) or not parts[1]:
        return None
    return _from_parts(parts, j, today)


def _from_parts(parts: list[str], j: int, today: date) -> tuple[DateMention, int] | None:
    if len(parts[0]) == 4:
        value = safe_date(int(parts[0]), int(parts[1]), int(parts[2] or 0))
        return (named_day(value, has_year=True), j) if value else None
    month, day = int(parts[0]), int(parts[1])
    if month > 12:
        month, day = day, month
    if not parts[2]:
        value = safe_date(today.year, month, day)
        if value is not None and value < today:
            value = safe_date(today.year + 1, month, day)
        return (named_day(value), j) if value else None
    if len(parts[2]) not in {2, 4}:
        return None
    year = int(parts[2])
    value = safe_date(full_year(year) if len(parts[2]) == 2 else year, month, day)
    return (named_day(value, has_year=True, short_year=len(parts[2]) == 2), j) if value else None


def bare_day(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "the 14th", "the fifteenth": the next day of that number."""
    if word_at(tokens, i) != "the":
        return None
    day = ordinal(tokens, i + 1)
    if day is None or word_at(tokens, day[1]) in NOT_A_DAY or not 1 <= day[0] <= 31:
        return None
    for offset in range(13):
        month = (today.month + offset - 1) % 12 + 1
        value = safe_date(today.year + (today.month + offset - 1) // 12, month, day[0])
        if value is not None and value >= today:
            return named_day(value, bare_ordinal=True), day[1]
    return None
