"""Whole calls to the healthcare line: a voice, the real webhook and media socket, the offline engine, PostgreSQL."""

import dataclasses
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from huntgroup.bootstrap import open_house
from huntgroup.cli.stage import fresh_data, on_this_day, serving, stage_of
from huntgroup.house import House
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.settings import Settings
from huntgroup.testing.scenario import load_scenario
from huntgroup.testing.scenario_runner import Played, Stage, play
from huntgroup.testing.shifted_clock import ShiftedClock
from huntgroup.verticals import discover
from tests.conftest import open_folder

HEALTHCARE = next(vertical for vertical in discover() if vertical.name == "healthcare")
SCENARIOS = [load_scenario(path) for path in sorted((HEALTHCARE.folder / "scenarios").glob("*.yaml"))]
PRESENT = next((scenario.now for scenario in SCENARIOS if scenario.now is not None), datetime.now(UTC))

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(folder: Path) -> AsyncIterator[House]:
    settings = Settings(model="offline", data_dir=folder, silence_seconds=2.0, port=0)
    async with open_house(settings, clock=ShiftedClock(PRESENT), with_voice=True) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(house: House) -> AsyncIterator[Stage]:
    async with serving(house, 0) as (address, _):
        yield stage_of(house, address.url, hurry=True)


async def as_expected(name: str, house: House, stage: Stage) -> Played:
    """Play a scenario on fresh data. Sound and ear differ a little from run to run: what fails twice is broken."""
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == name)
    for _ in range(2):
        await fresh_data(house, scenario.team)
        played = await play(on_this_day(house, scenario), stage)
        if not played.problems:
            break
    assert played.problems == []
    return played


@pytest.mark.parametrize("name", [scenario.name for scenario in SCENARIOS])
async def test_the_call_goes_as_the_scenario_says(name: str, house: House, stage: Stage) -> None:
    played = await as_expected(name, house, stage)
    assert [fact.seq for fact in played.facts] == list(range(len(played.facts)))
    assert await house.store.analytics(played.call_id) is not None


async def test_the_phone_s_own_sound_passes_through_untouched(house: House) -> None:
    settings = house.settings.model_copy(update={"phone_audio": "passthrough"})
    passing = dataclasses.replace(house, settings=settings)
    async with serving(passing, 0) as (address, _):
        await as_expected("medication_question", passing, stage_of(passing, address.url, hurry=True))


async def test_the_same_call_over_the_network_s_protocol(house: House, stage: Stage) -> None:
    url = stage.base_url.replace("http://", "ws://") + "/v1/realtime"
    remote = OpenAIRealtimeModel(Endpoint(url=url, model="huntgroup-offline", api_key="any"))
    calling = dataclasses.replace(house, model=remote)
    async with serving(calling, 0) as (address, _):
        played = await as_expected("medication_question", calling, stage_of(calling, address.url, hurry=True))
    assert played.facts[0].model == "openai/huntgroup-offline"
