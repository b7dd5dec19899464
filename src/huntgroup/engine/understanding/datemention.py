"""A day that was named, and the small tools that all readers of dates need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .tokens import Token


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
            day = safe_date(day.year - 100, day.month, day.day) or day
        return day


def safe_date(year: int, month: int, day: int) -> date | None:
    """Return the day; None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def named_day(
    day: date,
    *,
    has_year: bool = False,
    short_year: bool = False,
    bare_ordinal: bool = False,
    weekday_only: bool = False,
) -> DateMention:
    """Return a mention that has no place in a text yet."""
    return DateMention(day, 0, 0, has_year, short_year, bare_ordinal, weekday_only)


def word_at(tokens: Sequence[Token], i: int) -> str:
    """Return a word in small letters; nothing beyond either end."""
    return tokens[i].low if 0 <= i < len(tokens) else ""
