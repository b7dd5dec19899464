"""The calls as data: every file is well-formed, and its days fall on days when the clinic works."""

from datetime import timedelta
from pathlib import Path

import pytest

from huntgroup.storage.base import Database
from huntgroup.testing.scenario import Scenario, load_scenario
from huntgroup.verticals import healthcare
from huntgroup.verticals.healthcare.arrange import closed_days, free, localize, race
from huntgroup.verticals.healthcare.team import TEAM

from .conftest import NOW, value

FILES = sorted((Path(healthcare.__file__).parent / "scenarios").glob("*.yaml"))


def scenario_at(path: Path) -> Scenario:
    scenario = load_scenario(path)
    now = localize(scenario.now or NOW)
    return scenario.at(now, closed_days(now))


def test_the_issues_ten_calls_and_the_demo_are_there() -> None:
    assert len(FILES) == 11


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_names_only_what_the_team_has(path: Path) -> None:
    scenario = scenario_at(path)
    tools = {tool.name for agent in TEAM.agents for tool in agent.tools}
    wanted = {tool.tool for tool in scenario.expect.tools} | set(scenario.expect.not_tools)
    assert wanted <= tools
    assert set(scenario.expect.agents) <= {agent.name for agent in TEAM.agents}
    assert "${" not in " ".join(scenario.lines())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_its_queries_run_and_are_not_kept_before_the_call(path: Path, clinic: Database) -> None:
    for row in scenario_at(path).expect.rows:
        before = await value(clinic, row.sql.replace("${call_id}", "none"))
        assert row.unmet(before) is not None, row.sql


def test_the_demo_books_on_a_workday_whenever_it_is_run() -> None:
    demo = load_scenario(FILES[[path.stem for path in FILES].index("demo")])
    for number in range(0, 400, 7):
        now = NOW + timedelta(days=number)
        booked = demo.at(now, closed_days(now)).expect.tools[1].arguments["date"]
        assert booked not in {day.isoformat() for day in closed_days(now)}


async def test_a_race_and_its_undoing(clinic: Database) -> None:
    taken = "select count(*) from healthcare_voice.appointments where status = 'scheduled' and booked_by = 'desk' and "
    taken += "starts_at = '2026-12-01T14:00-05' and provider_id = 1"
    await race(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    assert await value(clinic, taken) == 1
    await free(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    assert await value(clinic, taken) == 0
