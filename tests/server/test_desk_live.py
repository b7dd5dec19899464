"""Live calls at the desk: watched, whispered into, handed over, decided."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from huntgroup.domain import facts as f
from huntgroup.storage.base import Database
from tests.server.desk_house import LIVE, DeskHouse, log_in
from tests.server.dummy_house import served

CALL = f"/desk/api/calls/{LIVE}"


@pytest.fixture
def house(db: Database, tmp_path: Path) -> DeskHouse:
    house = DeskHouse(db, tmp_path)
    house.begin()
    return house


@pytest.fixture
async def client(house: DeskHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await log_in(house, client)
        yield client
        if house.live:
            house.end()


async def test_a_watcher_gets_what_was_and_what_comes_to_the_end(house: DeskHouse, client: httpx.AsyncClient) -> None:
    house.add(f.CallerSpoke, turn=1, item_id="a", text="Hello", start_ms=0, end_ms=400)
    messages: list[dict[str, Any]] = []
    async with client.stream("GET", f"{CALL}/watch") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                messages.append(json.loads(line[6:]))
                if messages[-1]["type"] == "caption":
                    house.add(f.HandoffHeard, from_agent="front_desk", to_agent="nurse", gap_ms=90)
                    house.end()
    assert [message["type"] for message in messages] == ["hello", "fact", "fact", "caption", "fact", "fact", "ended"]
    assert [agent["name"] for agent in messages[0]["agents"]] == ["desk", "expert"]
    assert messages[3]["text"] == "Hello"
    assert len(house.followers) == 0


async def test_a_watcher_who_leaves_is_forgotten(house: DeskHouse, client: httpx.AsyncClient) -> None:
    async with client.stream("GET", f"{CALL}/watch") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                break
    async with asyncio.timeout(10):
        while len(house.followers):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_call_that_is_not_here_is_not_watched(client: httpx.AsyncClient) -> None:
    assert (await client.get("/desk/api/calls/other/watch")).status_code == 404
    assert (await client.post("/desk/api/calls/other/whisper", json={"text": "x"})).status_code == 404
    assert (await client.post("/desk/api/calls/other/transfer", json={"agent": "x"})).status_code == 404


async def test_a_whisper_is_in_the_name_of_who_is_logged_in(house: DeskHouse, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{CALL}/whisper", json={"text": "Offer Monday."})).status_code == 204
    assert house.told == [("whisper", "Offer Monday.", "Ada")]
    assert (await client.post(f"{CALL}/whisper", json={"text": "x", "by": "Eve"})).status_code == 422
    assert (await client.post(f"{CALL}/whisper", json={"text": "x" * 1001})).status_code == 422
    house.listening = False
    assert (await client.post(f"{CALL}/whisper", json={"text": "x"})).status_code == 409
    deeds = await house.desk.door.deeds(LIVE)
    assert {(deed["by"], deed["what"]) for deed in deeds} == {("Ada", "whispered")}


@pytest.mark.parametrize(("agent", "status"), [("nurse", 200), ("nobody", 422), ("front_desk", 409)])
async def test_a_supervisor_hands_a_call_over(
    house: DeskHouse, client: httpx.AsyncClient, agent: str, status: int
) -> None:
    assert (await client.post(f"{CALL}/transfer", json={"agent": agent})).status_code == status


async def test_a_verdict_is_given_in_the_name_of_who_is_logged_in(house: DeskHouse, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{CALL}/approvals/fc_1", json={"approved": True})).status_code == 200
    assert house.told == [("decide", "fc_1", "True", "Ada")]
    assert (await client.post(f"{CALL}/approvals/fc_2", json={"approved": True})).status_code == 404


async def test_live_calls_are_listed(house: DeskHouse, client: httpx.AsyncClient) -> None:
    assert [call["call_id"] for call in (await client.get("/desk/api/live")).json()["calls"]] == [LIVE]
    house.end()
    assert (await client.get("/desk/api/live")).json()["calls"] == []
