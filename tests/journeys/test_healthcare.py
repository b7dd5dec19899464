"""Whole calls to the healthcare line: a voice, the real webhook and media socket, the offline engine, PostgreSQL."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from huntgroup.bootstrap import House, open_house
from huntgroup.cli.stage import fresh_data, on_this_day, serving, stage_of
from huntgroup.settings import Settings
from huntgroup.testing.scenario import Scenario, load_scenario
from huntgroup.testing.scenario_runner import Stage, play
from huntgroup.testing.shifted_clock import ShiftedClock
from huntgroup.verticals import discover

HEALTHCARE = next(vertical for vertical in discover() if vertical.name == "healthcare")
SCENARIOS = [load_scenario(path) for path in sorted((HEALTHCARE.folder / "scenarios").glob("*.yaml"))]
PRESENT = next((scenario.now for scenario in SCENARIOS if scenario.now is not None), datetime.now(UTC))

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="huntgroup-journeys-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # root runs PostgreSQL as nobody, who must pass through
        yield Path(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(folder: Path) -> AsyncIterator[House]:
    settings = Settings(model="offline", data_dir=folder, silence_seconds=2.0, port=0)
    async with open_house(settings, clock=ShiftedClock(PRESENT), with_voice=True) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(house: House) -> AsyncIterator[Stage]:
    async with serving(house, 0) as (address, _):
        yield stage_of(house, address.url, hurry=True)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_the_call_goes_as_the_scenario_says(scenario: Scenario, house: House, stage: Stage) -> None:
    await fresh_data(house, scenario.team)
    played = await play(on_this_day(house, scenario), stage)
    assert played.problems == []


async def test_the_record_is_complete_and_analysed(house: House, stage: Stage) -> None:
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == "demo")
    await fresh_data(house, scenario.team)
    played = await play(on_this_day(house, scenario), stage)
    assert [fact.seq for fact in played.facts] == list(range(len(played.facts)))
    assert await house.store.analytics(played.call_id) is not None
