"""The voices of a process: names, streaming, cache, rubbish."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from huntgroup.engine.speaking import ALIASES, PICO_VOICES, Speakers, UnknownVoice

BYTES_PER_MS = 48


class Beeper:
    """A renderer that makes 10 ms per letter and counts its work."""

    def __init__(self) -> None:
        self.rendered: list[str] = []

    def voices(self) -> Sequence[str]:
        return ("pico-amy", "beep")

    def prepare(self, sentence: str, voice: str) -> str:
        return sentence.casefold()

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        self.rendered.append(prepared)
        await asyncio.sleep(0)
        return bytes(480 * len(prepared))


async def chunks(speakers: Speakers, text: str, voice: str = "beep") -> list[bytes]:
    return [chunk async for chunk in speakers.speak(text, voice=voice)]


async def test_the_first_sentence_sounds_before_the_second_is_made():
    beeper = Beeper()
    stream = Speakers([beeper]).speak("One is here. Two is not.", voice="beep")
    await anext(stream)
    assert beeper.rendered == ["one is here."]
    await stream.aclose()
    assert beeper.rendered == ["one is here."]


async def test_chunks_are_200_ms_at_most():
    sizes = [len(chunk) for chunk in await chunks(Speakers([Beeper()]), "x" * 50)]
    assert sizes == [9600, 9600, 4800]


async def test_a_phrase_is_rendered_once():
    beeper = Beeper()
    speakers = Speakers([beeper])
    await speakers.prepare(["One moment, please."], voice="beep")
    await chunks(speakers, "One moment, please.")
    assert len(beeper.rendered) == 1


async def test_names_of_other_services_are_aliases():
    speakers = Speakers([Beeper()])
    assert len(await chunks(speakers, "Hello.", voice="alloy")) > 0
    assert "alloy" in speakers.voices()
    assert "ash" not in speakers.voices()


def test_every_alias_has_a_voice():
    assert set(ALIASES.values()) <= set(PICO_VOICES)
    assert {"alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"} <= set(ALIASES)


def test_an_unknown_voice_is_refused_at_once():
    with pytest.raises(UnknownVoice):
        Speakers([Beeper()]).speak("Hello.", voice="nobody")


@pytest.mark.parametrize("text", ["", "   ", "...", "😀", "\x00", "\n\n"])
async def test_a_text_without_words_is_silence(text):
    assert await chunks(Speakers([Beeper()]), text) == []


@pytest.fixture
async def pico():
    pytest.importorskip("py_nanotts")
    async with Speakers.open() as speakers:
        yield speakers


async def test_pico_speaks_every_voice(pico):
    for voice in PICO_VOICES:
        sound = np.frombuffer(b"".join(await chunks(pico, "Good morning.", voice=voice)), "<i2")
        assert 400 * 24 < len(sound) < 3000 * 24
        assert 1000 < np.abs(sound).max() < 32767


async def test_pico_starts_at_once_and_ends_with_a_short_pause(pico):
    sound = np.frombuffer(b"".join(await chunks(pico, "Hello there.", voice="pico-amy")), "<i2")
    loud = np.flatnonzero(np.abs(sound) > 300)
    assert loud[0] < 60 * 24
    assert 80 * 24 < len(sound) - loud[-1] < 220 * 24


async def test_pico_takes_rubbish(pico):
    for text in ("<speed level='9'>a & b", "a" * 1000, "\ud7ff ok", "%s %d {0}", "ß ñ 漢字 ok"):
        assert len(await chunks(pico, text, voice="pico-amy")) > 0


async def test_voices_differ_and_speed_counts(pico):
    amy, tom = [b"".join(await chunks(pico, "How can I help?", voice=name)) for name in ("pico-amy", "pico-tom")]
    slow = b"".join([chunk async for chunk in pico.speak("How can I help?", voice="pico-amy", speed=0.5)])
    assert amy != tom
    assert len(slow) > 1.5 * len(amy)


async def test_calls_speak_side_by_side(pico):
    texts = [f"This is call number {n}." for n in range(8)]
    sounds = await asyncio.gather(*(chunks(pico, text, voice="pico-nina") for text in texts))
    assert all(len(b"".join(sound)) > 700 * BYTES_PER_MS for sound in sounds)
