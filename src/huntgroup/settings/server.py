"""Where the server listens, by which addresses it is reached, and who may."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from huntgroup.settings.reading import checked_url
from huntgroup.settings.section import Section, env


class ServerSettings(Section):
    """Addresses and keys of the doors."""

    host: str = env("HUNTGROUP_HOST", "127.0.0.1", "Address the server listens on (`0.0.0.0` for all).")
    port: int = env("HUNTGROUP_PORT", 8084, "Port the server listens on (0 picks a free one).", ge=0, le=65535)
    public_url: str | None = env(
        "HUNTGROUP_PUBLIC_URL",
        None,
        "Address by which carriers reach this server (`https://calls.example.com`).",
    )
    stream_url: str | None = env(
        "HUNTGROUP_STREAM_URL",
        None,
        "Address by which carriers reach this very process, where several share the public one. Unset: the public URL.",
    )
    api_token: SecretStr | None = env(
        "HUNTGROUP_API_TOKEN",
        None,
        "Bearer token asked by the API. Unset: the API answers this machine only.",
    )
    twilio_auth_token: SecretStr | None = env(
        "TWILIO_AUTH_TOKEN",
        None,
        "When set, Twilio's signature is checked on every webhook and media socket.",
    )

    @field_validator("public_url", "stream_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        checked = checked_url(value, ("http", "https"))
        if checked is not None and (urlsplit(checked).query or urlsplit(checked).fragment):
            raise ValueError("must not carry a query or a fragment")
        return checked.rstrip("/") if checked is not None else None
