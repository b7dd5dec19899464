"""Rubbish where an id should be is answered as what nobody has, before any store is asked."""

from typing import Any

import httpx
import pytest

from huntgroup.domain.facts import Fact
from huntgroup.testing.memory_store import MemoryCallStore
from tests.server.dummy_house import DummyHouse, served


class TouchyStore(MemoryCallStore):
    """Breaks at what PostgreSQL breaks at."""

    async def facts(self, call_id: str) -> list[Fact]:
        if "\0" in call_id or len(call_id) > 64:
            raise ValueError("this is no id")
        return await super().facts(call_id)

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[Any]:
        if team is not None and "\0" in team:
            raise ValueError("this is no name")
        return await super().calls(limit=limit, team=team)


@pytest.mark.parametrize("rubbish", ["%00", "call_%00", "x" * 65, "..%5c", "caf%C3%A9", "%FF", "a%20b"])
async def test_rubbish_in_an_address_has_no_call(rubbish: str) -> None:
    house = DummyHouse()
    house.store = TouchyStore()
    async with served(house) as url, httpx.AsyncClient(trust_env=False, base_url=url) as http:
        assert (await http.get(f"/api/calls/{rubbish}")).status_code == 404
        assert (await http.get(f"/api/calls/{rubbish}/approvals")).status_code == 404
        assert (await http.post(f"/api/callbacks/{rubbish}/done")).status_code == 404
        resumed = await http.post(f"/twilio/resume?call={rubbish}&team=parrot")
        assert (resumed.status_code, "lost the connection" in resumed.text) == (200, True)


async def test_rubbish_as_the_name_of_a_team_is_a_bad_request() -> None:
    house = DummyHouse()
    house.store = TouchyStore()
    async with served(house) as url, httpx.AsyncClient(trust_env=False, base_url=url) as http:
        assert (await http.get("/api/calls?team=%00")).status_code == 422
        assert (await http.get("/api/calls?team=front%20desk")).status_code == 200
