"""The real models, once per run: clean, quiet, loud and foreign sound through µ-law."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from huntgroup.engine.hearing import EarShop
from huntgroup.engine.ports import Ear, EarEvent, EarOptions, Heard
from huntgroup.engine.speaking import Speakers
from huntgroup.engine.weights import Weights
from huntgroup.media.formats import PCM16_16K, PCM16_24K, PCMU_8K
from huntgroup.media.transcode import transcode
from tests.rtc.weather import Weather, through

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("speech")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(data_dir):
    async with EarShop.open(Weights(data_dir)) as opened:
        assert opened.missing is None
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def voice():
    pytest.importorskip("py_nanotts")
    async with Speakers.open() as speakers:
        yield speakers


async def phoned(voice, text: str, name: str = "pico-nina") -> bytes:
    """What a telephone makes of a sentence, with a second of silence after it."""
    sound = b"".join([chunk async for chunk in voice.speak(text, voice=name)])
    return transcode(transcode(sound, PCM16_24K, PCMU_8K), PCMU_8K, PCM16_16K) + bytes(32_000)


async def turn(ear: Ear, sound: bytes) -> Heard:
    """Feed at once; the words of the first turn."""
    ear.feed(sound)
    event: EarEvent | None = None
    while not isinstance(event, Heard):
        event = await asyncio.wait_for(ear.receive(), 20)
    await ear.close()
    return event


async def test_words_survive_the_telephone(shop, voice):
    sound = await phoned(voice, "I'd like to book an appointment with Doctor Chen.")
    heard = await turn(shop.new_ear(EarOptions(language="en")), sound)
    assert heard.text == "I'd like to book an appointment with Dr. Chen."
    assert heard.confidence > 0.6


async def test_spanish_is_recognised(shop, voice):
    sound = await phoned(voice, "Hola, necesito una cita con el doctor mañana por la mañana.", "pico-lucia")
    heard = await turn(shop.new_ear(EarOptions()), sound)
    assert heard.language == "es"
    assert "doctor" in heard.text


async def test_clipped_and_faint_speech_are_still_heard(shop, voice):
    sound = np.frombuffer(await phoned(voice, "I need to cancel my appointment."), "<i2").astype(np.int32)
    for gain in (4.0, 0.05):
        changed = np.clip(sound * gain, -32_768, 32_767).astype("<i2").tobytes()
        heard = await turn(shop.new_ear(EarOptions(language="en")), changed)
        assert "cancel" in heard.text


@pytest.mark.parametrize(("loss", "burst"), [(0.05, 1), (0.05, 3), (0.2, 1), (0.2, 3)])
async def test_words_survive_a_bad_network_from_a_browser(shop, voice, loss: float, burst: int):
    sound = b"".join([chunk async for chunk in voice.speak("I need to cancel my appointment.", voice="pico-nina")])
    carried = await through(Weather(loss=loss, burst=burst, jitter_ms=60, ppm=200), sound + bytes(48_000))
    heard = await turn(shop.new_ear(EarOptions(language="en")), transcode(carried, PCM16_24K, PCM16_16K))
    assert "cancel my a" in heard.text


async def test_noise_says_nothing(shop):
    rng = np.random.default_rng(7)
    ear = shop.new_ear(EarOptions(language="en"))
    for level in (60, 900):
        noise = rng.normal(0, level, 48_000).astype("<i2").tobytes()
        assert (await ear.transcribe(noise)).text == ""
    assert (await ear.transcribe(b"")).text == ""
    assert (await ear.transcribe(bytes(64_000))).text == ""
    await ear.close()


async def test_missing_models_leave_a_deaf_shop(data_dir):
    nothing = Weights(data_dir / "empty", packages=lambda name: None)
    async with EarShop.open(nothing) as shop:
        assert shop.missing is not None
        assert "silero" in shop.missing
        assert (await shop.new_ear().transcribe(b"")).text == ""
