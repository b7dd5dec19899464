from datetime import date

import pytest

from huntgroup.engine.understanding.dates import find_dates
from huntgroup.engine.understanding.times import find_times
from huntgroup.engine.understanding.tokens import normalise, tokenize

SUNDAY = date(2026, 11, 22)


def dates(text: str) -> list[str]:
    return [d.iso for d in find_dates(tokenize(normalise(text)), SUNDAY)]


def times(text: str, *, bare: bool = False) -> list[str]:
    tokens = tokenize(normalise(text))
    taken = [(d.start, d.end) for d in find_dates(tokens, SUNDAY)]
    return [t.clock for t in find_times(tokens, taken, bare=bare)]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("March fourth 1985", "1985-03-04"),
        ("March 4th, 1985.", "1985-03-04"),
        ("Steptember 30th, 1978", "1978-09-30"),
        ("the 4th of Febuary 1985", "1985-02-04"),
        ("3/4/85", "1985-03-04"),
        ("03.04.1985", "1985-03-04"),
        ("3-4-85", "1985-03-04"),
        ("march fourth nineteen eighty five", "1985-03-04"),
        ("the fourth of March eighty-five", "1985-03-04"),
        ("January twenty first two thousand four", "2004-01-21"),
        ("tomorrow", "2026-11-23"),
        ("the day after tomorrow", "2026-11-24"),
        ("Tuesday", "2026-11-24"),
        ("next Tuesday at three", "2026-11-24"),
        ("Tuesday the first of December", "2026-12-01"),
        ("Tuesday, December 1st", "2026-12-01"),
        ("on the 14th", "2026-12-14"),
        ("Monday the 30th", "2026-11-30"),
        ("in two weeks", "2026-12-06"),
        ("a week from Friday", "2026-12-04"),
        ("the second of January", "2027-01-02"),
    ],
)
def test_one_day_is_read(said: str, day: str) -> None:
    assert dates(said) == [day]


def test_next_means_the_next_week_and_a_bare_weekday_the_coming_one() -> None:
    tuesday = date(2026, 11, 24)
    tokens = tokenize("next Thursday or Thursday")
    assert [d.iso for d in find_dates(tokens, tuesday)] == ["2026-12-03", "2026-11-26"]


@pytest.mark.parametrize("said", ["the second one", "the first available", "may I come in", "two people", "one moment"])
def test_no_day_is_heard_where_none_was_said(said: str) -> None:
    assert dates(said) == []


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("at three", "15:00"),
        ("three thirty pm", "15:30"),
        ("3 p.m.", "15:00"),
        ("at 3.30", "15:30"),
        ("half past two", "14:30"),
        ("quarter to nine", "08:45"),
        ("15:00", "15:00"),
        ("noon", "12:00"),
        ("nine in the morning", "09:00"),
        ("at seven in the evening", "19:00"),
        ("Tuesday three pm", "15:00"),
        ("December first three thirty", "15:30"),
        ("make it four", "16:00"),
        ("12:15 am", "00:15"),
    ],
)
def test_one_time_is_read(said: str, clock: str) -> None:
    assert times(said) == [clock]


def test_a_bare_hour_is_a_time_only_when_one_was_asked_for() -> None:
    assert times("three") == []
    assert times("three", bare=True) == ["15:00"]


@pytest.mark.parametrize("said", ["two pizzas", "for 3 days", "the earlier one", "555 0142", "25 dollars"])
def test_no_time_is_heard_where_none_was_said(said: str) -> None:
    assert times(said, bare=True) == []
