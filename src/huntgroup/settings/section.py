"""What the sections of the settings have in common: how a field is a variable, and how the environment is read."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def env(name: str, default: Any, description: str, **limits: Any) -> Any:
    """Return a field that is the environment variable `name`; `description` is its row of the README."""
    return Field(default, validation_alias=AliasChoices(name), description=description, **limits)


class Section(BaseSettings):
    """Settings of one topic; `Settings` is all of them."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )
