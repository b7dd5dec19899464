"""English words as phonemes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.engine.speaking.phonemes import Phonemes

LEXICON = {
    "book": "bˈʊk",
    "visit": "vˈɪzᵻt",
    "change": "ʧˈAnʤ",
    "read": {"DEFAULT": "ɹˈid", "VBD": "ɹˈɛd"},
    "I": "ˈI",
    "A": "ˈA",
}


@pytest.fixture
def phonemes() -> Phonemes:
    return Phonemes({"I": None}, LEXICON)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Book", "bˈʊk"),
        ("books", "bˈʊks"),
        ("booked", "bˈʊkt"),
        ("visited", "vˈɪzᵻtᵻd"),
        ("changing", "ʧˈAnʤɪŋ"),
        ("change's", "ʧˈAnʤᵻz"),
        ("read", "ɹˈid"),
        ("I", "ˈI"),
        ("A", "ˈA"),
        ("a", "ɐ"),
        ("Chen", "ʧˈɛn"),
    ],
)
def test_word(phonemes, word, said):
    assert phonemes.word(word) == said


def test_a_sentence_keeps_its_pauses(phonemes):
    assert phonemes.of("I book, I visit!") == "ˈI bˈʊk, ˈI vˈɪzᵻt!"


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    assert isinstance(Phonemes(LEXICON).of(text), str)
