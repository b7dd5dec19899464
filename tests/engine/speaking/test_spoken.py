"""Written text as it is read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.engine.speaking import spoken
from huntgroup.engine.speaking.numbers import cardinal, ordinal, year


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("at 3:30 PM.", "at three thirty P M."),
        ("10:05 a.m. sharp", "ten oh five A M sharp"),
        ("3:00 pm", "three P M"),
        ("8:00-17:00", "eight o'clock to seventeen hundred"),
        ("9 AM - 5 PM", "nine A M to five P M"),
        ("It is $45.", "It is forty five dollars."),
        ("$1,250.50 or $1", "one thousand two hundred fifty dollars and fifty cents or one dollar"),
        ("555-0142", "five five five, zero one four two"),
        ("(415) 555-0199", "four one five, five five five, zero one nine nine"),
        ("+14155550142", "one, four one five, five five five, zero one four two"),
        ("MRN 10234", "M R N, one zero two three four"),
        ("APT-20931", "A P T, two zero nine three one"),
        ("2026-11-24", "November twenty fourth, twenty twenty six"),
        ("03/14/1985", "March fourteenth, nineteen eighty five"),
        ("March 14, 1985", "March fourteenth, nineteen eighty five"),
        ("Nov. 3rd at 4:15 PM", "November third at four fifteen P M"),
        ("Dr. Chen & Mrs. Smith", "Doctor Chen and Missus Smith"),
        ("Mon–Fri", "Monday to Friday"),
        ("sarah.j@mail.com", "sarah dot j at mail dot com"),
        ("250 mg, 3.5 hours, 10%", "two hundred fifty milligrams, three point five hours, ten percent"),
        ("12,500 people", "twelve thousand five hundred people"),
        ("**Yes** <b>now</b>", "Yes b now b"),
        ("I may come.", "I may come."),
    ],
)
def test_spoken(written, said):
    assert spoken(written) == said


@given(st.text(max_size=200))
def test_any_text_becomes_plain_words(text):
    said = spoken(text)
    assert not set("<>*`|\x00") & set(said)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "zero"), (115, "one hundred fifteen"), (21_000, "twenty one thousand")]
)
def test_cardinal(number, said):
    assert cardinal(number) == said


def test_ordinals_and_years():
    assert [ordinal(n) for n in (1, 12, 20, 31)] == ["first", "twelfth", "twentieth", "thirty first"]
    assert [year(n) for n in (1905, 1900, 2005, 2026)] == [
        "nineteen oh five",
        "nineteen hundred",
        "two thousand five",
        "twenty twenty six",
    ]
