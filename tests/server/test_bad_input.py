"""What a broken or hostile telephone sends, against the real server: a named reason, and never a call gone wrong."""

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from huntgroup.calls.ports import LineAudio, LineBadInput, LineEnded
from huntgroup.testing.faulty_caller import FaultyCaller
from huntgroup.testing.phone_caller import PhoneCaller
from tests.server.dummy_house import DummyHouse, served


async def settled(house: DummyHouse) -> None:
    await asyncio.wait_for(house.over.wait(), 5)


def reports(house: DummyHouse) -> list[str]:
    return [event.code for event in house.events if isinstance(event, LineBadInput)]


MEDIA = '{"event":"media","streamSid":"%s","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"0",'


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "malformed_json"),
        ('{"event":"reboot"}', "unknown_event"),
        ('{"event":"media"}', "bad_message"),
        (MEDIA % "SID" + '"payload":"%%%"}}', "bad_base64"),
        (MEDIA % "MZother" + '"payload":"AAAA"}}', "wrong_stream"),
        (MEDIA.replace('"1"', '"x"') % "SID" + '"payload":"AAAA"}}', "bad_number"),
        (MEDIA % "SID" + '"payload":"' + "A" * 12_000 + '"}}', "frame_too_large"),
        (MEDIA % "SID" + '"payload":"' + "A" * 30_000 + '"}}', "frame_too_large"),
        (b"\x00\x01", "binary_frame"),
    ],
)
async def test_rubbish_is_reported_and_the_call_goes_on(frame: str | bytes, code: str) -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        sid = phone.protocol.stream_sid
        await phone.send(frame.replace("SID", sid) if isinstance(frame, str) else frame)
        await phone.send_sound(5)
        await phone.send(phone.protocol.stop())
        await settled(house)
    assert reports(house)[0] == code
    assert sum(isinstance(event, LineAudio) for event in house.events) >= 4
    assert house.ended == LineEnded("caller_hung_up", lost=False)


async def test_frames_out_of_order_are_dropped() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        first, second, third = (phone.protocol.media(bytes([n]) * 160) for n in (1, 2, 3))
        await phone.send(first, third, second, phone.protocol.stop())
        await settled(house)
    assert [event.audio[0] for event in house.events if isinstance(event, LineAudio)] == [1, 3]
    assert reports(house) == ["frames_missing", "out_of_order"]


async def test_a_second_start_is_reported_and_starts_nothing() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        await phone.send(phone.protocol.start(phone.instructions.parameters), phone.protocol.stop())
        await settled(house)
    assert reports(house) == ["second_start"]
    assert len(house.calls) == 1


async def test_a_flood_of_rubbish_is_reported_a_few_times_only() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        await phone.send(*["{"] * 500, phone.protocol.stop())
        await settled(house)
    assert len(reports(house)) == 20


async def test_a_socket_that_breaks_in_the_middle_of_a_word_is_a_lost_line() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        await phone.send_sound(3)
        await asyncio.wait_for(house.begun.wait(), 5)
        await phone.break_off()
        await settled(house)
        after = await phone.exchange.post(phone.instructions.redirect_url or "", {})
    assert house.ended == LineEnded("socket_lost", lost=True)
    assert "lost the connection" in after.said


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "guessed"},
        {"token": "grüße"},
        {"call_id": "call_other"},
        {"call_id": ""},
        {"team": "<odd&name>"},
    ],
)
async def test_a_start_without_the_right_token_begins_no_call(change: dict[str, str]) -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin({**phone.instructions.parameters, **change})
        assert await phone.close_code() == 1008
    assert house.calls == []


async def test_a_start_without_any_parameter_begins_no_call() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin({})
        assert await phone.close_code() == 1008
    assert house.calls == []


async def test_a_token_is_good_once() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.begin()
        await asyncio.wait_for(house.begun.wait(), 5)
        async with FaultyCaller(url, "parrot", instructions=phone.instructions) as thief:
            thief.protocol.call_sid = phone.protocol.call_sid
            await thief.begin()
            assert await thief.close_code() == 1008
    assert len(house.calls) == 1


async def test_a_token_is_bound_to_the_carriers_call() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        phone.protocol.call_sid = "CAother"
        await phone.begin()
        assert await phone.close_code() == 1008
    assert house.calls == []


async def test_a_socket_that_says_nothing_is_closed() -> None:
    house = DummyHouse()
    async with served(house, start_timeout_s=0.1) as url, FaultyCaller(url, "parrot") as phone:
        assert await phone.close_code() == 1008


async def test_a_socket_that_says_only_rubbish_is_closed() -> None:
    async with served(DummyHouse()) as url, FaultyCaller(url, "parrot") as phone:
        await phone.send(*["{"] * 50)
        assert await phone.close_code() == 1008


async def test_sound_of_another_encoding_is_refused() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        await phone.send(phone.protocol.start(phone.instructions.parameters).replace("x-mulaw", "x-l16"))
        assert await phone.close_code() == 1008
    assert house.calls == []


async def test_an_unsigned_socket_is_refused_before_it_is_accepted() -> None:
    house = DummyHouse(twilio_auth_token="secret")
    async with served(house) as url:
        with pytest.raises(InvalidStatus, match="403"):
            await connect(url.replace("http", "ws") + "/twilio/media", proxy=None)


async def test_a_call_that_fails_is_closed_and_its_words_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    house = DummyHouse()
    async with served(house) as url, PhoneCaller(url, "parrot") as phone:
        await phone.press("9")
        await phone.wait_closed()
    assert phone.close_code == 1011
    assert phone.afterwards is not None
    assert "lost the connection" in phone.afterwards.said
    assert "ExceptionGroup" in caplog.text
    assert "private" not in caplog.text
    assert "2025550143" not in caplog.text
