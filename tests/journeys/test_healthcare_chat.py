"""A whole booking in writing: the page's own way in, the chat's socket, the offline engine, PostgreSQL."""

import asyncio
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from huntgroup.bootstrap import open_house
from huntgroup.cli.stage import fresh_data, on_this_day, serving, settled_facts, stage_of
from huntgroup.domain import facts
from huntgroup.settings import Settings
from huntgroup.testing.scenario import load_scenario
from huntgroup.testing.shifted_clock import ShiftedClock
from huntgroup.verticals import discover
from huntgroup.wire import live

HEALTHCARE = next(vertical for vertical in discover() if vertical.name == "healthcare")
QUIET_S = 1.5
LIMIT_S = 60.0

pytestmark = pytest.mark.timeout(180)


async def _read_until_quiet(socket: ClientConnection) -> list[live.FromServer]:
    """Messages up to a moment in which nothing more was said, at least one agent's caption among them."""
    got: list[live.FromServer] = []
    async with asyncio.timeout(LIMIT_S):
        while True:
            spoken = any(isinstance(m, live.Caption) and m.speaker == "agent" and m.final for m in got)
            try:
                got.append(live.decode_server(await asyncio.wait_for(socket.recv(), QUIET_S if spoken else LIMIT_S)))
            except TimeoutError:
                return got
            if isinstance(got[-1], live.Ended):
                return got


async def test_a_new_patient_registers_and_books_in_writing(server_folder: Path) -> None:
    scenario = load_scenario(HEALTHCARE.folder / "scenarios" / "new_patient_books.yaml")
    assert scenario.now is not None
    settings = Settings(model="offline", data_dir=server_folder, silence_seconds=2.0, port=0)
    async with open_house(settings, clock=ShiftedClock(scenario.now)) as house, serving(house, 0) as (address, _):
        await fresh_data(house, "healthcare")
        played = on_this_day(house, scenario)
        async with httpx.AsyncClient(base_url=address.url) as http:
            told = (await http.post("/web/calls", json={"team": "healthcare"})).json()
        url = f"ws{address.url.removeprefix('http')}/chat/healthcare?token={told['token']}"
        async with connect(url) as socket:
            got = await _read_until_quiet(socket)
            for step in played.steps:
                if isinstance(got[-1], live.Ended):
                    break
                await socket.send(live.encode(live.Say(text=str(step.say))).decode())
                got += await _read_until_quiet(socket)
        record = await settled_facts(house, told["call_id"])
        stage = stage_of(house, address.url, hurry=True)
        rows = [(row.sql, await stage.query(row.sql), row.equals) for row in played.expect.rows]
    said = [f"{m.speaker}: {m.text}" for m in got if isinstance(m, live.Caption) and m.final]
    assert all(found == wanted for _, found, wanted in rows), "\n".join([*said, *map(str, rows)])
    assert [fact.tool for fact in record if isinstance(fact, facts.ToolCalled)][:1] == ["create_new_patient"]
    assert {fact.how for fact in record if isinstance(fact, facts.CallerSpoke)} == {"typed"}
    started = record[0]
    assert isinstance(started, facts.CallStarted)
    assert started.line == "chat"
    assert not [fact for fact in record if isinstance(fact, facts.ModelError | facts.BadInput)]
    assert all(f.heard_text == f.text for f in record if isinstance(f, facts.AgentSpoke) and not f.interrupted)
