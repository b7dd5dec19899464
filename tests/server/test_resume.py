"""The carrier goes on after a stream: what it is told, and what becomes of calls that were taken over."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from huntgroup.calls.processes.rebuild import CallState
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.domain.facts import CallEnded
from huntgroup.server.app import create_app
from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.server.webhook import MOST_TRIES
from huntgroup.testing.faulty_caller import FaultyCaller
from huntgroup.testing.phone_caller import PhoneCaller
from huntgroup.testing.phone_exchange import Instructions, read_twiml
from huntgroup.testing.virtual_clock import VirtualClock
from tests.server.dummy_house import DummyHouse, served

PUBLIC = "https://calls.example.com"
FIELDS = {"CallSid": "CA1", "From": "+12025550143", "To": "+12025550100"}


def resumption(call_id: str = "c") -> Resumption:
    state = CallState(call_id=call_id, team="parrot", caller="+12025550143", callee=None)
    return Resumption(record=(), state=state, answers={}, process="p", epoch=2, reason="process_lost")


class Server:
    """The app without a socket, on a virtual clock."""

    def __init__(self, house: DummyHouse) -> None:
        self.house = house
        self.clock = VirtualClock()
        self.app = create_app(house, clock=self.clock)  # type: ignore[arg-type]
        self.desk = self.app.state.desk
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 5000))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8084")

    async def post(self, path: str) -> Instructions:
        return read_twiml((await self.http.post(path, data=FIELDS)).text)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server(DummyHouse(public_url=PUBLIC))
    async with made.http:
        yield made


async def test_a_call_that_was_taken_over_gets_a_new_stream_with_a_token(server: Server) -> None:
    server.house.verdicts["c"] = resumption()
    told = await server.post("/twilio/resume?call=c&team=parrot")
    assert told.stream_url == "wss://calls.example.com/twilio/media"
    assert (told.parameters["call_id"], told.parameters["team"]) == ("c", "parrot")
    assert told.redirect_url == f"{PUBLIC}/twilio/resume?call=c&team=parrot"
    assert server.desk.seats.taken == 1


async def test_the_stream_comes_to_the_process_that_gave_the_token() -> None:
    server = Server(DummyHouse(public_url=PUBLIC, stream_url="https://one.example.com/"))
    async with server.http:
        told = await server.post("/twilio/voice/parrot")
    assert told.stream_url == "wss://one.example.com/twilio/media"
    assert (told.redirect_url or "").startswith(f"{PUBLIC}/twilio/resume?")


async def test_a_call_whose_owner_may_still_live_is_asked_about_again_and_again_and_then_given_up(
    server: Server,
) -> None:
    server.house.verdicts["c"] = "later"
    told = await server.post("/twilio/resume?call=c&team=parrot")
    assert (told.said, told.pause_s) == ("One moment, please.", 1)
    assert told.redirect_url == f"{PUBLIC}/twilio/resume?call=c&team=parrot&try=1"
    assert (await server.post("/twilio/resume?call=c&team=parrot&try=1")).said == ""
    assert (await server.post(f"/twilio/resume?call=c&team=parrot&try={MOST_TRIES}")).hangs_up
    assert (await server.post("/twilio/resume?call=c&team=parrot&try=x")).hangs_up


async def test_while_the_database_is_away_the_caller_is_kept(server: Server) -> None:
    server.house.store.away = True
    assert (await server.post("/twilio/resume?call=c")).redirect_url is not None


async def test_a_call_that_left_no_record_begins_anew(server: Server) -> None:
    told = await server.post("/twilio/resume?call=c&team=parrot")
    assert told.redirect_url == f"{PUBLIC}/twilio/voice/parrot?again=1"
    anew = await server.post("/twilio/voice/parrot?again=1")
    assert anew.redirect_url is not None
    assert "lost the connection" in (await server.post(anew.redirect_url.removeprefix(PUBLIC))).said
    assert "lost the connection" in (await server.post("/twilio/resume?call=c")).said


async def test_a_call_that_had_ended_is_hung_up(server: Server) -> None:
    ended = CallEnded(call_id="c", seq=0, t_ms=5, reason="agent_hung_up", duration_ms=5)
    await server.house.store.append([ended])
    told = await server.post("/twilio/resume?call=c&team=parrot")
    assert (told.hangs_up, told.said) == (True, "")


async def test_a_call_for_which_there_is_no_seat_is_given_back_and_called_back(server: Server) -> None:
    server.house.room = False
    server.house.verdicts["c"] = resumption()
    assert "lost the connection" in (await server.post("/twilio/resume?call=c&team=parrot")).said
    assert server.house.given_back == ["c"]
    assert [one.caller for one in await server.house.callbacks.waiting()] == ["+12025550143"]


async def test_a_call_whose_new_stream_never_comes_is_given_back(server: Server) -> None:
    server.house.verdicts["c"] = resumption()
    await server.post("/twilio/resume?call=c&team=parrot")
    await server.clock.advance(LIFETIME_MS + 1)
    assert server.house.given_back == ["c"]
    assert server.desk.seats.taken == 0


async def test_a_stream_that_comes_as_its_call_is_given_back_does_not_begin_it(server: Server) -> None:
    server.house.verdicts["c"] = resumption()
    token = (await server.post("/twilio/resume?call=c&team=parrot")).parameters["token"]
    await server.clock.advance(LIFETIME_MS)
    assert server.house.given_back == ["c"]
    ticket = server.desk.tokens.redeem(token, call_id="c", team="parrot", carrier_call="CA1")
    assert not server.desk.claim(ticket)
    assert server.desk.seats.taken == 0


async def test_a_call_whose_stream_has_just_come_is_not_given_back(server: Server) -> None:
    server.house.verdicts["c"] = resumption()
    token = (await server.post("/twilio/resume?call=c&team=parrot")).parameters["token"]
    await server.clock.advance(LIFETIME_MS - 1)
    assert server.desk.claim(server.desk.tokens.redeem(token, call_id="c", team="parrot", carrier_call="CA1"))
    await server.clock.advance(1)
    assert server.house.given_back == []


async def test_a_draining_process_sends_the_call_to_another_and_without_another_keeps_it(server: Server) -> None:
    server.desk.draining = True
    server.house.verdicts["c"] = resumption()
    server.house.others_live = True
    assert (await server.post("/twilio/resume?call=c&team=parrot")).stream_url is None
    server.house.others_live = False
    assert (await server.post("/twilio/resume?call=c&team=parrot")).stream_url is not None


async def test_a_stream_that_breaks_is_followed_by_another_of_the_same_call() -> None:
    house = DummyHouse()
    async with served(house) as url, FaultyCaller(url, "parrot") as phone:
        call_id = phone.instructions.parameters["call_id"]
        house.verdicts[call_id] = resumption(call_id)
        await phone.begin()
        await asyncio.wait_for(house.begun.wait(), 5)
        await phone.break_off()
        after = await phone.exchange.post(phone.instructions.redirect_url or "", {})
        async with FaultyCaller(url, "parrot", instructions=after) as again:
            again.protocol.call_sid = phone.protocol.call_sid
            await again.begin()
            await again.send_sound(3)
            await again.send(again.protocol.stop())
            await again.close_code()
    assert house.resumed == [call_id]


async def test_the_telephone_follows_to_a_living_server_when_the_first_is_gone() -> None:
    house, heir = DummyHouse(), DummyHouse()
    async with served(heir) as second:
        async with served(house) as first:
            phone = PhoneCaller(first, "parrot", other_urls=[second])
            await phone.dial()
            await asyncio.wait_for(house.begun.wait(), 5)
            heir.verdicts[phone.call_id] = resumption(phone.call_id)
        await asyncio.wait_for(heir.begun.wait(), 10)
        await phone.hang_up()
        await phone.put_away()
    assert heir.resumed == [phone.call_id]
    assert len(phone.streams) == 2
