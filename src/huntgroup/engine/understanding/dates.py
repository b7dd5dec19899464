"""Calendar dates in what was said.

"Next Tuesday" is the Tuesday of the next week (weeks begin on Monday), "Tuesday" the first one after today, a day
without a year the next such day. Mentions carry how sure the year is, since birthdays are read from the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .numerals import cardinal, ordinal
from .tokens import Token

MONTHS = (
    "january february march april may june july august september october november december".split()
)  # index + 1 is the month
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = {name: i + 1 for i, name in enumerate(MONTHS)} | {
    name[:3]: i + 1 for i, name in enumerate(MONTHS) if name != "may"
}
_MONTH |= {"sept": 9}
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
_NUMERIC = re.compile(r"(\d{1,4})[/.](\d{1,2})(?:[/.](\d{2,4}))?$")
_NOT_A_DAY = {
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
_ORDINAL_LIKELY = {"on", "the"}


@dataclass(frozen=True, slots=True)
class DateMention:
    """A day that was named. `lead` is the word before it ("to", "from", "born")."""

    day: date
    start: int
    end: int
    has_year: bool = False
    short_year: bool = False
    bare_ordinal: bool = False
    weekday_only: bool = False
    lead: str = ""

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    def as_birth(self, today: date) -> date:
        """The same day read as a birthday: never in the future."""
        day = self.day
        if self.short_year and day > today:
            day = _safe(day.year - 100, day.month, day.day) or day
        return day


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


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _word(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def _date_at(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """The date that starts at token `i`; days beyond the calendar are no dates."""
    try:
        return _first_reading(tokens, i, today)
    except OverflowError:
        return None


def _first_reading(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    for reader in (_relative, _weekday, _month_first, _day_first, _numeric, _bare_day):
        read = reader(tokens, i, today)
        if read is not None:
            return read
    return None


def _at(
    day: date,
    *,
    has_year: bool = False,
    short_year: bool = False,
    bare_ordinal: bool = False,
    weekday_only: bool = False,
) -> DateMention:
    return DateMention(day, 0, 0, has_year, short_year, bare_ordinal, weekday_only)


def _relative(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    word, after = _word(tokens, i), _word(tokens, i + 1)
    if word in {"today", "tonight"}:
        return _at(today), i + 1
    if word == "tomorrow":
        return _at(today + timedelta(days=1)), i + 1
    if word == "yesterday":
        return _at(today - timedelta(days=1)), i + 1
    if word == "day" and after == "after" and _word(tokens, i + 2) == "tomorrow":
        return _at(today + timedelta(days=2)), i + 3
    if word == "next" and after == "week":
        return _at(today + timedelta(days=7 - today.weekday())), i + 2
    return _distance(tokens, i, today)


def _distance(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "in three days", "in a week", "two weeks from now", "a week from Tuesday"."""
    start = i + 1 if _word(tokens, i) == "in" else i
    count = (1, start + 1) if _word(tokens, start) in {"a", "one"} else cardinal(tokens, start)
    if count is None or (_word(tokens, i) != "in" and _word(tokens, count[1] + 1) not in {"from", "ago"}):
        return None
    unit, j = _word(tokens, count[1]).rstrip("s"), count[1] + 1
    days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(unit)
    if days is None:
        return None
    span = timedelta(days=int(count[0]) * days)
    if _word(tokens, j) == "ago":
        return _at(today - span), j + 1
    if _word(tokens, j) == "from" and j + 1 < len(tokens):
        base = _date_at(tokens, j + 1, today)
        return (_at(base[0].day + span), base[1]) if base else (_at(today + span), j + 2)
    return _at(today + span), j


