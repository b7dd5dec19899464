"""Calls from public pages are counted before they are accepted, and each has a token of its own."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from huntgroup.server.changingline import line_for
from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.server.webcalls import Visit, WebRefused
from huntgroup.testing.loopback_line import LoopbackLine
from tests.server.dummy_house import DummyHouse
from tests.server.test_resume import Server

PARROT = {"team": "parrot"}


class ServedLoopback(LoopbackLine):
    was_lost = False


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server(DummyHouse(max_calls=3, web_calls_per_address=2, web_ice_servers="stun:stun.example.com"))
    async with made.http:
        yield made


async def ask(server: Server, forwarded: str = "", **body: object) -> httpx.Response:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return await server.http.post("/web/calls", json=body or PARROT, headers=headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def opened(server: Server) -> tuple[Visit, ServedLoopback]:
    visit = server.desk.web.find((await ask(server)).json()["token"])
    line = ServedLoopback(server.clock)
    server.desk.web.begin(visit, line)
    await asyncio.wait_for(server.house.begun.wait(), 1)
    return visit, line


async def test_a_page_gets_a_call_a_token_and_the_ice_servers(server: Server) -> None:
    answer = await ask(server)
    told = answer.json()
    assert answer.status_code == 201
    assert told["ice_servers"] == [{"urls": ["stun:stun.example.com"]}]
    assert server.desk.web.find(told["token"], "parrot").call_id == told["call_id"]
    assert answer.headers["cache-control"] == "no-store"


async def test_one_address_holds_so_many_calls_and_no_more(server: Server) -> None:
    answers = [await ask(server) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "retry-after" in answers[2].headers


async def test_a_caller_does_not_choose_the_address(server: Server) -> None:
    assert [(await ask(server, f"10.0.0.{n}")).status_code for n in range(3)] == [201, 201, 429]


async def test_behind_our_proxy_the_address_is_what_the_proxy_saw() -> None:
    server = Server(DummyHouse(max_calls=3, web_calls_per_address=1, web_trusted_proxies=1))
    async with server.http:
        answers = [await ask(server, f"1.1.1.{n}, {seen}") for n, seen in enumerate(("9.9.9.1", "9.9.9.1", "9.9.9.2"))]
    assert [answer.status_code for answer in answers] == [201, 429, 201]


async def test_the_seats_of_the_house_are_shared_with_the_phone(server: Server) -> None:
    for _ in range(2):
        await server.post("/twilio/voice/parrot")
    assert (await ask(server)).status_code == 201
    assert code(await ask(server)) == (503, "no_seat")


async def test_while_draining_nobody_new_is_let_in(server: Server) -> None:
    server.desk.draining = True
    assert code(await ask(server)) == (503, "draining")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"team": "nobody"}, (404, "team_unknown")),
        ({"team": 7}, (400, "bad_request")),
        ({"team": "x" * 2_000}, (413, "too_large")),
    ],
)
async def test_what_cannot_be_taken_is_said_so(
    server: Server, body: dict[str, object], refused: tuple[int, str]
) -> None:
    assert code(await ask(server, **body)) == refused
    assert server.desk.seats.taken == 0


async def test_a_call_that_nobody_opens_is_forgotten_with_its_seat(server: Server) -> None:
    token = (await ask(server)).json()["token"]
    await server.clock.advance(LIFETIME_MS)
    with pytest.raises(WebRefused, match="token_unknown"):
        await line_for(server.desk, server.desk.web.find(token), object)
    assert (len(server.desk.web), server.desk.seats.taken) == (0, 0)


async def test_a_token_opens_its_call_once_and_then_finds_its_line(server: Server) -> None:
    visit, line = await opened(server)
    with pytest.raises(WebRefused, match="begun_already"):
        server.desk.web.begin(visit, ServedLoopback(server.clock))
    await server.clock.advance(LIFETIME_MS)
    assert server.desk.web.find(visit.token).line is line
    with pytest.raises(WebRefused, match="token_unknown"):
        server.desk.web.find(visit.token, "<odd&name>")


async def test_a_call_that_is_over_leaves_nothing(server: Server) -> None:
    visit, line = await opened(server)
    line.caller_hangs_up()
    await asyncio.wait_for(visit.over.wait(), 1)
    assert (len(server.desk.web), server.desk.seats.taken) == (0, 0)
    assert await server.desk.settled(visit.call_id) == "settled"


async def test_a_call_from_the_web_has_its_own_longest_time(server: Server) -> None:
    await opened(server)
    assert server.house.longest_ms == 600_000
