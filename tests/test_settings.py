"""Settings: every wrong value is one line that names the variable and repeats no secret."""

import os
from collections.abc import Iterator

import pytest

from huntgroup.domain.errors import SettingsError
from huntgroup.settings import Settings, env_name, load_settings, settings_table, unknown_variables


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The process environment without any of our variables, put back afterwards."""
    before = dict(os.environ)
    for field in Settings.model_fields:
        os.environ.pop(env_name(field), None)
    yield os.environ  # type: ignore[misc]
    os.environ.clear()
    os.environ.update(before)


def test_defaults_need_no_key(environment: dict[str, str]) -> None:
    settings = load_settings()
    assert (settings.model_kind, settings.port, settings.phone_audio) == ("offline", 8084, "pcm16")


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({"OPENAI_API_KEY": "sk-1"}, "openai"),
        ({"HUNTGROUP_REALTIME_URL": "wss://example.com/v1"}, "openai"),
        ({"OPENAI_API_KEY": "sk-1", "HUNTGROUP_MODEL": "offline"}, "offline"),
        ({"OPENAI_API_KEY": ""}, "offline"),
    ],
)
def test_auto_chooses_the_backend(environment: dict[str, str], variables: dict[str, str], kind: str) -> None:
    environment.update(variables)
    assert load_settings().model_kind == kind


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"HUNTGROUP_PORT": "abc"}, "HUNTGROUP_PORT=abc"),
        ({"HUNTGROUP_PORT": "70000"}, "less than or equal to 65535"),
        ({"HUNTGROUP_MODEL": "gpt"}, "'auto', 'openai' or 'offline'"),
        ({"HUNTGROUP_MODEL": "openai"}, "needs OPENAI_API_KEY"),
        ({"HUNTGROUP_PHONE_AUDIO": "mp3"}, "'pcm16' or 'passthrough'"),
        ({"HUNTGROUP_REALTIME_URL": "https://example.com"}, "ws:// or wss://"),
        ({"HUNTGROUP_REALTIME_URL": "ws://[bad"}, "is not an address"),
        ({"HUNTGROUP_REALTIME_HEADERS": "{"}, "not a JSON object"),
        ({"HUNTGROUP_REALTIME_HEADERS": "nothing"}, "Name: value"),
        ({"HUNTGROUP_REALTIME_HEADERS": "a: b"}, "HUNTGROUP_REALTIME_URL"),
        ({"HUNTGROUP_CHAT_URL": "http://localhost:1/v1"}, "HUNTGROUP_CHAT_MODEL"),
        ({"HUNTGROUP_CHAT_MODEL": "m"}, "HUNTGROUP_CHAT_URL"),
        ({"HUNTGROUP_DATABASE_URL": "mysql://x/y"}, "PostgreSQL"),
        ({"HUNTGROUP_PUBLIC_URL": "calls.example.com"}, "http:// or https://"),
        ({"HUNTGROUP_PUBLIC_URL": "https://calls.example.com/?a=1"}, "query"),
        ({"HUNTGROUP_MODELS_DIR": "/nowhere/at/all"}, "is not a folder"),
        ({"HUNTGROUP_DATA_DIR": __file__}, "is a file"),
    ],
)
def test_a_wrong_value_is_one_line(environment: dict[str, str], variables: dict[str, str], said: str) -> None:
    environment.update(variables)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert any(name in str(caught.value) for name in variables)


def test_secrets_are_never_repeated(environment: dict[str, str]) -> None:
    environment.update({"HUNTGROUP_DATABASE_URL": "mysql://user:hunter2@host/db"})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)


def test_secrets_do_not_show_in_the_settings(environment: dict[str, str]) -> None:
    environment.update({"OPENAI_API_KEY": "sk-hunter2", "TWILIO_AUTH_TOKEN": "hunter2"})
    assert "hunter2" not in repr(load_settings())


def test_headers_are_read_in_both_spellings(environment: dict[str, str]) -> None:
    environment.update({"HUNTGROUP_REALTIME_URL": "wss://x.example", "HUNTGROUP_REALTIME_HEADERS": "api-key: k; a: b"})
    first = load_settings().realtime_headers
    environment["HUNTGROUP_REALTIME_HEADERS"] = '{"api-key": "k", "a": "b"}'
    assert load_settings().realtime_headers == first
    assert first["api-key"].get_secret_value() == "k"


def test_a_misspelt_variable_is_found() -> None:
    assert unknown_variables({"HUNTGROUP_PROT": "1", "HUNTGROUP_PORT": "1", "HOME": "/"}) == ["HUNTGROUP_PROT"]


def test_the_table_has_a_row_for_every_field() -> None:
    assert len(settings_table().splitlines()) == len(Settings.model_fields) + 2
