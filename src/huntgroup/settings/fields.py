"""The settings themselves: one field per environment variable, each value checked on its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from huntgroup.settings.reading import checked_url, parse_headers, parse_ice_servers

ModelKind = Literal["openai", "offline"]


def _env(name: str, default: Any, description: str, **limits: Any) -> Any:
    return Field(default, validation_alias=AliasChoices(name), description=description, **limits)


class Settings(BaseSettings):
    """Every field is one environment variable, its description one row of the README."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )

    model: Literal["auto", "openai", "offline"] = _env(
        "HUNTGROUP_MODEL",
        "auto",
        "Who thinks and speaks: `openai` (any Realtime server), `offline` (the embedded engine), "
        "or `auto`: `openai` when a key or a Realtime URL is set, else `offline`.",
    )
    openai_api_key: SecretStr | None = _env(
        "OPENAI_API_KEY", None, "Key for OpenAI Realtime, or for the server at `HUNTGROUP_REALTIME_URL`."
    )
    realtime_url: str | None = _env(
        "HUNTGROUP_REALTIME_URL",
        None,
        "WebSocket address of any server of the Realtime protocol, Azure included (`wss://…`).",
    )
    realtime_headers: Annotated[dict[str, SecretStr], NoDecode] = _env(
        "HUNTGROUP_REALTIME_HEADERS",
        {},
        "Extra headers for that server: a JSON object, or `Name: value` pairs separated by `;`.",
    )
    realtime_model: str = _env(
        "HUNTGROUP_REALTIME_MODEL", "gpt-realtime-2.1", "Model name asked of the Realtime server."
    )
    fallback: str | None = _env(
        "HUNTGROUP_FALLBACK",
        None,
        "Second backend, for when the first fails: `offline`, or the WebSocket address of another Realtime server.",
    )
    fallback_key: SecretStr | None = _env(
        "HUNTGROUP_FALLBACK_KEY", None, "Key for that second server, when it wants one."
    )
    fallback_headers: Annotated[dict[str, SecretStr], NoDecode] = _env(
        "HUNTGROUP_FALLBACK_HEADERS", {}, "Extra headers for that second server, written as those of the first."
    )
    fallback_model: str | None = _env(
        "HUNTGROUP_FALLBACK_MODEL", None, "Model name asked of that second server. Unset: the first's."
    )
    session_seconds: float = _env(
        "HUNTGROUP_SESSION_SECONDS",
        3600.0,
        "Longest life of one model session; a call moves to a fresh one before. The offline engine enforces it.",
        ge=5,
        le=86_400,
    )
    standbys: int = _env(
        "HUNTGROUP_STANDBYS",
        8,
        "Sessions kept ready house-wide for handoffs to an agent with another voice; without one the voice stays.",
        ge=0,
        le=1_000,
    )
    chat_url: str | None = _env(
        "HUNTGROUP_CHAT_URL",
        None,
        "Base URL of a chat-completions server (`http://host/v1`): a language model in place of the offline "
        "engine's own understanding, and for the analytics.",
    )
    chat_model: str | None = _env("HUNTGROUP_CHAT_MODEL", None, "Model name asked of that chat server.")
    chat_key: SecretStr | None = _env("HUNTGROUP_CHAT_KEY", None, "Key for that chat server, when it wants one.")
    whisper: Literal["base", "tiny"] = _env(
        "HUNTGROUP_WHISPER",
        "base",
        "Speech recognition of the offline engine: `base`, or `tiny` (English, faster).",
    )
    models_dir: Path | None = _env(
        "HUNTGROUP_MODELS_DIR", None, "Folder searched first for the offline engine's weights."
    )
    database_url: str | None = _env(
        "HUNTGROUP_DATABASE_URL",
        None,
        "`postgresql://user:password@host/name`. Unset: an embedded PostgreSQL under the data folder.",
    )
    data_dir: Path = _env(
        "HUNTGROUP_DATA_DIR", Path(".huntgroup"), "Folder for the embedded database, recordings and caches."
    )
    host: str = _env("HUNTGROUP_HOST", "127.0.0.1", "Address the server listens on (`0.0.0.0` for all).")
    port: int = _env("HUNTGROUP_PORT", 8084, "Port the server listens on (0 picks a free one).", ge=0, le=65535)
    public_url: str | None = _env(
        "HUNTGROUP_PUBLIC_URL",
        None,
        "Address by which carriers reach this server (`https://calls.example.com`).",
    )
    stream_url: str | None = _env(
        "HUNTGROUP_STREAM_URL",
        None,
        "Address by which carriers reach this very process, where several share the public one. Unset: the public URL.",
    )
    api_token: SecretStr | None = _env(
        "HUNTGROUP_API_TOKEN",
        None,
        "Bearer token asked by the API. Unset: the API answers this machine only.",
    )
    twilio_auth_token: SecretStr | None = _env(
        "TWILIO_AUTH_TOKEN",
        None,
        "When set, Twilio's signature is checked on every webhook and media socket.",
    )
    transcript_lag_ms: int | None = _env(
        "HUNTGROUP_TRANSCRIPT_LAG_MS",
        None,
        "How far a remote model's transcript may lag behind its audio, for output guardrails; 0 when it always leads. "
        "Unset: no order is assumed, and a guarded reply is heard once its whole transcript is checked.",
        ge=0,
        le=10_000,
    )
    phone_audio: Literal["pcm16", "passthrough"] = _env(
        "HUNTGROUP_PHONE_AUDIO",
        "pcm16",
        "Audio towards the model on phone lines: `pcm16` (24 kHz) or `passthrough` (µ-law untouched).",
    )
    max_calls: int = _env(
        "HUNTGROUP_MAX_CALLS",
        32,
        "Calls at once; a further caller hears that all lines are busy, and may be called back.",
        ge=1,
    )
    max_call_minutes: float = _env(
        "HUNTGROUP_MAX_CALL_MINUTES", 30.0, "A call is ended politely after this long.", gt=0, le=1440
    )
    drain_seconds: float = _env(
        "HUNTGROUP_DRAIN_SECONDS",
        60.0,
        "After SIGTERM live calls finish, or move to another process, for at most this long.",
        ge=0,
        le=7200,
    )
    silence_seconds: float | None = _env(
        "HUNTGROUP_SILENCE_SECONDS",
        None,
        "Silence before the agent asks again; after the second time it says goodbye. Unset: as the team says (8 s).",
        gt=0.5,
        le=300,
    )
    record_sound: bool = _env(
        "HUNTGROUP_RECORD_SOUND",
        False,
        "Keep the sound of calls under the data folder, as long as the team's manifest allows (`huntgroup demo` does).",
    )
    web_calls_per_address: int = _env(
        "HUNTGROUP_WEB_CALLS_PER_ADDRESS",
        4,
        "Calls from web pages at once per address (an IPv6 network of /64 counts as one).",
        ge=1,
    )
    web_call_minutes: float = _env(
        "HUNTGROUP_WEB_CALL_MINUTES",
        10.0,
        "A call from a web page is ended politely after this long.",
        gt=0,
        le=1440,
    )
    web_return_seconds: float = _env(
        "HUNTGROUP_WEB_RETURN_SECONDS",
        10.0,
        "How long a call waits for a page that lost its connection or was loaded anew.",
        ge=0,
        le=14,
    )
    web_trusted_proxies: int = _env(
        "HUNTGROUP_WEB_TRUSTED_PROXIES",
        0,
        "How many proxies of ours stand before the server and add to `X-Forwarded-For`; 0 believes that header not.",
        ge=0,
        le=10,
    )
    web_ice_servers: str | None = _env(
        "HUNTGROUP_WEB_ICE_SERVERS",
        None,
        "STUN and TURN servers for WebRTC: addresses with spaces between (`stun:stun.example.com`), or a JSON list "
        "of `{urls, username, credential}`. Pages are told them too.",
    )
    vendor_audio: bool = _env(
        "HUNTGROUP_VENDOR_AUDIO",
        False,
        "Let a page ask that its sound flow between the browser and the model's server, while this server runs the "
        "call beside it. Output guardrails cannot hold sound back then; see `docs/browser.md`.",
    )
    realtime_origins: str | None = _env(
        "HUNTGROUP_REALTIME_ORIGINS",
        None,
        "Web sites whose pages may offer calls to the offline engine's `/v1/realtime/calls`: origins with spaces "
        "between, or `*` for all. Unset: only our own pages.",
    )
    chat_origins: str | None = _env(
        "HUNTGROUP_CHAT_ORIGINS",
        None,
        "Web sites that may embed the chat: origins with spaces between (`https://www.example.com`), or `*` for all. "
        "Unset: only our own pages.",
    )
    otlp_endpoint: str | None = _env(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        None,
        "OTLP/HTTP collector for traces. Unset: traces stay in the call's record.",
    )

    @field_validator("realtime_headers", "fallback_headers", mode="before")
    @classmethod
    def _read_headers(cls, value: Any) -> Any:
        return parse_headers(value) if isinstance(value, str) else value

    @field_validator("realtime_url")
    @classmethod
    def _check_realtime_url(cls, value: str | None) -> str | None:
        return checked_url(value, ("ws", "wss"))

    @field_validator("fallback")
    @classmethod
    def _check_fallback(cls, value: str | None) -> str | None:
        return value if value == "offline" else checked_url(value, ("ws", "wss"))

    @field_validator("web_ice_servers")
    @classmethod
    def _check_ice_servers(cls, value: str | None) -> str | None:
        if value is not None:
            parse_ice_servers(value)
        return value

    @field_validator("chat_url", "otlp_endpoint")
    @classmethod
    def _check_http_url(cls, value: str | None) -> str | None:
        return checked_url(value, ("http", "https"))

    @field_validator("public_url", "stream_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        checked = checked_url(value, ("http", "https"))
        if checked is not None and (urlsplit(checked).query or urlsplit(checked).fragment):
            raise ValueError("must not carry a query or a fragment")
        return checked.rstrip("/") if checked is not None else None

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str | None) -> str | None:
        schemes = ("postgresql", "postgres", "postgresql+asyncpg")
        if value is not None and urlsplit(value).scheme not in schemes:
            raise ValueError("must be a PostgreSQL address such as postgresql://user:password@host/name")
        return value

    @property
    def model_kind(self) -> ModelKind:
        """The backend that `auto` comes to."""
        if self.model != "auto":
            return self.model
        return "openai" if self.openai_api_key is not None or self.realtime_url is not None else "offline"

    @property
    def ice_servers(self) -> list[dict[str, Any]]:
        """The ICE servers as a browser's `RTCPeerConnection` takes them."""
        return parse_ice_servers(self.web_ice_servers or "")

    @property
    def allowed_chat_origins(self) -> frozenset[str]:
        """The web sites that may embed the chat."""
        return frozenset((self.chat_origins or "").split())

    @property
    def allowed_realtime_origins(self) -> frozenset[str]:
        """The web sites whose pages may call the offline engine."""
        return frozenset((self.realtime_origins or "").split())

    @property
    def postgres_dir(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.data_dir / "postgres"

    @property
    def recordings_dir(self) -> Path:
        return self.data_dir / "recordings"
