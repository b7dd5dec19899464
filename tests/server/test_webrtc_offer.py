"""A browser calls, is heard, presses keys, and comes back to the same call."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from huntgroup.calls.ports import LineBadInput, LineDtmf, LineReturned
from huntgroup.server.iceservers import turn_login
from huntgroup.wire import live
from tests.rtc.browser import Browser, pitch, tone
from tests.server.dummy_house import DummyHouse, served

LIMIT_S = 60
GREETING_HZ, ANSWER_HZ = range(435, 446), range(595, 606)


class Caller:
    """Calls the parrot by its public doors."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.token = ""
        self.browsers: list[Browser] = []

    async def ring(self) -> None:
        self.token = (await self.http.post("/web/calls", json={"team": "parrot"})).json()["token"]

    async def offer(self, sdp: str) -> httpx.Response:
        return await self.http.post("/webrtc/offer", json={"token": self.token, "sdp": sdp, "type": "offer"})

    async def connect(self) -> Browser:
        browser = Browser()
        self.browsers.append(browser)
        answer = await self.offer(await browser.offer())
        await browser.accept(answer.json()["sdp"])
        return browser


@pytest.fixture
def house() -> DummyHouse:
    return DummyHouse(max_calls=2)


@pytest.fixture
async def caller(house: DummyHouse) -> AsyncIterator[Caller]:
    async with served(house) as url, httpx.AsyncClient(base_url=url) as http:
        made = Caller(http)
        yield made
        for browser in made.browsers:
            await browser.close()


async def until(condition) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(LIMIT_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_caller_hears_the_house_and_is_heard(caller: Caller) -> None:
    await caller.ring()
    browser = await caller.connect()
    await until(lambda: pitch(bytes(browser.heard[-14_400:])) in GREETING_HZ)
    browser.microphone.speech += tone(600, 1_000)
    await until(lambda: pitch(bytes(browser.heard[-14_400:])) in ANSWER_HZ)


async def test_who_loses_the_connection_comes_back_to_the_same_call(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    first = await caller.connect()
    await until(lambda: first.heard)
    await first.close()
    second = await caller.connect()
    await until(lambda: any(isinstance(event, LineReturned) for event in house.events))
    second.microphone.speech += tone(600, 1_000)
    await until(lambda: pitch(bytes(second.heard[-14_400:])) in ANSWER_HZ)
    assert len(house.calls) == 1


async def test_a_page_that_is_loaded_anew_takes_the_place_of_the_one_before(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    first = await caller.connect()
    await until(lambda: first.heard)
    second = await caller.connect()
    second.microphone.speech += tone(600, 1_000)
    await until(lambda: pitch(bytes(second.heard[-14_400:])) in ANSWER_HZ)
    assert len(house.calls) == 1


async def test_a_network_that_changes_is_no_other_connection(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    browser = await caller.connect()
    await until(lambda: browser.heard)

    async def ask(sdp: str) -> str:
        return str((await caller.offer(sdp)).json()["sdp"])

    await browser.restart_ice(ask)
    browser.cut_off()
    browser.microphone.speech += tone(600, 1_000)
    await until(lambda: pitch(bytes(browser.heard[-14_400:])) in ANSWER_HZ)
    assert not any(isinstance(event, LineReturned) for event in house.events)


async def test_a_connection_that_another_has_replaced_does_not_take_the_call_back(caller: Caller) -> None:
    await caller.ring()
    first = await caller.connect()
    second = await caller.connect()
    answer = await caller.offer(first.sent_offer)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "connection_gone")
    second.microphone.speech += tone(600, 1_000)
    await until(lambda: pitch(bytes(second.heard[-14_400:])) in ANSWER_HZ)


async def test_who_comes_back_gets_the_servers_with_a_login_of_now() -> None:
    house = DummyHouse(max_calls=2, web_ice_servers="stun:a.example turn:b.example", web_turn_secret="shared")
    async with served(house) as url, httpx.AsyncClient(base_url=url) as http:
        told = (await http.post("/web/calls", json={"team": "parrot"})).json()
        again = (await http.post("/web/servers", json={"token": told["token"]})).json()["ice_servers"]
        for servers in (told["ice_servers"], again):
            assert servers[0] == {"urls": ["stun:a.example"]}
            ends_s, _, call_id = servers[1]["username"].partition(":")
            assert (call_id, servers[1] | turn_login("shared", servers[1]["username"])) == (told["call_id"], servers[1])
            assert time.time() + 600 < int(ends_s) < time.time() + 1_800
        assert (await http.post("/web/servers", json={"token": "guess"})).status_code == 403


async def test_a_caller_who_does_not_come_back_has_lost_the_line() -> None:
    house = DummyHouse(max_calls=2, web_return_seconds=0.2)
    async with served(house) as url, httpx.AsyncClient(base_url=url) as http:
        caller = Caller(http)
        await caller.ring()
        browser = await caller.connect()
        await until(lambda: browser.heard)
        await browser.close()
        await asyncio.wait_for(house.over.wait(), LIMIT_S)
        assert house.ended.lost
        assert (await caller.offer("v=0")).status_code == 403


async def test_keys_arrive_from_the_keypad(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    browser = await caller.connect()
    await until(lambda: browser.heard)
    await browser.press(7)
    await until(lambda: LineDtmf("7") in house.events)


async def test_the_channel_says_hello_and_tells_what_cannot_be_taken(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    browser = await caller.connect()
    await until(lambda: browser.messages)
    hello = live.decode_server(browser.messages[0])
    assert isinstance(hello, live.Hello)
    assert (hello.team, hello.agent, hello.token) == ("parrot", "polly", caller.token)
    for nonsense in ("{", '{"type":"shout"}'):
        browser.channel.send(nonsense)
    await until(lambda: len(browser.messages) == 3)
    assert [json.loads(told)["code"] for told in browser.messages[1:]] == ["malformed_json", "unknown_type"]
    assert LineBadInput("malformed_json", "") in house.events


async def test_an_offer_that_cannot_be_answered_uses_nothing_up(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    for sdp in ("", "v=0\r\nm=audio 9 RTP/AVP 0\r\n"):
        answer = await caller.offer(sdp)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_offer")
    browser = await caller.connect()
    await until(lambda: browser.heard)


async def test_without_a_token_nobody_is_answered(caller: Caller) -> None:
    caller.token = "guess"
    assert (await caller.offer(await Browser().offer())).status_code == 403
    assert (await caller.http.post("/webrtc/offer", content=b"{")).status_code == 400
    assert (await caller.http.post("/webrtc/offer", content=b" " * 70_000)).status_code == 413
