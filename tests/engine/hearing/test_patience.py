"""How long a silence ends a turn, by what was said."""

import pytest

from huntgroup.engine.hearing.patience import patience_ms
from huntgroup.engine.ports import EarOptions

BASE = EarOptions(silence_ms=500)


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to book an appointment.",
        "What time do you open?",
        "No, thank you.",
        "Thanks, bye.",
        "Yes, please.",
        "Maria Lopez, born May 13, 1985",
        "My phone number is 555-0142.",
        "Quiero una cita mañana.",
        "It's for me?",
    ],
)
def test_finished(text):
    assert patience_ms(text, BASE) == 280


@pytest.mark.parametrize("text", ["Yes.", "No.", "Friday morning."])
def test_a_word_or_two_waits_a_little(text):
    assert patience_ms(text, BASE) == 400


@pytest.mark.parametrize("text", ["", "Sarah Johnson", "next Tuesday at three"])
def test_open(text):
    assert patience_ms(text, BASE) == 500


@pytest.mark.parametrize(
    "text",
    [
        "My name is.",
        "I would like to",
        "I need an appointment for",
        "Well...",
        "On Tuesday, and",
        "My phone number",
        "my date of birth",
        "My number is 555.",
        "Me llamo María y",
        "um",
    ],
)
def test_unfinished(text):
    assert patience_ms(text, BASE) == 1_300


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("555", 1_700),
        ("five five five", 1_700),
        ("555-0142", 280),
        ("415-555-0142.", 280),
        ("1 0 2 3 4", 500),
        ("March 14th", 1_300),
        ("March 14th, 1985.", 280),
        ("I don't know it.", 280),
    ],
)
def test_owed_digits(text, ms):
    assert patience_ms(text, EarOptions(silence_ms=500, expects="digits")) == ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("James Wilson, September 30th.", 1_300),
        ("James Wilson, the 30th of September.", 1_300),
        ("James Wilson, September 30th, 1978.", 280),
        ("My name is April.", 280),
    ],
)
def test_a_birthday_said_with_a_name_owes_its_year(text, ms):
    assert patience_ms(text, EarOptions(silence_ms=500, expects="name")) == ms


def test_half_a_name_waits():
    options = EarOptions(silence_ms=500, expects="name")
    assert [patience_ms(text, options) for text in ("Sarah.", "It is Sarah Johnson.")] == [500, 280]


def test_the_base_is_the_sessions():
    assert patience_ms("That is all I need.", EarOptions(silence_ms=1_000)) == 560
    assert patience_ms("My name is", EarOptions(silence_ms=10_000)) == 4_000


@pytest.mark.parametrize(("eagerness", "ms"), [("low", 560), ("medium", 280), ("auto", 280), ("high", 196)])
def test_eagerness_scales(eagerness, ms):
    assert patience_ms("That is all I need.", EarOptions(silence_ms=9_999, eagerness=eagerness)) == ms
