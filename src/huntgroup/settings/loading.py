"""The way in: the environment, read once and checked as a whole."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from huntgroup.domain.errors import SettingsError
from huntgroup.settings.fields import Settings
from huntgroup.settings.names import env_name


def load_settings(**overrides: Any) -> Settings:
    """Read the environment, once; `overrides` are field names and win. Raises `SettingsError`."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_first_line(error)) from None
    complaint = _combination_complaint(settings)
    if complaint is not None:
        raise SettingsError(complaint)
    return settings


def _combination_complaint(settings: Settings) -> str | None:
    """What is wrong with the settings taken together; the first complaint, or None."""
    chat_leftover = "HUNTGROUP_CHAT_MODEL" if settings.chat_model is not None else "HUNTGROUP_CHAT_KEY"
    complaints = {
        "HUNTGROUP_MODEL=openai needs OPENAI_API_KEY (or HUNTGROUP_REALTIME_URL of a server without keys)": (
            settings.model == "openai" and settings.openai_api_key is None and settings.realtime_url is None
        ),
        "HUNTGROUP_REALTIME_HEADERS is set, but HUNTGROUP_REALTIME_URL, the server they are for, is not": (
            bool(settings.realtime_headers) and settings.realtime_url is None
        ),
        "HUNTGROUP_FALLBACK=offline is no second backend: the first is the offline engine already": (
            settings.fallback == "offline" and settings.model_kind == "offline"
        ),
        "HUNTGROUP_FALLBACK_KEY, _HEADERS or _MODEL is set, but HUNTGROUP_FALLBACK names no server": (
            settings.fallback in (None, "offline")
            and bool(settings.fallback_key or settings.fallback_headers or settings.fallback_model)
        ),
        "HUNTGROUP_CHAT_URL is set, but HUNTGROUP_CHAT_MODEL, the model to ask there, is not": (
            settings.chat_url is not None and settings.chat_model is None
        ),
        f"{chat_leftover} is set, but HUNTGROUP_CHAT_URL, the server it is for, is not": (
            settings.chat_url is None and (settings.chat_model is not None or settings.chat_key is not None)
        ),
        f"HUNTGROUP_MODELS_DIR={settings.models_dir} is not a folder": (
            settings.models_dir is not None and not settings.models_dir.is_dir()
        ),
        f"HUNTGROUP_DATA_DIR={settings.data_dir} is a file, not a folder": (
            settings.data_dir.exists() and not settings.data_dir.is_dir()
        ),
    }
    return next((complaint for complaint, holds in complaints.items() if holds), None)


def _first_line(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False, include_input=True)[0]
    location = str(problem["loc"][0]) if problem["loc"] else "settings"
    named = env_name(location) if location in Settings.model_fields else location
    shown = _shown_input(named, problem.get("input"))
    return f"{named}{shown}: {problem['msg'].removeprefix('Value error, ')[:200]}".replace("\n", " ")


def _shown_input(name: str, value: Any) -> str:
    secret = any(word in name for word in ("KEY", "TOKEN", "HEADERS", "URL", "SERVERS", "ENDPOINT"))
    return "" if secret or not isinstance(value, str | int | float) else f"={str(value)[:60]}"
