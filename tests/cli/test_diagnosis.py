"""`huntgroup doctor` finds what is missing and says what to do."""

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from huntgroup.cli.diagnosis import check_line, check_network, check_packages, check_place, check_port, check_weights
from huntgroup.cli.serve import tell_how_to_call
from huntgroup.settings import Settings


def test_a_free_port_is_ok_and_a_taken_one_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert [finding.level for finding in check_port(Settings(port=port))] == ["warn"]
    assert [finding.level for finding in check_port(Settings(port=0))] == ["ok"]


def test_a_public_line_whose_callers_are_not_checked_is_complained_of() -> None:
    public, secret = "https://calls.example.com", "s"
    assert list(check_line(Settings())) == list(check_line(Settings(public_url=public, twilio_auth_token=secret))) == []
    (open_line,) = check_line(Settings(public_url=public))
    assert (open_line.level, open_line.remedy) == ("warn", "set TWILIO_AUTH_TOKEN")
    (nameless,) = check_line(Settings(twilio_auth_token=secret))
    assert "HUNTGROUP_PUBLIC_URL" in nameless.detail


def test_serve_complains_of_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    house: Any = SimpleNamespace(settings=Settings(public_url="https://calls.example.com"), teams={}, engine=None)
    tell_how_to_call(house, "http://127.0.0.1:8084", Console(width=200))
    assert "set TWILIO_AUTH_TOKEN" in capsys.readouterr().out


def test_python_is_named_first() -> None:
    assert next(check_packages()).subject == "Python"


def test_a_writable_data_folder_is_ok(tmp_path: Path) -> None:
    assert [finding.level for finding in check_place(Settings(data_dir=tmp_path / "new"))] == ["ok"]


def test_no_weights_are_needed_for_a_remote_model() -> None:
    assert list(check_weights(Settings(model="openai", openai_api_key="k"))) == []


def test_weights_of_an_extra_may_be_missing() -> None:
    lacking = [finding for finding in check_weights(Settings(model="offline")) if finding.level == "fail"]
    assert lacking == []


async def test_a_server_that_does_not_answer_fails_with_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    found = await check_network(Settings(chat_url=f"http://user:secret@127.0.0.1:{port}/v1", chat_model="m"))
    assert (found[0].level, found[0].subject) == ("fail", "chat server")
    assert found[0].remedy
    assert "secret" not in found[0].detail


async def test_offline_nothing_is_reached_for() -> None:
    assert await check_network(Settings(model="offline")) == []
