"""How much of a reply may be heard, and where its words are checked."""

import pytest

from huntgroup.calls.guardrails.borders import last_border
from huntgroup.calls.sound.holdback import HoldBack


def allowed(hold: HoldBack, item_id: str = "a") -> int:
    return int(hold.allowed_ms(item_id))


def test_sound_waits_for_the_words_that_came_before_it() -> None:
    hold = HoldBack(0)
    hold.words("a", "One.")
    hold.sound("a", 100)
    hold.words("a", " Two.")
    hold.sound("a", 50)
    assert allowed(hold) == 0
    hold.passed(hold.at(4))
    assert allowed(hold) == 100
    hold.passed(hold.position)
    assert allowed(hold) == 150


def test_a_transcript_that_lags_proves_less() -> None:
    hold = HoldBack(60)
    hold.words("a", "One.")
    hold.sound("a", 100)
    hold.sound("a", 60)
    hold.passed(hold.position)
    assert allowed(hold) == 100
    hold.complete("a", "One.")
    assert allowed(hold) == 160


def test_without_a_promise_the_whole_transcript_is_waited_for() -> None:
    hold = HoldBack(None)
    hold.sound("a", 100)
    hold.words("a", "One.")
    hold.passed(hold.position)
    assert allowed(hold) == 0
    hold.complete("a", "One.")
    assert allowed(hold) == 100
    hold.sound("a", 100)
    assert allowed(hold) == 100


def test_a_final_transcript_that_differs_is_checked_anew() -> None:
    hold = HoldBack(0)
    hold.words("a", "One.")
    hold.passed(hold.position)
    hold.sound("a", 100)
    hold.complete("a", "One secret.")
    assert hold.text == "One secret."
    assert allowed(hold) == 0
    hold.passed(hold.position)
    assert allowed(hold) == 100


def test_sound_without_words_is_never_let_go() -> None:
    hold = HoldBack(0)
    hold.words("a", "One.")
    hold.sound("b", 100)
    hold.passed(hold.position)
    hold.complete("b", "")
    assert allowed(hold, "b") == 0
    assert hold.has_wordless_sound


def test_items_are_one_text() -> None:
    hold = HoldBack(0)
    hold.words("a", "Do not")
    hold.words("b", "stop.")
    assert hold.text == "Do not stop."


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("Hello there", ""),
        ("Hello there.", "Hello there."),
        ("Hello, you. And th", "Hello, you."),
        ('He said "no." Then', 'He said "no."'),
        ("It costs 3.50 and", ""),
        ("你好。再", "你好。"),
        ("Ask Dr. Chen", ""),
        ("At 5. Then", "At 5."),
        ("Call five five five.", ""),
        ("Call five five five. One", ""),
        ("Call 555. 0142 is", ""),
        ("Llame al cinco cinco cinco.", ""),
        ("Null acht neun. Fünf", ""),
        ("Call five five five. Then wait", "Call five five five."),
    ],
)
def test_a_border_is_behind_a_sentence_and_not_inside_a_number(text: str, border: str) -> None:
    assert text[: last_border(text, "sentence")] == border


def test_clauses_are_shorter() -> None:
    assert last_border("Well, this is", "clause") == len("Well,")
    assert last_border("Well, this is", "sentence") == 0


@pytest.mark.parametrize(
    "text", ["One. Two. And", "Is it (no?) yes", "Wait.. .", "It is 5 5 5. Then", "Ask Prof.\nLee. Go"]
)
def test_a_text_that_grew_is_looked_at_only_where_it_grew(text: str) -> None:
    for seen in range(len(text)):
        start = last_border(text[:seen], "clause")
        assert max(start, last_border(text, "clause", start)) == max(start, last_border(text, "clause"))
