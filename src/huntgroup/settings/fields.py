"""All settings in one: one field per environment variable, each value checked on its own."""

from __future__ import annotations

from pydantic import field_validator

from huntgroup.settings.calls import CallSettings
from huntgroup.settings.models import ModelSettings
from huntgroup.settings.reading import checked_url
from huntgroup.settings.section import env
from huntgroup.settings.server import ServerSettings
from huntgroup.settings.storage import StorageSettings
from huntgroup.settings.web import WebSettings


# The fields of the last class come first, in the README too.
class Settings(WebSettings, CallSettings, ServerSettings, StorageSettings, ModelSettings):
    """Every field is one environment variable, its description one row of the README."""

    otlp_endpoint: str | None = env(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        None,
        "OTLP/HTTP collector for traces. Unset: traces stay in the call's record.",
    )

    @field_validator("otlp_endpoint")
    @classmethod
    def _check_otlp_endpoint(cls, value: str | None) -> str | None:
        return checked_url(value, ("http", "https"))
