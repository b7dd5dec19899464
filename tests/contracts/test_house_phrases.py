"""What a house says by itself: the same of the spoken phrases and of the doubles."""

from typing import get_args

import pytest

from huntgroup.calls.ports import HousePhrases, PhraseKind
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.engine.speaking.phrases import WORDS, speak_phrases
from tests.calls.broken import HummedPhrases
from tests.engine.doubles import HummingVoice

KINDS: tuple[PhraseKind, ...] = get_args(PhraseKind)


@pytest.fixture(params=["spoken", "hummed"])
async def phrases(request: pytest.FixtureRequest) -> HousePhrases:
    return await speak_phrases(HummingVoice(), ["hum-1", "hum-2"]) if request.param == "spoken" else HummedPhrases()


@pytest.mark.parametrize("kind", KINDS)
async def test_every_phrase_has_words_and_sound_in_any_voice(phrases: HousePhrases, kind: PhraseKind) -> None:
    for voice in ("hum-1", "hum-2", "nobody"):
        phrase = phrases.phrase(kind, voice)
        assert phrase is not None
        assert phrase.text
        assert len(phrase.audio) > 24 * 2 * 100
        assert len(phrase.audio) % 2 == 0


async def test_each_voice_of_the_house_speaks_for_itself() -> None:
    voice = HummingVoice()
    await speak_phrases(voice, ["hum-2", "hum-3", "hum-2", "nobody"])
    assert sorted({name for _, name, _ in voice.spoken}) == ["hum-2", "hum-3"]
    assert len(voice.spoken) == 2 * len(WORDS)


def test_a_house_without_sound_has_none() -> None:
    assert NoPhrases().phrase("outage", "any") is None
