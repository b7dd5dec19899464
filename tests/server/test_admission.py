"""A call is counted before it is accepted; for whom there is no room there are words and a call back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.testing.faulty_caller import FaultyCaller
from tests.server.dummy_house import DummyHouse, served
from tests.server.test_resume import FIELDS, PUBLIC, Server


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server(DummyHouse(public_url=PUBLIC, max_calls=2))
    async with made.http:
        yield made


async def test_of_many_webhooks_at_once_no_more_get_a_stream_than_there_are_seats(server: Server) -> None:
    told = await asyncio.gather(*(server.post("/twilio/voice/parrot") for _ in range(8)))
    assert sum(one.stream_url is not None for one in told) == 2
    assert sum("busy" in one.said for one in told) == 6


async def test_a_seat_that_no_stream_claims_is_free_again(server: Server) -> None:
    for _ in range(2):
        await server.post("/twilio/voice/parrot")
    await server.clock.advance(LIFETIME_MS)
    assert (await server.post("/twilio/voice/parrot")).stream_url is not None


async def test_the_providers_limit_counts(server: Server) -> None:
    server.house.room = False
    assert "busy" in (await server.post("/twilio/voice/parrot")).said


async def test_a_call_that_is_over_leaves_its_seat() -> None:
    house = DummyHouse(max_calls=1)
    async with served(house) as url:
        for _ in range(2):
            async with FaultyCaller(url, "parrot") as phone:
                assert phone.instructions.stream_url is not None
                await phone.begin()
                await phone.send(phone.protocol.stop())
                await phone.close_code()
    assert len(house.calls) == 2


async def test_who_presses_1_or_stays_is_called_back(server: Server) -> None:
    server.house.room = False
    told = await server.post("/twilio/voice/parrot")
    assert told.offer_url == told.redirect_url == f"{PUBLIC}/twilio/callback?team=parrot"
    for digits in ({"Digits": "1"}, {}):
        fields = {**FIELDS, "CallSid": f"CA{digits}", **digits}
        answer = await server.http.post("/twilio/callback?team=parrot", data=fields)
        assert "We will call you back" in answer.text
    listed = (await server.http.get("/api/callbacks")).json()["callbacks"]
    assert [(one["team"], one["caller"], one["state"]) for one in listed] == [("parrot", "+12025550143", "waiting")] * 2
    foreign = {"Origin": "https://evil.example"}
    assert (await server.http.post(f"/api/callbacks/{listed[0]['id']}/done", headers=foreign)).status_code == 403
    assert (await server.http.post(f"/api/callbacks/{listed[0]['id']}/done")).status_code == 204
    assert (await server.http.post(f"/api/callbacks/{listed[0]['id']}/done")).status_code == 404
    assert len((await server.http.get("/api/callbacks")).json()["callbacks"]) == 1


async def test_who_presses_another_key_is_not(server: Server) -> None:
    answer = await server.http.post("/twilio/callback?team=parrot", data={**FIELDS, "Digits": "2"})
    assert "call again" in answer.text
    assert await server.house.callbacks.waiting() == []


async def test_who_hides_the_number_is_asked_to_call_again(server: Server) -> None:
    server.house.room = False
    hidden = {**FIELDS, "From": "anonymous"}
    answer = await server.http.post("/twilio/voice/parrot", data=hidden)
    assert "<Gather" not in answer.text
    assert "call again" in answer.text
    assert "call again" in (await server.http.post("/twilio/callback?team=parrot", data=hidden)).text


async def test_a_wish_that_cannot_be_noted_is_said_to_be_so(server: Server) -> None:
    server.house.callbacks.away = True
    assert "could not note" in (await server.http.post("/twilio/callback?team=parrot", data=FIELDS)).text
    assert (await server.http.get("/api/callbacks")).status_code == 503


@pytest.mark.parametrize("path", ["/twilio/callback?team=parrot", "/twilio/resume?call=c"])
async def test_nobody_but_the_carrier_is_believed(path: str) -> None:
    made = Server(DummyHouse(public_url=PUBLIC, twilio_auth_token="secret"))
    async with made.http as http:
        assert (await http.post(path, data=FIELDS)).status_code == 403
