"""Times of day in what was said. One to six without more words is the afternoon, seven to twelve as it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .numerals import cardinal, ordinal
from .tokens import Token

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(am|pm)?$")
_GLUED = re.compile(r"(\d{1,2})(am|pm)$")
_PARTS = {
    "morning": ("00:00", "12:00"),
    "afternoon": ("12:00", "18:00"),
    "evening": ("17:00", "22:00"),
    "night": ("18:00", "24:00"),
    "lunchtime": ("11:30", "14:00"),
}
_AT = {"at", "it", "around", "about", "by", "before", "after", "until", "till", "say", "maybe", "make"}
_AFTER_BARE = frozenset(
    "is works would will please sounds should in on if and or then that thanks thank fits suits okay ok for yes no "
    "tomorrow today".split()
)
_NOT_ONE = {
    "the",
    "that",
    "this",
    "which",
    "earlier",
    "later",
    "last",
    "other",
    "another",
    "any",
    "earliest",
    "latest",
    "no",
    "first",
}
_AFTER_HOUR = {
    "minutes",
    "minute",
    "hours",
    "hour",
    "people",
    "days",
    "day",
    "weeks",
    "percent",
    "dollars",
    "years",
    "of",
    "%",
    "months",
}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time of day. `sure` is False when only a bare number said it; `lead` as for dates."""

    hour: int
    minute: int
    start: int
    end: int
    sure: bool = True
    meridiem: bool = False
    lead: str = ""

    @property
    def clock(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """ "in the morning": a wish for a range of times, as clock texts."""

    name: str
    begin: str
    end: str


def find_parts_of_day(tokens: Sequence[Token]) -> list[PartOfDay]:
    names = [t.low.rstrip("s") for t in tokens]
    return [PartOfDay(n, *_PARTS[n]) for i, n in enumerate(names) if n in _PARTS and (i == 0 or names[i - 1] != "good")]


def find_times(
    tokens: Sequence[Token], taken: Sequence[tuple[int, int]] = (), *, bare: bool = False
) -> list[TimeMention]:
    """Times in order. `taken` spans belong to dates; `bare=True` accepts a lone hour ("three")."""
    found: list[TimeMention] = []
    afternoon = any(p.name in {"afternoon", "evening", "night"} for p in find_parts_of_day(tokens))
    morning = any(p.name == "morning" for p in find_parts_of_day(tokens))
    i = 0
    while i < len(tokens):
        if any(start <= tokens[i].start < end for start, end in taken):
            i += 1
            continue
        read = _time_at(tokens, i, bare, taken)
        if read is None:
            i += 1
            continue
        mention, j = read
        mention = _settle(mention, afternoon, morning)
        found.append(replace(mention, start=tokens[i].start, end=tokens[j - 1].end, lead=_lead(tokens, i)))
        i = max(j, i + 1)
    return found


def _settle(mention: TimeMention, afternoon: bool, morning: bool) -> TimeMention:
    """The half of the day that was meant."""
    if mention.meridiem or mention.hour > 12 or mention.hour == 0:
        return mention
    if afternoon:
        return replace(mention, hour=mention.hour % 12 + 12)
    if morning:
        return replace(mention, hour=mention.hour % 12)
    return replace(mention, hour=mention.hour + 12) if mention.hour <= 6 else mention


def _lead(tokens: Sequence[Token], i: int) -> str:
    for k in range(i - 1, max(-1, i - 4), -1):
        if tokens[k].low in {"to", "from", "not", "instead"}:
            return tokens[k].low
    return ""


def _word(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].low if 0 <= i < len(tokens) else ""


def _at(hour: int, minute: int, *, sure: bool = True, meridiem: str = "") -> TimeMention | None:
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    if meridiem == "pm" and hour <= 12:
        hour = hour % 12 + 12
    elif meridiem == "am" and hour <= 12:
        hour = hour % 12
    return TimeMention(hour % 24, minute, 0, 0, sure, bool(meridiem) or hour > 12)


def _time_at(
    tokens: Sequence[Token], i: int, bare: bool, taken: Sequence[tuple[int, int]]
) -> tuple[TimeMention, int] | None:
    return _named(tokens, i) or _figures(tokens, i) or _past_or_to(tokens, i) or _hour(tokens, i, bare, taken)


def _named(tokens: Sequence[Token], i: int) -> tuple[TimeMention, int] | None:
    clock = {"noon": 12, "midday": 12, "midnight": 0}.get(_word(tokens, i))
    return (TimeMention(clock, 0, 0, 0, True, True), i + 1) if clock is not None else None


def _figures(tokens: Sequence[Token], i: int) -> tuple[TimeMention, int] | None:
    glued = _GLUED.match(_word(tokens, i))
    if glued:
        made = _at(int(glued.group(1)), 0, meridiem=glued.group(2))
        return (made, i + 1) if made else None
    clock = _CLOCK.match(_word(tokens, i))
    if not clock:
        return None
    mark = clock.group(3) or (_word(tokens, i + 1) if _word(tokens, i + 1) in {"am", "pm"} else "")
    if (
        "." in clock.group(0)
        and not mark
        and (_word(tokens, i - 1) in {"$", "€", "£"} or _word(tokens, i + 1) in _AFTER_HOUR)
    ):
        return None
    made = _at(int(clock.group(1)), int(clock.group(2)), meridiem=mark)
    if made and ":" in clock.group(0) and clock.group(1).startswith("0"):
        made = replace(made, meridiem=True)
    return (made, i + (2 if mark and not clock.group(3) else 1)) if made else None


def _past_or_to(tokens: Sequence[Token], i: int) -> tuple[TimeMention, int] | None:
    """ "half past two", "quarter to nine", "ten past four"."""
    j = i + 1 if _word(tokens, i) == "a" else i
    minutes = {"half": (30, j + 1), "quarter": (15, j + 1)}.get(_word(tokens, j)) or cardinal(tokens, j)
    if minutes is None or minutes[0] >= 60:
        return None
    k = minutes[1] + 1 if _word(tokens, minutes[1]) == "minutes" else minutes[1]
    link = _word(tokens, k)
    if link not in {"past", "after", "to", "of", "till", "before"} or (
        link in {"to", "of", "before"} and minutes[0] not in {5, 10, 15, 20, 25}
    ):
        return None
    hour = cardinal(tokens, k + 1)
    if hour is None or not 1 <= hour[0] <= 12:
        return None
    past = link in {"past", "after"}
    value = int(hour[0]) if past else (int(hour[0]) - 2) % 12 + 1
    minute = int(minutes[0]) if past else 60 - int(minutes[0])
    return _finish(tokens, hour[1], value, minute, True)


def _finish(tokens: Sequence[Token], j: int, hour: int, minute: int, sure: bool) -> tuple[TimeMention, int] | None:
    if _word(tokens, j) == "o'clock":
        j, sure = j + 1, True
    mark = _word(tokens, j) if _word(tokens, j) in {"am", "pm"} else ""
    made = _at(hour, minute, sure=sure or bool(mark), meridiem=mark)
    return (made, j + 1 if mark else j) if made else None


def _hour(  # noqa: PLR0911
    tokens: Sequence[Token], i: int, bare: bool, taken: Sequence[tuple[int, int]]
) -> tuple[TimeMention, int] | None:
    """An hour with minutes in words ("three thirty"), or an hour that its surroundings make one."""
    word = _word(tokens, i)
    if not word or (word.isdigit() and len(word) > 2):
        return None
    read = cardinal(tokens, i)
    if read is None or not read[0].is_integer() or not 1 <= read[0] <= 23 or "." in word:
        return None
    if word == "one" and i and (tokens[i - 1].low in _NOT_ONE or ordinal(tokens, i - 1) is not None):
        return None
    hour, j = int(read[0]), read[1]
    minute, after = _minutes(tokens, j)
    follows = _word(tokens, after)
    marked = follows in {"am", "pm", "o'clock"} or minute is not None
    if not marked and (follows in _AFTER_HOUR or follows[:1].isdigit() or cardinal(tokens, after) is not None):
        return None
    by_place = _word(tokens, i - 1) in _AT or any(0 <= tokens[i].start - end <= 2 for _, end in taken)
    bare = bare and (not follows or not follows[0].isalnum() or follows in _AFTER_BARE)
    if not (marked or by_place or bare or (follows in {"in"} and _word(tokens, after + 1) == "the")):
        return None
    if minute is not None and not (marked and follows in {"am", "pm"}) and not (by_place or bare or hour <= 12):
        return None
    return _finish(tokens, after, hour, minute or 0, marked or by_place)


def _minutes(tokens: Sequence[Token], j: int) -> tuple[int | None, int]:
    if _word(tokens, j) in {"oh", "o"}:
        unit = cardinal(tokens, j + 1)
        return (int(unit[0]), unit[1]) if unit and 0 < unit[0] < 10 else (None, j)
    word = _word(tokens, j)
    read = cardinal(tokens, j) if word and not (word.isdigit() and len(word) != 2) else None
    if read is not None and read[0].is_integer() and 10 <= read[0] < 60 and read[1] - j <= 3:
        follows = _word(tokens, read[1])
        if follows not in _AFTER_HOUR and cardinal(tokens, read[1]) is None:
            return int(read[0]), read[1]
    return None, j
