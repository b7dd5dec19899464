"""Names, spoken forms, danger signs: pure rules on small inputs."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.verticals.healthcare.rules.danger import danger_signs
from huntgroup.verticals.healthcare.rules.names import name_key, phone_digits, same_name, without_title
from huntgroup.verticals.healthcare.rules.slots import Span, fits, free_starts, spread
from huntgroup.verticals.healthcare.rules.spoken import say_date, say_list, say_now, say_price, say_time
from huntgroup.verticals.healthcare.rules.triage import days_said
from huntgroup.verticals.healthcare.seeding.days import holidays_of, workday


@pytest.mark.parametrize(
    ("heard", "stored", "same"),
    [
        ("josé", "Jose", True),
        ("O Neill", "O'Neill", True),
        ("Clark", "Clarke", True),
        ("Sara", "Sarah", True),
        ("Lopes", "Lopez", True),
        ("Clark", "Baker", False),
        ("Ann", "Annamaria", False),
        ("", "Lopez", False),
        ("Lee", "Low", False),
    ],
)
def test_names_alike(heard: str, stored: str, same: bool) -> None:
    assert same_name(heard, stored) is same


@given(st.text(max_size=30))
def test_any_text_can_be_a_name(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    same_name(text, text)
    without_title(text)


def test_phones_keep_the_last_ten_digits() -> None:
    assert phone_digits("+1 (585) 555-0142") == "5855550142"
    assert phone_digits("555-0142") is None


def test_spoken_forms() -> None:
    assert say_date(date(2026, 12, 1)) == "Tuesday, December 1st"
    assert [say_time(time(hour, minute)) for hour, minute in ((15, 0), (9, 30), (12, 0), (0, 5))] == [
        "3 PM",
        "9:30 AM",
        "noon",
        "12:05 AM",
    ]
    assert say_now(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)) == "Sunday, November 22, 2026, 2:05 PM"
    assert say_list(["a", "b", "c"]) == "a, b, and c"
    assert say_list(list("abcdefg")) == "a, b, c, d, e, and 2 more"
    assert say_price(Decimal("85.50")) == "85 dollars and 50 cents"


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("I have chest pain", "chest pain"),
        ("my chest really hurts", "chest pain"),
        ("I can't breathe", "trouble breathing"),
        ("her face is drooping", "stroke signs"),
        ("I want to kill myself", "suicidal words"),
        ("the bleeding won't stop", "heavy bleeding"),
        ("he passed out", "loss of consciousness"),
    ],
)
def test_danger_signs_are_heard(words: str, sign: str) -> None:
    assert [found.name for found in danger_signs(words)] == [sign]


@pytest.mark.parametrize("words", ["I have no chest pain", "my knee hurts", "I'd like a checkup", "a blood test"])
def test_other_words_are_no_danger(words: str) -> None:
    assert danger_signs(words) == []


START = datetime(2026, 12, 1, 8, tzinfo=UTC)


def span(start_min: int, length_min: int) -> Span:
    start = START + timedelta(minutes=start_min)
    return Span(start, start + timedelta(minutes=length_min))


@given(
    st.lists(st.tuples(st.integers(0, 480), st.integers(5, 90)), max_size=12),
    st.integers(5, 120),
    st.integers(0, 30),
)
def test_free_starts_never_touch_what_is_taken(taken: list[tuple[int, int]], minutes: int, buffer_min: int) -> None:
    working, busy = [span(0, 240), span(300, 240)], [span(*one) for one in taken]
    for start in free_starts(working, busy, duration_min=minutes, buffer_min=buffer_min, not_before=START):
        assert fits(Span(start, start + timedelta(minutes=minutes)), buffer_min, working, busy)


def test_spread_keeps_both_ends() -> None:
    starts = [START + timedelta(minutes=30 * number) for number in range(9)]
    picked = spread(starts, 4)
    assert (picked[0], picked[-1], len(picked)) == (starts[0], starts[-1], 4)


def test_holidays_and_workdays() -> None:
    assert holidays_of(2026)[date(2026, 11, 26)] == "Thanksgiving Day"
    assert holidays_of(2026)[date(2026, 5, 25)] == "Memorial Day"
    assert workday(date(2026, 11, 22), 4) == date(2026, 11, 30)
    assert workday(date(2026, 11, 22), -1) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("a fever for three days", 3),
        ("coughing for 2 weeks", 14),
        ("it has hurt all week", 7),
        ("since yesterday", 1),
        ("a couple of days", 2),
        ("my ear aches", 0),
    ],
)
def test_days_are_taken_from_the_words(words: str, days: int) -> None:
    assert days_said(words) == days
