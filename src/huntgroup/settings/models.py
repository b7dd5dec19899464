"""Who thinks and speaks: the Realtime servers, the offline engine, and the chat model in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import SecretStr, field_validator
from pydantic_settings import NoDecode

from huntgroup.settings.reading import checked_url, parse_headers
from huntgroup.settings.section import Section, env

ModelKind = Literal["openai", "offline"]


class ModelSettings(Section):
    """The backends of a call."""

    model: Literal["auto", "openai", "offline"] = env(
        "HUNTGROUP_MODEL",
        "auto",
        "Who thinks and speaks: `openai` (any Realtime server), `offline` (the embedded engine), "
        "or `auto`: `openai` when a key or a Realtime URL is set, else `offline`.",
    )
    openai_api_key: SecretStr | None = env(
        "OPENAI_API_KEY", None, "Key for OpenAI Realtime, or for the server at `HUNTGROUP_REALTIME_URL`."
    )
    realtime_url: str | None = env(
        "HUNTGROUP_REALTIME_URL",
        None,
        "WebSocket address of any server of the Realtime protocol, Azure included (`wss://…`).",
    )
    realtime_headers: Annotated[dict[str, SecretStr], NoDecode] = env(
        "HUNTGROUP_REALTIME_HEADERS",
        {},
        "Extra headers for that server: a JSON object, or `Name: value` pairs separated by `;`.",
    )
    realtime_model: str = env(
        "HUNTGROUP_REALTIME_MODEL", "gpt-realtime-2.1", "Model name asked of the Realtime server."
    )
    fallback: str | None = env(
        "HUNTGROUP_FALLBACK",
        None,
        "Second backend, for when the first fails: `offline`, or the WebSocket address of another Realtime server.",
    )
    fallback_key: SecretStr | None = env(
        "HUNTGROUP_FALLBACK_KEY", None, "Key for that second server, when it wants one."
    )
    fallback_headers: Annotated[dict[str, SecretStr], NoDecode] = env(
        "HUNTGROUP_FALLBACK_HEADERS", {}, "Extra headers for that second server, written as those of the first."
    )
    fallback_model: str | None = env(
        "HUNTGROUP_FALLBACK_MODEL", None, "Model name asked of that second server. Unset: the first's."
    )
    session_seconds: float = env(
        "HUNTGROUP_SESSION_SECONDS",
        3600.0,
        "Longest life of one model session; a call moves to a fresh one before. The offline engine enforces it.",
        ge=5,
        le=86_400,
    )
    standbys: int = env(
        "HUNTGROUP_STANDBYS",
        8,
        "Sessions kept ready house-wide for handoffs to an agent with another voice; without one the voice stays.",
        ge=0,
        le=1_000,
    )
    chat_url: str | None = env(
        "HUNTGROUP_CHAT_URL",
        None,
        "Base URL of a chat-completions server (`http://host/v1`): a language model in place of the offline "
        "engine's own understanding, and for the analytics.",
    )
    chat_model: str | None = env("HUNTGROUP_CHAT_MODEL", None, "Model name asked of that chat server.")
    chat_key: SecretStr | None = env("HUNTGROUP_CHAT_KEY", None, "Key for that chat server, when it wants one.")
    whisper: Literal["base", "tiny"] = env(
        "HUNTGROUP_WHISPER",
        "base",
        "Speech recognition of the offline engine: `base`, or `tiny` (English, faster).",
    )
    models_dir: Path | None = env(
        "HUNTGROUP_MODELS_DIR", None, "Folder searched first for the offline engine's weights."
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

    @field_validator("chat_url")
    @classmethod
    def _check_chat_url(cls, value: str | None) -> str | None:
        return checked_url(value, ("http", "https"))

    @property
    def model_kind(self) -> ModelKind:
        """The backend that `auto` comes to."""
        if self.model != "auto":
            return self.model
        return "openai" if self.openai_api_key is not None or self.realtime_url is not None else "offline"
