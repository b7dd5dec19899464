"""Running a server in this process."""

import asyncio

import httpx
import pytest

from huntgroup.domain.errors import SettingsError
from huntgroup.server.addresses import Address
from huntgroup.server.app import create_app
from huntgroup.server.serve import running, serve
from huntgroup.testing.phone_caller import PhoneCaller
from tests.server.dummy_house import DummyHouse


async def test_port_zero_is_any_free_port_and_two_servers_live_side_by_side() -> None:
    async with running(create_app(DummyHouse())) as one, running(create_app(DummyHouse())) as two:  # type: ignore[arg-type]
        assert one.port != two.port != 0
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(f"{one.url}/healthz")).status_code == 200


async def test_a_port_in_use_is_named() -> None:
    async with running(create_app(DummyHouse())) as address:  # type: ignore[arg-type]
        with pytest.raises(SettingsError, match=f"HUNTGROUP_PORT={address.port} .* is in use"):
            async with running(create_app(DummyHouse()), port=address.port):  # type: ignore[arg-type]
                pass


async def test_stopping_the_server_ends_the_calls_in_it() -> None:
    house = DummyHouse()
    async with running(create_app(house)) as address:  # type: ignore[arg-type]
        phone = PhoneCaller(address.url, "parrot")
        await phone.dial()
        await asyncio.wait_for(house.begun.wait(), 5)
    await asyncio.wait_for(house.over.wait(), 5)
    await phone.hang_up()


async def test_serve_tells_when_it_is_ready() -> None:
    ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(create_app(DummyHouse()), "127.0.0.1", 0, ready))  # type: ignore[arg-type]
    address = await asyncio.wait_for(ready, 5)
    assert address.port > 0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_an_address_for_clients_on_this_machine() -> None:
    assert Address("0.0.0.0", 80).url == "http://127.0.0.1:80"
    assert Address("::1", 80).url == Address("::", 80).url == "http://[::1]:80"
