"""Number words become digits, in three languages, and runs of digits become what they are."""

import pytest

from huntgroup.teams.guardrails.digit_runs import is_card, luhn, runs
from huntgroup.teams.guardrails.folding import fold, sentences
from huntgroup.teams.guardrails.spoken_numbers import digitise


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("four one five, double five, oh one", "4 1 5, 55, 0 1"),
        ("nineteen eighty-five", "19 85"),
        ("two thousand and five", "2005"),
        ("five hundred twelve", "512"),
        ("eight hundred five five five", "800 5 5 5"),
        ("cuarenta y cinco, doble tres", "45, 33"),
        ("mil novecientos ochenta y cinco", "1985"),
        ("neunzehnhundertfünfundachtzig, null eins", "1985, 0 1"),
        ("April twelfth", "april 12"),
        ("am zwölften April", "am 12 april"),
        ("four 1 triple 5 O one", "4 1 555 0 1"),
        ("once a day", "once a day"),
        ("diez, once, doce", "10, 11, 12"),
    ],
)
def test_words_become_digits(said: str, digits: str) -> None:
    assert digitise(fold(said).lower).text == digits


def test_a_place_leads_back_to_the_words() -> None:
    text = "call five eight five now"
    digitised = digitise(text)
    start, end = digitised.span(5, 10)
    assert text[start:end] == "five eight five"


def test_prices_times_and_days_are_no_runs() -> None:
    assert list(runs("at 2:30 pm for 120 dollars on 2026-12-01, 30 minutes, $1,249.50")) == []


def test_a_run_reaches_over_fillers_and_is_bounded() -> None:
    (run,) = runs("585, uh, 555 and then 0142")
    assert run.digits == "5855550142"
    assert sum(1 for _ in runs("1 " * 20_000)) <= 20


def test_a_card_has_an_issuer_a_length_and_a_check_digit() -> None:
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert luhn("79927398713")


def test_folding_keeps_places() -> None:
    folded = fold("Tél: ４１１")
    assert folded.text == "Tel: 411"
    assert folded.span(5, 8) == (5, 8)
    assert fold("a\u200bb").span(1, 2) == (2, 3)


def test_a_doctor_does_not_end_a_sentence() -> None:
    assert [sentence for _, sentence in sentences("See Dr. Chen today. Then rest.")] == [
        "See Dr. Chen today.",
        "Then rest.",
    ]
