"""An ear with a scripted model: order, staleness, backlog, closing, rubbish."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from huntgroup.engine.hearing import DeafEar, ListeningEar
from huntgroup.engine.hearing.scribe import Scribe
from huntgroup.engine.hearing.whisper import Written
from huntgroup.engine.ports import Ear, EarEvent, EarOptions, Heard, SpeechStarted, SpeechStopped

MS = 32
LOUD = (np.sin(np.arange(16) * 0.8) * 9_000).astype("<i2").tobytes()


class LoudIsSpeech:
    """Stands for the network: loud frames are speech."""

    def probability(self, frame) -> float:
        return 0.95 if np.abs(frame.astype(int)).max() > 3_000 else 0.01


class Script:
    """Stands for Whisper: says its lines in turn, waiting at a gate when it has one."""

    def __init__(self, *lines: str | Exception) -> None:
        self.lines = list(lines)
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[int, str]] = []

    def write(self, samples, *, language, prompt="", likely="en", expects=None) -> Written:
        # Taken before the gate: two threads that wait there would otherwise get each other's lines.
        line = self.lines.pop(0)
        self.asked.append((1000 * len(samples) // 16_000, prompt))
        self.gate.wait(5)
        if isinstance(line, Exception):
            raise line
        return Written(line, language or "es", -0.1, 0.0)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
async def ear_of(threads):
    ears: list[ListeningEar] = []

    def make(script: Script, **options) -> ListeningEar:
        ears.append(ListeningEar(LoudIsSpeech(), Scribe(script, threads), EarOptions(**options)))
        return ears[-1]

    yield make
    for ear in ears:
        await ear.close()


def speech(ms: int) -> bytes:
    return LOUD * ms


def quiet(ms: int) -> bytes:
    return bytes(MS * ms)


def feed(ear: Ear, sound: bytes, step: int = 640) -> None:
    for at in range(0, len(sound), step):
        ear.feed(sound[at : at + step])


async def events(ear: Ear, count: int) -> list[EarEvent]:
    return [await asyncio.wait_for(ear.receive(), 5) for _ in range(count)]


async def test_a_turn_in_order(ear_of):
    ear = ear_of(Script("I need a doctor."), language="en")
    feed(ear, quiet(320) + speech(960) + quiet(640))
    started, stopped, heard = await events(ear, 3)
    assert started == SpeechStarted(320)
    assert stopped == SpeechStopped(1_280)
    assert heard == Heard("I need a doctor.", "en", 0.905, 320, 1_280)


async def test_speech_started_does_not_wait_for_words(ear_of):
    ear = ear_of(Script())
    feed(ear, speech(160))
    assert await events(ear, 1) == [SpeechStarted(0)]


async def test_ever_so_fast_sound_loses_nothing(ear_of):
    script = Script("One two three.", "Four five six.")
    ear = ear_of(script)
    feed(ear, quiet(320) + speech(960) + quiet(640))
    await events(ear, 3)
    feed(ear, quiet(10_000) + speech(640) + quiet(640), step=999)
    started, _, heard = await events(ear, 3)
    assert started.start_ms == pytest.approx(11_920, abs=64)
    assert heard.text == "Four five six."


async def test_a_pause_inside_a_turn_makes_the_first_decode_stale(ear_of):
    script = Script("My number", "My number is 555-0142.")
    ear = ear_of(script)
    script.gate.clear()
    feed(ear, speech(960) + quiet(192))
    async with asyncio.timeout(5):
        while not script.asked:  # noqa: ASYNC110 (the thread has the first decode in its hands)
            await asyncio.sleep(0.001)
    feed(ear, speech(960) + quiet(640))
    script.gate.set()
    texts = [event.text for event in await events(ear, 3) if isinstance(event, Heard)]
    assert texts == ["My number is 555-0142."]


async def test_the_turn_waits_for_its_text(ear_of):
    script = Script("That is all.")
    script.gate.clear()
    ear = ear_of(script)
    feed(ear, speech(960) + quiet(2_000))
    assert await events(ear, 1) == [SpeechStarted(0)]
    script.gate.set()
    stopped, heard = await events(ear, 2)
    assert stopped.end_ms == 960
    assert heard.text == "That is all."


async def test_the_prompt_and_the_prefix_reach_the_model(ear_of):
    script = Script("Dr. Chen, please.")
    ear = ear_of(script, prompt="Dr. Chen", prefix_padding_ms=100)
    feed(ear, quiet(960) + speech(960) + quiet(640))
    await events(ear, 3)
    assert script.asked == [(1_188, "Dr. Chen")]


async def test_a_model_that_fails_ends_the_turn_as_noise(ear_of):
    ear = ear_of(Script(RuntimeError("out of memory"), "Hello again to you."))
    feed(ear, speech(960) + quiet(960))
    assert (await events(ear, 3))[2].text == ""
    feed(ear, speech(960) + quiet(640))
    assert (await events(ear, 3))[2].text == "Hello again to you."


async def test_the_detected_language_is_told(ear_of):
    ear = ear_of(Script("Hola, buenos días."))
    feed(ear, speech(960) + quiet(640))
    assert (await events(ear, 3))[2].language == "es"


async def test_push_to_talk_hears_nothing_by_itself(ear_of):
    script = Script("Committed by hand.")
    ear = ear_of(script, enabled=False)
    feed(ear, speech(960) + quiet(960))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ear.receive(), 0.05)
    heard = await ear.transcribe(speech(640) + b"\x00")
    assert (heard.text, heard.start_ms, heard.end_ms) == ("Committed by hand.", 0, 640)


async def test_switching_off_drops_the_turn_and_on_again_works(ear_of):
    ear = ear_of(Script("Now I am heard."))
    feed(ear, speech(480))
    ear.configure(EarOptions(enabled=False))
    feed(ear, speech(480) + quiet(960))
    ear.configure(EarOptions())
    feed(ear, speech(960) + quiet(960))
    assert [type(event) for event in await events(ear, 4)] == [SpeechStarted, SpeechStarted, SpeechStopped, Heard]


async def test_half_samples_stay_in_step(ear_of):
    ear = ear_of(Script("All in step."))
    feed(ear, speech(960) + quiet(640), step=333)
    assert (await events(ear, 3))[2].text == "All in step."


async def test_nothing_rubbish_and_silence_are_quiet(ear_of):
    ear = ear_of(Script())
    for rubbish in (b"", b"\x01", quiet(5_000), b"\x00\x01" * 3_000):
        ear.feed(rubbish)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ear.receive(), 0.05)


async def test_closing_during_a_decode(ear_of):
    script = Script("Never told.")
    script.gate.clear()
    ear = ear_of(script)
    feed(ear, speech(960) + quiet(960))
    receiving = asyncio.create_task(_drain(ear))
    await asyncio.sleep(0)
    await asyncio.wait_for(ear.close(), 10)
    script.gate.set()
    ear.feed(speech(960))
    await ear.close()
    receiving.cancel()


async def _drain(ear: Ear) -> None:
    while True:
        await ear.receive()


async def test_many_ears_share_two_threads(ear_of):
    script = Script(*["This is one of many."] * 12)
    ears = [ear_of(script) for _ in range(12)]
    for ear in ears:
        feed(ear, speech(960) + quiet(640))
    heard = [(await events(ear, 3))[2].text for ear in ears]
    assert heard == ["This is one of many."] * 12


async def test_a_deaf_ear_is_quiet():
    ear = DeafEar()
    ear.feed(speech(960))
    assert (await ear.transcribe(speech(960))) == Heard("", "en", 0.0, 0, 960)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ear.receive(), 0.01)
