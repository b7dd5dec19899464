"""`huntgroup doctor` finds what is missing and says what to do."""

import socket
from pathlib import Path

from huntgroup.cli.diagnosis import check_network, check_packages, check_place, check_port, check_weights
from huntgroup.settings import Settings


def test_a_free_port_is_ok_and_a_taken_one_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert [finding.level for finding in check_port(Settings(port=port))] == ["warn"]
    assert [finding.level for finding in check_port(Settings(port=0))] == ["ok"]


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
