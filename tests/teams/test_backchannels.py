"""What only means "go on", in several languages, and what never does."""

import pytest

from huntgroup.teams import BargeInPolicy
from huntgroup.teams.backchannels import BACKCHANNELS, is_backchannel


@pytest.mark.parametrize(
    "text", ["Uh-huh.", "Mm-hmm.", "mhm", "Okay.", "OK", "Right.", "Yeah, yeah.", "Oh, okay.", "I see.", "Got it."]
)
def test_signs_of_listening(text: str) -> None:
    assert is_backchannel(text, ["en"])


@pytest.mark.parametrize(
    "text",
    [
        "Stop.",
        "No.",
        "Wait.",
        "Okay, stop.",
        "Yeah, no.",
        "Right?",
        "I",
        "",
        "Hold on.",
        "Okay but on Tuesday",
        "Help!",
    ],
)
def test_what_takes_the_floor(text: str) -> None:
    assert not is_backchannel(text, ["en"])


@pytest.mark.parametrize(
    ("code", "text"),
    [("es", "Claro que sí."), ("de", "Ach so, ja."), ("fr", "D’accord."), ("it", "Va bene."), ("nl", "Oké.")],
)
def test_other_languages(code: str, text: str) -> None:
    assert is_backchannel(text, [code])
    assert not is_backchannel(text, ["en"])


@pytest.mark.parametrize("refusal", ["no", "stop", "wait", "nein", "halt", "non", "basta", "espera", "aspetta", "nee"])
def test_no_list_has_a_word_that_stops(refusal: str) -> None:
    assert not is_backchannel(refusal, BACKCHANNELS)


def test_a_team_has_more_words() -> None:
    assert BargeInPolicy(backchannels=("copy that",)).passes_over("Copy that.", ["en"])


def test_a_long_row_of_them_is_a_turn() -> None:
    assert not is_backchannel("yeah yeah yeah yeah yeah", ["en"])
