"""Calendar dates in what was said.

"Next Tuesday" is the Tuesday of the next week (weeks begin on Monday), "Tuesday" the first one after today, a day
without a year the next such day. Mentions carry how sure the year is, since birthdays are read from the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from .datemention import DateMention, named_day, safe_date, word_at
from .monthdays import NOT_A_DAY, bare_day, day_first, month_first, numeric
from .numerals import cardinal, ordinal
from .tokens import Token

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = {name: i for i, name in enumerate(WEEKDAYS)} | {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
}


def find_dates(tokens: Sequence[Token], today: date) -> list[DateMention]:
    """Every date of an utterance, in order, with weekday and day of month read as one mention."""
    found: list[DateMention] = []
    i = 0
    while i < len(tokens):
        read = _date_at(tokens, i, today)
        if read is None:
            i += 1
            continue
        mention, j = read
        found.append(replace(mention, start=tokens[i].start, end=tokens[j - 1].end, lead=_lead(tokens, i)))
        i = max(j, i + 1)
    return found


def _lead(tokens: Sequence[Token], i: int) -> str:
    """The nearest telling word up to four tokens before a date."""
    telling = {
        "to",
        "from",
        "born",
        "birth",
        "birthday",
        "dob",
        "until",
        "till",
        "for",
        "on",
        "by",
        "not",
        "instead",
        "since",
        "of",
    }
    for k in range(i - 1, max(-1, i - 5), -1):
        if tokens[k].text in ".!?;":
            return ""
        if tokens[k].low in telling:
            return tokens[k].low
    return ""


def _date_at(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """The date that starts at token `i`; days beyond the calendar are no dates."""
    try:
        return _first_reading(tokens, i, today)
    except OverflowError:
        return None


def _first_reading(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    for reader in (_relative, _weekday, month_first, day_first, numeric, bare_day):
        read = reader(tokens, i, today)
        if read is not None:
            return read
    return None


def _relative(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    word, after = word_at(tokens, i), word_at(tokens, i + 1)
    if word in {"today", "tonight"}:
        return named_day(today), i + 1
    if word == "tomorrow":
        return named_day(today + timedelta(days=1)), i + 1
    if word == "yesterday":
        return named_day(today - timedelta(days=1)), i + 1
    if word == "day" and after == "after" and word_at(tokens, i + 2) == "tomorrow":
        return named_day(today + timedelta(days=2)), i + 3
    if word == "next" and after == "week":
        return named_day(today + timedelta(days=7 - today.weekday())), i + 2
    return _distance(tokens, i, today)


def _distance(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "in three days", "in a week", "two weeks from now", "a week from Tuesday"."""
    start = i + 1 if word_at(tokens, i) == "in" else i
    count = (1, start + 1) if word_at(tokens, start) in {"a", "one"} else cardinal(tokens, start)
    if count is None or (word_at(tokens, i) != "in" and word_at(tokens, count[1] + 1) not in {"from", "ago"}):
        return None
    unit, j = word_at(tokens, count[1]).rstrip("s"), count[1] + 1
    days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(unit)
    if days is None:
        return None
    span = timedelta(days=int(count[0]) * days)
    if word_at(tokens, j) == "ago":
        return named_day(today - span), j + 1
    if word_at(tokens, j) == "from" and j + 1 < len(tokens):
        base = _date_at(tokens, j + 1, today)
        return (named_day(base[0].day + span), base[1]) if base else (named_day(today + span), j + 2)
    return named_day(today + span), j


def _weekday(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    j, which = i, ""
    if word_at(tokens, j) in {"next", "this", "coming", "last"} or (
        word_at(tokens, j) == "the" and word_at(tokens, j + 1) == "following"
    ):
        which, j = word_at(tokens, j), j + (2 if word_at(tokens, j) == "the" else 1)
    number = _WEEKDAY.get(word_at(tokens, j).removesuffix("'s"))
    if number is None and word_at(tokens, j).endswith("s"):
        number = _WEEKDAY.get(word_at(tokens, j)[:-1])
    if number is None:
        return None
    exact = _full_after_weekday(tokens, j + 1, today, number)
    if exact is not None:
        return exact
    day = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if which == "next" and day.isocalendar()[:2] == today.isocalendar()[:2]:
        day += timedelta(days=7)
    if which == "last":
        day -= timedelta(days=7 if day > today else 0)
    if word_at(tokens, j + 1) == "week":
        return named_day(day + timedelta(days=7)), j + 2
    if word_at(tokens, j + 1) == "next" and word_at(tokens, j + 2) == "week":
        return named_day(today + timedelta(days=7 - today.weekday() + number)), j + 3
    return named_day(day, weekday_only=True), j + 1


def _full_after_weekday(tokens: Sequence[Token], j: int, today: date, number: int) -> tuple[DateMention, int] | None:
    while word_at(tokens, j) in {",", "on", "the"}:
        j += 1
    for reader in (month_first, day_first, numeric):
        read = reader(tokens, j, today)
        if read is not None:
            return read
    day = ordinal(tokens, j)
    if day is not None and word_at(tokens, day[1]) not in NOT_A_DAY and 1 <= day[0] <= 31:
        return _weekday_with_day(today, number, day[0], day[1])
    return None


def _weekday_with_day(today: date, weekday: int, number: int, j: int) -> tuple[DateMention, int] | None:
    """ "Tuesday the 14th": the next month in which they agree, else the next such day of month."""
    months = [(today.year + (today.month + k - 1) // 12, (today.month + k - 1) % 12 + 1) for k in range(7)]
    days = [d for d in (safe_date(y, m, number) for y, m in months) if d is not None and d >= today]
    agreed = next((d for d in days if d.weekday() == weekday), days[0] if days else None)
    return (named_day(agreed), j) if agreed else None
