"""What the README shows works: its settings are the real ones, and its team loads and passes the checks."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huntgroup.cli.app import app
from huntgroup.cli.inspection import inspect_target
from huntgroup.settings import settings_table

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_settings_table_is_the_real_one() -> None:
    assert settings_table() in README


def test_the_example_team_passes_the_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"```python\n(# desk\.py\n.*?)```", README, re.DOTALL)
    assert code is not None
    (tmp_path / "readme_desk.py").write_text(code.group(1))
    monkeypatch.syspath_prepend(tmp_path)
    assert inspect_target("readme_desk:TEAM") == []


def test_the_example_team_has_about_thirty_lines() -> None:
    code = re.search(r"```python\n# desk\.py\n(.*?)```", README, re.DOTALL)
    assert code is not None
    assert len([line for line in code.group(1).splitlines() if line.strip()]) <= 34


@pytest.mark.parametrize("command", ["demo", "serve", "call", "check", "db", "doctor", "version"])
def test_every_command_explains_itself(command: str) -> None:
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