def _weekday(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    j, which = i, ""
    if _word(tokens, j) in {"next", "this", "coming", "last"} or (
        _word(tokens, j) == "the" and _word(tokens, j + 1) == "following"
    ):
        which, j = _word(tokens, j), j + (2 if _word(tokens, j) == "the" else 1)
    number = _WEEKDAY.get(_word(tokens, j).removesuffix("'s"))
    if number is None and _word(tokens, j).endswith("s"):
        number = _WEEKDAY.get(_word(tokens, j)[:-1])
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
    if _word(tokens, j + 1) == "week":
        return _at(day + timedelta(days=7)), j + 2
    if _word(tokens, j + 1) == "next" and _word(tokens, j + 2) == "week":
        return _at(today + timedelta(days=7 - today.weekday() + number)), j + 3
    return _at(day, weekday_only=True), j + 1


def _full_after_weekday(tokens: Sequence[Token], j: int, today: date, number: int) -> tuple[DateMention, int] | None:
    while _word(tokens, j) in {",", "on", "the"}:
        j += 1
    for reader in (_month_first, _day_first, _numeric):
        read = reader(tokens, j, today)
        if read is not None:
            return read
    day = ordinal(tokens, j)
    if day is not None and _word(tokens, day[1]) not in _NOT_A_DAY and 1 <= day[0] <= 31:
        return _weekday_with_day(today, number, day[0], day[1])
    return None


def _weekday_with_day(today: date, weekday: int, number: int, j: int) -> tuple[DateMention, int] | None:
    """ "Tuesday the 14th": the next month in which they agree, else the next such day of month."""
    months = [(today.year + (today.month + k - 1) // 12, (today.month + k - 1) % 12 + 1) for k in range(7)]
    days = [d for d in (_safe(y, m, number) for y, m in months) if d is not None and d >= today]
    agreed = next((d for d in days if d.weekday() == weekday), days[0] if days else None)
    return (_at(agreed), j) if agreed else None


def _month_first(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    month = _MONTH.get(_word(tokens, i))
    if month is None:
        return None
    j = i + 1
    while _word(tokens, j) in {"the", "."}:
        j += 1
    day = ordinal(tokens, j) or _day_number(tokens, j)
    if day is None:
        return None
    return _with_year(tokens, day[1], today, month, day[0])


def _day_number(tokens: Sequence[Token], j: int) -> tuple[int, int] | None:
    """A day of the month as a cardinal ("March four")."""
    read = cardinal(tokens, j)
    if read is None or not read[0].is_integer() or not 1 <= read[0] <= 31:
        return None
    return int(read[0]), read[1]


def _day_first(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    j = i + 1 if _word(tokens, i) == "the" else i
    day = ordinal(tokens, j) or (_day_number(tokens, j) if _word(tokens, j) else None)
    if day is None:
        return None
    k = day[1] + 1 if _word(tokens, day[1]) == "of" else day[1]
    month = _MONTH.get(_word(tokens, k))
    if month is None:
        return None
    return _with_year(tokens, k + 1, today, month, day[0])


def _with_year(tokens: Sequence[Token], j: int, today: date, month: int, day: int) -> tuple[DateMention, int] | None:
    k = j
    while _word(tokens, k) in {",", "of", "in", "'"}:
        k += 1
    year = _year(tokens, k)
    if year is not None:
        value = _safe(year[0], month, day)
        return (_at(value, has_year=True, short_year=year[2]), year[1]) if value else None
    value = _safe(today.year, month, day) or _safe(today.year + 1, month, day)
    if value is not None and value < today:
        value = _safe(today.year + 1, month, day)
    return (_at(value), j) if value else None


def _year(tokens: Sequence[Token], k: int) -> tuple[int, int, bool] | None:  # noqa: PLR0911
    """A year in figures or words: (year, next index, whether only two digits were said)."""
    word = _word(tokens, k)
    if word.isdigit() and len(word) == 4 and 1880 <= int(word) <= 2120:
        return int(word), k + 1, False
    if word.isdigit() and len(word) == 2 and not _is_clock(tokens, k + 1) and (int(word) > 12 or word[0] == "0"):
        return _full_year(int(word)), k + 1, True
    if word in {"nineteen", "twenty", "eighteen"}:
        return _paired_year(tokens, k)
    read = cardinal(tokens, k) if word and not word.isdigit() else None
    if read is None:
        return None
    value = int(read[0])
    if 1880 <= value <= 2120:
        return value, read[1], False
    if 13 <= value <= 99 and not _is_clock(tokens, read[1]):
        return _full_year(value), read[1], True
    return None


def _paired_year(tokens: Sequence[Token], k: int) -> tuple[int, int, bool] | None:
    """ "nineteen eighty five", "twenty oh four", "twenty twenty six", "nineteen hundred"."""
    century = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}[_word(tokens, k)]
    j = k + 1
    if _word(tokens, j) == "hundred":
        return century, j + 1, False
    if _word(tokens, j) in {"oh", "o", "zero"}:
        unit = cardinal(tokens, j + 1)
        return (century + int(unit[0]), unit[1], False) if unit and 0 < unit[0] < 10 else None
    rest = cardinal(tokens, j)
    if rest is not None and 10 <= rest[0] <= 99:
        return century + int(rest[0]), rest[1], False
    return None


def _full_year(value: int) -> int:
    return 2000 + value if value < 50 else 1900 + value


def _is_clock(tokens: Sequence[Token], k: int) -> bool:
    return _word(tokens, k) in {"am", "pm", "o'clock", ":", "minutes", "minute", "hours"}


def _numeric(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """3/4/85, 03.04.1985, 1985-03-04, 3-4-85; month first unless that cannot be."""
    match = _NUMERIC.match(_word(tokens, i))
    if match and ("/" in match.group(0) or match.group(3)):
        parts, j = [match.group(1), match.group(2), match.group(3) or ""], i + 1
    elif _word(tokens, i + 1) == "-" and _word(tokens, i + 3) == "-":
        parts, j = [_word(tokens, i), _word(tokens, i + 2), _word(tokens, i + 4)], i + 5
    else:
        return None
    if not all(p.isdigit() for p in parts if p) or not parts[1]:
        return None
    return _from_parts(parts, j, today)


def _from_parts(parts: list[str], j: int, today: date) -> tuple[DateMention, int] | None:
    if len(parts[0]) == 4:
        value = _safe(int(parts[0]), int(parts[1]), int(parts[2] or 0))
        return (_at(value, has_year=True), j) if value else None
    month, day = int(parts[0]), int(parts[1])
    if month > 12:
        month, day = day, month
    if not parts[2]:
        value = _safe(today.year, month, day)
        if value is not None and value < today:
            value = _safe(today.year + 1, month, day)
        return (_at(value), j) if value else None
    if len(parts[2]) not in {2, 4}:
        return None
    year = int(parts[2])
    value = _safe(_full_year(year) if len(parts[2]) == 2 else year, month, day)
    return (_at(value, has_year=True, short_year=len(parts[2]) == 2), j) if value else None


def _bare_day(tokens: Sequence[Token], i: int, today: date) -> tuple[DateMention, int] | None:
    """ "the 14th", "the fifteenth": the next day of that number."""
    if _word(tokens, i) != "the":
        return None
    day = ordinal(tokens, i + 1)
    if day is None or _word(tokens, day[1]) in _NOT_A_DAY or not 1 <= day[0] <= 31:
        return None
    for offset in range(13):
        month = (today.month + offset - 1) % 12 + 1
        value = _safe(today.year + (today.month + offset - 1) // 12, month, day[0])
        if value is not None and value >= today:
            return _at(value, bare_ordinal=True), day[1]
    return None
