"""Names, numbers, phones and e-mail addresses in what was said."""

from datetime import date

import pytest

from huntgroup.engine.understanding.numerals import cardinal, digit_runs
from huntgroup.engine.understanding.similarity import similarity
from huntgroup.engine.understanding.tokens import clauses, sentences, tokenize
from huntgroup.engine.understanding.utterance import Utterance, read


def heard(text: str, *, asked_name: bool = False) -> Utterance:
    return read(text, date(2026, 11, 22), asked_name=asked_name)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("This is Maria Lopez, born March 4th 1985", "Maria", "Lopez"),
        ("my name's maria lopez", "Maria", "Lopez"),
        ("last name is Lopez, first name Maria", "Maria", "Lopez"),
        ("Hi, James O'Neil here", "James", "O'Neil"),
        ("this is Tom Baker speaking.", "Tom", "Baker"),
        ("I'm Maria Lopez and I need help", "Maria", "Lopez"),
        ("My name is Peter van Houten", "Peter", "van Houten"),
    ],
)
def test_a_name_is_heard_when_somebody_introduces_themselves(said: str, first: str, last: str) -> None:
    name = heard(said).name
    assert (name.first, name.last) == (first, last)


@pytest.mark.parametrize("said", ["I'm calling about my car", "I am sick", "this is urgent", "it's about a bill"])
def test_what_is_no_name_is_not_heard_as_one(said: str) -> None:
    assert not heard(said).name


def test_a_bare_name_counts_as_an_answer_only() -> None:
    assert not heard("Maria Lopez").name
    assert heard("Maria Lopez", asked_name=True).name.last == "Lopez"
    assert not heard("I'd like to talk to a person", asked_name=True).name


@pytest.mark.parametrize("said", ["Lopes. L O P E Z.", "Lopes, L-O-P-E-Z", "Lopes, L for Lima, O, P, E, Z as in zebra"])
def test_spelling_corrects_what_was_heard(said: str) -> None:
    assert heard(said, asked_name=True).name.lone == "Lopez"


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("five five five, oh one four two", "5550142"),
        ("double five five 0 one for two", "5550142"),
        ("555-0142.", "5550142"),
        ("it's (212) 555-0142", "2125550142"),
        ("eight hundred five five five zero one four two", "8005550142"),
    ],
)
def test_digits_are_joined(said: str, digits: str) -> None:
    assert [p.digits for p in heard(said).phones] == [digits]


def test_homophones_are_digits_only_between_digits() -> None:
    assert [r.digits for r in digit_runs(tokenize("I want to come in for a check"))] == []


@pytest.mark.parametrize(
    ("said", "value"),
    [("twenty five", 25), ("two hundred and ten thousand", 210_000), ("3,500", 3500), ("a million", 1e6)],
)
def test_cardinals(said: str, value: float) -> None:
    read_number = cardinal(tokenize(said), 0)
    assert read_number is not None
    assert read_number[0] == value


@pytest.mark.parametrize("said", ["maria.lopez@example.com", "it's maria dot lopez at example dot com"])
def test_addresses_are_read_written_and_spoken(said: str) -> None:
    assert [e.value for e in heard(said).emails] == ["maria.lopez@example.com"]


def test_titles_and_halves_of_the_day_end_no_sentence() -> None:
    assert sentences("Dr. Chen is in at 3 p.m. today. Is that fine?") == [
        "Dr. Chen is in at 3 p.m. today.",
        "Is that fine?",
    ]


def test_each_wish_is_a_clause() -> None:
    assert clauses("I need a service, and what are your hours?") == ["I need a service", "what are your hours"]


def test_names_that_sound_alike_are_near() -> None:
    assert similarity("Chan", "Chen") >= 0.75
    assert similarity("Chan", "Garcia") < 0.4
