"""How a page announces a call whose sound is at the vendor, and what it is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import ModelUnavailable, SettingsError
from huntgroup.house.vendor import VendorAudio, VendorPass
from huntgroup.lines.vendor import VendorLine
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.vendor_calls import VendorCalls
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from huntgroup.wire.realtime import SessionConfig
from tests.engine.doubles import Bench
from tests.engine.served import served as engine_served
from tests.server.dummy_house import DummyHouse, served

VENDOR_CALL = "rtc_u1"


class Vendor:
    """`VendorSound` that is there, or `away`."""

    origin = None

    def __init__(self) -> None:
        self.away = False
        self.joined: list[str] = []

    async def announce(self, team: str, call_id: str, own: str) -> VendorPass:
        if self.away:
            raise ModelUnavailable("unreachable")
        return VendorPass("https://api.example.com/v1/realtime/calls", "ek_1", 1_800_000_000)

    def line(self, vendor_call: str, own: str) -> VendorLine:
        self.joined.append(vendor_call)

        async def leave() -> None: ...

        return VendorLine(SystemClock(), leave)


@pytest.fixture
def house() -> DummyHouse:
    made = DummyHouse(max_calls=1)
    made.vendor = Vendor()  # type: ignore[assignment]
    return made


@pytest.fixture
async def http(house: DummyHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def announce(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post("/web/calls", json={"team": "parrot", "audio": "vendor"})


async def join(http: httpx.AsyncClient, token: str, vendor_call: str = VENDOR_CALL) -> httpx.Response:
    return await http.post("/web/calls/vendor", json={"token": token, "vendor_call": vendor_call})


def code(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_page_is_told_where_and_with_what_to_call_and_says_which_call_it_is(
    http: httpx.AsyncClient, house: DummyHouse
) -> None:
    told = (await announce(http)).json()
    assert told["vendor"] == {
        "url": "https://api.example.com/v1/realtime/calls",
        "secret": "ek_1",
        "expires_at": 1_800_000_000,
    }
    assert (await join(http, told["token"])).json() == {"call_id": told["call_id"]}
    await asyncio.wait_for(house.begun.wait(), 5)
    assert house.vendor.joined == [VENDOR_CALL]  # type: ignore[attr-defined]
    assert code(await join(http, told["token"])) == (409, "other_kind")


async def test_a_vendor_that_is_away_costs_no_seat(http: httpx.AsyncClient, house: DummyHouse) -> None:
    house.vendor.away = True  # type: ignore[attr-defined]
    assert code(await announce(http)) == (502, "vendor_away")
    house.vendor.away = False  # type: ignore[attr-defined]
    assert (await announce(http)).status_code == 201


@pytest.mark.parametrize("host", ["127.0.0.2", "::1", "0.0.0.0"])
async def test_the_engine_is_reached_wherever_this_server_listens(host: str) -> None:
    house = DummyHouse()
    house.engine = Bench(clock=SystemClock()).engine  # type: ignore[assignment]
    house.vendor = VendorAudio(None, house.teams, SystemClock(), 1_000, {})  # type: ignore[assignment]
    try:
        async with (
            running(create_app(house), host) as address,  # type: ignore[arg-type]
            httpx.AsyncClient(base_url=address.url, trust_env=False) as http,
        ):
            answer = await announce(http)
            ended = await http.post("/v1/realtime/calls/rtc_1/hangup")
    except SettingsError:
        pytest.skip("this machine has no such address")
    assert (answer.status_code, ended.status_code) == (201, 404)
    assert answer.json()["vendor"]["secret"].startswith("ek_")


async def test_where_it_is_not_allowed_nobody_gets_a_secret(http: httpx.AsyncClient, house: DummyHouse) -> None:
    house.vendor = None
    assert code(await announce(http)) == (409, "no_vendor_audio")


@pytest.mark.parametrize("vendor_call", ["", "rtc_", "rtc_1\n", "sess_1", "rtc_1/hangup", "rtc_1?model=x"])
async def test_what_is_no_call_of_a_vendor_is_not_joined(http: httpx.AsyncClient, vendor_call: str) -> None:
    token = (await announce(http)).json()["token"]
    assert code(await join(http, token, vendor_call)) == (400, "bad_request")


async def test_only_its_own_token_joins_a_call(http: httpx.AsyncClient) -> None:
    assert code(await join(http, "somebody's")) == (403, "token_unknown")


async def test_a_secret_is_made_at_the_server_and_hanging_up_twice_is_no_trouble() -> None:
    async with engine_served(Bench(clock=SystemClock()).engine) as address:
        calls = VendorCalls(Endpoint(f"ws://{address}/v1/realtime", api_key="sk-own"))
        assert calls.calls_url == f"http://{address}/v1/realtime/calls"
        secret = await calls.mint(SessionConfig(instructions="Be brief."))
        assert secret.value.startswith("ek_")
        assert secret.value not in repr(secret)
        await calls.hang_up("rtc_gone")
        with pytest.raises(ModelUnavailable, match="bad_request"):
            await calls.mint(SessionConfig(output_modalities=["smell"]))
