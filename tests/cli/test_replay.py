"""`huntgroup replay` from the command line: files and stored calls, exit codes, and what is shown."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from huntgroup.cli.app import app
from huntgroup.domain.facts import Fact
from huntgroup.domain.record import as_record
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import TEAM

TARGET = "tests.calls.teams:TEAM"


async def hold() -> list[Fact]:
    async with CallDesk(TEAM, say("Hello."), use("look", '{"what": "tea"}'), say("There is tea.")) as call:
        await call.say("Is there any secret tea?")
    return list(call.session.log.facts)


@pytest.fixture(scope="module")
def record() -> list[dict[str, Any]]:
    return as_record(asyncio.run(hold()))


def replay(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(app, ["replay", *arguments], env=env)


def saved(folder: Path, facts: list[dict[str, Any]]) -> str:
    path = folder / "call.json"
    path.write_text(json.dumps({"call": {}, "facts": facts}))
    return str(path)


def changed(record: list[dict[str, Any]], kind: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**fact, **fields} if fact["type"] == kind else fact for fact in record]


def test_an_equal_call_is_0(record: list[dict[str, Any]], tmp_path: Path) -> None:
    result = replay("--file", saved(tmp_path, record), "--team", TARGET, "--model", "recorded")
    assert result.exit_code == 0, result.output
    assert "equal: 6 steps" in result.output


def test_a_different_call_is_1_and_shows_both_sides_and_the_place(record: list[dict[str, Any]], tmp_path: Path) -> None:
    file = saved(tmp_path, changed(record, "ToolAnswered", ok=False))
    out = tmp_path / "out" / "replay.json"
    result = replay("--file", file, "--team", TARGET, "--model", "recorded", "--json", str(out))
    assert result.exit_code == 1, result.output
    assert "first difference at step 4, turn 1, agent desk" in result.output
    assert "- desk         is answered: look not ok" in result.output
    assert "+ desk         is answered: look ok" in result.output
    assert json.loads(out.read_text())["difference"]["came"]["kind"] == "ToolAnswered"
    assert out.stat().st_mode & 0o077 == 0


def test_what_was_said_goes_to_the_terminal_and_into_no_log(
    record: list[dict[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = saved(tmp_path, changed(record, "CallEnded", reason="silence"))
    assert "secret" in replay("--file", file, "--team", TARGET, "--model", "recorded").output
    assert "secret" not in caplog.text


def test_a_fact_of_another_version_is_reported_and_not_fatal(record: list[dict[str, Any]], tmp_path: Path) -> None:
    future = {"type": "FromTheFuture", "call_id": "c", "seq": 5, "t_ms": 1, "agent": None}
    facts = [*record[:5], future, *({**fact, "seq": fact["seq"] + 1} for fact in record[5:])]
    result = replay("--file", saved(tmp_path, facts), "--team", TARGET, "--model", "recorded")
    assert result.exit_code == 0, result.output
    assert "1 FromTheFuture" in result.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [("[]", "no such call"), ("nothing", "holds no record"), ('{"facts": [{"type": "x"}]}', "holds no record")],
)
def test_what_is_no_record_is_2(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "call.json"
    path.write_text(content)
    result = replay("--file", str(path), "--team", TARGET)
    assert (result.exit_code, reason in result.output) == (2, True), result.output


def test_a_call_that_has_not_ended_is_2(record: list[dict[str, Any]], tmp_path: Path) -> None:
    result = replay("--file", saved(tmp_path, record[:-1]), "--team", TARGET)
    assert (result.exit_code, "has not ended" in result.output) == (2, True), result.output


def test_a_call_that_moved_to_another_process_is_2_and_says_so(record: list[dict[str, Any]], tmp_path: Path) -> None:
    moved = {**record[-1], "type": "CallMoved", "reason": "draining"}
    file = saved(tmp_path, [*record[:-1], moved, {**record[-1], "seq": record[-1]["seq"] + 1}])
    result = replay("--file", file, "--team", TARGET)
    assert (result.exit_code, "from one process to" in result.output) == (2, True), result.output


def test_a_team_that_is_not_here_is_2(record: list[dict[str, Any]], tmp_path: Path) -> None:
    result = replay("--file", saved(tmp_path, record))
    assert (result.exit_code, "--team" in result.output) == (2, True), result.output


def test_neither_id_nor_file_is_2() -> None:
    assert replay().exit_code == 2


def test_a_stored_call_is_replayed_by_its_id(database_url: str) -> None:
    async def store() -> str:
        facts, database = await hold(), Database(database_url)
        await PgCallStore(database).append(facts)
        await database.close()
        return facts[0].call_id

    call_id = asyncio.run(store())
    arguments = "--team", TARGET, "--model", "recorded"
    assert replay(call_id, *arguments, HUNTGROUP_DATABASE_URL=database_url).exit_code == 0
    assert replay("call_unknown", *arguments, HUNTGROUP_DATABASE_URL=database_url).exit_code == 2
