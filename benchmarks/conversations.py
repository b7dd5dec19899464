"""Holds whole conversations, the scenarios of the verticals in turn, on one server in this process."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from huntgroup.bootstrap import open_house
from huntgroup.cli.stage import fresh_data, on_this_day, serving, stage_of
from huntgroup.domain.facts import HandoffHeard
from huntgroup.settings import load_settings
from huntgroup.testing.scenario import Scenario, load_scenario
from huntgroup.testing.scenario_runner import Played, Stage, play
from huntgroup.verticals import discover


@dataclass(frozen=True)
class Conversations:
    """What was held, and how many at the same time."""

    played: list[Played]
    at_once: int

    def waits_ms(self) -> list[int]:
        return [wait for played in self.played for wait in played.waits_ms()]

    def gaps_ms(self) -> list[int]:
        return [fact.gap_ms for played in self.played for fact in played.facts if isinstance(fact, HandoffHeard)]


async def held(
    folder: Path, *, count: int, at_once: int, hurry: bool, voices: Sequence[str], tell: Callable[[str], None]
) -> Conversations:
    """Hold `count` conversations on the offline engine, on fresh data; `voices` in turn, or the scenarios' own."""
    settings = load_settings(model="offline", data_dir=folder / "data", port=0)
    async with (
        open_house(settings, progress=lambda line: tell(f"… {line}"), with_voice=True) as house,
        serving(house, 0) as (address, _),
    ):
        stage = stage_of(house, address.url, hurry=hurry)
        chosen = [on_this_day(house, scenario) for scenario in islice(cycle(talking_scenarios()), count)]
        voiced = [
            scenario.model_copy(update={"voice": voice or scenario.voice})
            for scenario, voice in zip(chosen, cycle(voices or [None]), strict=False)
        ]
        played: list[Played] = []
        for first in range(0, count, at_once):
            for team in house.teams:
                await fresh_data(house, team)
            batch = voiced[first : first + at_once]
            played += await asyncio.gather(*(_hold(scenario, stage, tell) for scenario in batch))
    return Conversations(played, at_once)


def talking_scenarios() -> list[Scenario]:
    """Every scenario of every vertical in which the caller says something."""
    paths = [path for vertical in discover() for path in sorted((vertical.folder / "scenarios").glob("*.yaml"))]
    return [scenario for scenario in map(load_scenario, paths) if scenario.lines()]


async def _hold(scenario: Scenario, stage: Stage, tell: Callable[[str], None]) -> Played:
    played = await play(scenario, stage)
    verdict = "as expected" if not played.problems else f"{len(played.problems)} unlike expected"
    tell(f"{scenario.name} in {scenario.voice}: {played.call_ms / 1000:.0f} s of call, {verdict}")
    return played
