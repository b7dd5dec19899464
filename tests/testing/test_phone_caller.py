"""The simulated caller against the real server, with a parrot behind it."""

import time
import wave
from pathlib import Path

import pytest

from huntgroup.calls.ports import LineDtmf, LineEnded, LineMark
from huntgroup.testing.phone_caller import NoAnswer, PhoneCaller
from huntgroup.testing.phone_exchange import DialFailed
from tests.server.dummy_house import DummyHouse, served, tone

WORDS = tone(600, rate_hz=24000)


def hurried(url: str, **options: object) -> PhoneCaller:
    return PhoneCaller(url, "parrot", hurry=True, **options)  # type: ignore[arg-type]


async def test_a_call_with_a_greeting_a_question_and_an_answer() -> None:
    house = DummyHouse()
    async with served(house) as url, hurried(url) as phone:
        greeting = await phone.wait_for_agent(quiet_ms=200)
        said = await phone.say(WORDS)
        answer = await phone.wait_for_agent(quiet_ms=200)
    assert greeting is not None
    assert answer is not None
    assert greeting.end_ms - greeting.start_ms == 600
    assert said.end_ms - said.start_ms == 600
    # The parrot waits 200 ms; the rest is the way there and back.
    assert 200 <= answer.start_ms - said.end_ms <= 300
    assert answer.end_ms - answer.start_ms == 1000
    assert house.calls[0][2:] == ("+12025550143", "+12025550100")
    assert house.ended == LineEnded("caller_hung_up", lost=False)


async def test_barging_in_clears_the_answer_and_brings_its_mark_at_once() -> None:
    house = DummyHouse()
    async with served(house) as url, hurried(url) as phone:
        await phone.wait_for_agent(quiet_ms=200)
        await phone.say(WORDS)
        await phone.barge_in(300, WORDS)
        second = await phone.wait_for_agent(quiet_ms=200)
        heard = phone.heard
    assert phone.clears
    assert heard[1].end_ms - heard[1].start_ms < 600
    assert second is not None
    assert [event.name for event in house.events if isinstance(event, LineMark)] == ["greeting", "answer", "answer"]


async def test_keys_reach_the_call_and_the_server_can_hang_up() -> None:
    house = DummyHouse()
    async with served(house) as url, hurried(url) as phone:
        await phone.press("1#")
        await phone.wait_closed()
    assert [event.digit for event in house.events if isinstance(event, LineDtmf)] == ["1", "#"]
    assert phone.closed_by_server
    assert phone.close_code == 1000
    assert phone.afterwards is not None
    assert phone.afterwards.hangs_up
    assert phone.afterwards.said == ""


async def test_what_the_server_says_before_it_hangs_up_is_heard() -> None:
    async with served(DummyHouse()) as url, hurried(url) as phone:
        await phone.wait_for_agent(quiet_ms=200)
        await phone.press("#")
        await phone.wait_closed()
    assert phone.heard[-1].end_ms - phone.heard[-1].start_ms == 600


async def test_in_a_hurry_the_call_s_own_clock_is_right() -> None:
    async with served(DummyHouse()) as url, hurried(url) as phone:
        said = await phone.say(tone(4000, rate_hz=24000))
    assert said.end_ms - said.start_ms == 4000


async def test_without_a_hurry_a_second_is_a_second() -> None:
    async with served(DummyHouse()) as url, PhoneCaller(url, "parrot") as phone:
        started = time.monotonic()
        await phone.wait(1000)
        took_ms = (time.monotonic() - started) * 1000
    # How much longer it takes is the machine's business; that it never takes less is ours.
    assert took_ms >= 950


async def test_waiting_for_what_does_not_come_is_named() -> None:
    async with served(DummyHouse()) as url, hurried(url) as phone:
        await phone.wait_for_agent(quiet_ms=100)
        with pytest.raises(NoAnswer):
            await phone.wait_for_agent(quiet_ms=100, timeout_ms=200)


async def test_the_recording_has_the_caller_left_and_the_agent_right(tmp_path: Path) -> None:
    async with served(DummyHouse()) as url, hurried(url) as phone:
        await phone.wait_for_agent(quiet_ms=200)
        said = await phone.say(WORDS)
    with wave.open(str(phone.save_wav(tmp_path / "call.wav"))) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 8000)
        assert wav.getnframes() == phone.recording.length_ms * 8
    assert phone.recording.caller_sounds()[0].start_ms == pytest.approx(said.start_ms, abs=40)
    assert phone.recording.sounds()[0].end_ms < said.start_ms


async def test_a_wav_file_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "words.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 16000, 0, "NONE", ""))
        wav.writeframes(tone(400, rate_hz=16000))
    async with served(DummyHouse()) as url, hurried(url) as phone:
        said = await phone.say(path)
    assert said.end_ms - said.start_ms == 400


async def test_a_number_that_is_not_in_service_is_said_so() -> None:
    async with served(DummyHouse()) as url, PhoneCaller(url, "nobody") as phone:
        assert phone.is_over
        assert "not in service" in phone.instructions.said


async def test_dialling_nobody_fails_by_name() -> None:
    with pytest.raises(DialFailed, match="does not answer"):
        async with PhoneCaller("http://127.0.0.1:9", "parrot"):
            pass


async def test_a_signed_call_goes_through_and_another_does_not() -> None:
    house = DummyHouse(twilio_auth_token="secret", public_url="https://calls.example.com")
    async with served(house) as url:
        options = {"public_url": "https://calls.example.com"}
        async with hurried(url, auth_token="secret", **options) as phone:
            assert await phone.wait_for_agent(quiet_ms=100) is not None
        with pytest.raises(DialFailed, match="403"):
            await hurried(url, auth_token="wrong", **options).dial()
        with pytest.raises(DialFailed, match="403"):
            await hurried(url, **options).dial()
