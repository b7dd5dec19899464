"""What Whisper writes when nobody spoke."""

import pytest

from huntgroup.engine.hearing.language import choose_language
from huntgroup.engine.hearing.noise import cleaned
from huntgroup.engine.hearing.whisper import Written


def text_of(text: str, *, logprob=-0.2, no_speech=0.05, voiced_ms=900, level_dbfs=-20.0) -> str:
    return cleaned(Written(text, "en", logprob, no_speech), voiced_ms=voiced_ms, level_dbfs=level_dbfs)


@pytest.mark.parametrize("text", ["[Music]", "(music playing)", "♪ la la ♪", "*sighs*", "...", ""])
def test_sounds_are_not_words(text):
    assert text_of(text) == ""


def test_brackets_go_and_words_stay():
    assert text_of("[clears throat] Friday works.") == "Friday works."


def test_thank_you_is_kept_when_it_was_said():
    assert text_of("Thank you.", voiced_ms=640) == "Thank you."


@pytest.mark.parametrize(
    "doubt",
    [{"level_dbfs": -50.0}, {"no_speech": 0.7}, {"logprob": -1.5}, {"voiced_ms": 128, "logprob": -0.9}],
)
def test_thank_you_out_of_noise_is_not(doubt):
    assert text_of("Thank you.", **doubt) == ""


def test_silence_and_doubt_say_nothing():
    assert text_of("I want to book.", level_dbfs=-70.0) == ""
    assert text_of("I want to book.", no_speech=0.9, logprob=-1.4) == ""


def test_a_language_needs_to_be_sure():
    sure = {"es": 0.9, "en": 0.05}
    assert choose_language(sure, likely="en", speech_ms=2_000) == "es"
    assert choose_language({"es": 0.55, "en": 0.4}, likely="en", speech_ms=2_000) == "en"
    assert choose_language({"cy": 0.9, "en": 0.1}, likely="en", speech_ms=2_000) == "en"
    assert choose_language({"es": 0.8, "en": 0.2}, likely="en", speech_ms=500) == "en"
