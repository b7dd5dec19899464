"""Calls and chats from web pages."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr, field_validator

from huntgroup.settings.reading import parse_ice_servers, parse_ports
from huntgroup.settings.section import Section, env


class WebSettings(Section):
    """What a public page needs, and its limits."""

    web_calls_per_address: int = env(
        "HUNTGROUP_WEB_CALLS_PER_ADDRESS",
        4,
        "Calls from web pages at once per address (an IPv6 network of /64 counts as one).",
        ge=1,
    )
    web_call_minutes: float = env(
        "HUNTGROUP_WEB_CALL_MINUTES",
        10.0,
        "A call from a web page is ended politely after this long.",
        gt=0,
        le=1440,
    )
    web_return_seconds: float = env(
        "HUNTGROUP_WEB_RETURN_SECONDS",
        10.0,
        "How long a call waits for a page that lost its connection or was loaded anew.",
        ge=0,
        le=14,
    )
    web_trusted_proxies: int = env(
        "HUNTGROUP_WEB_TRUSTED_PROXIES",
        0,
        "How many proxies of ours stand before the server and add to `X-Forwarded-For`; 0 believes that header not.",
        ge=0,
        le=10,
    )
    web_ice_servers: str | None = env(
        "HUNTGROUP_WEB_ICE_SERVERS",
        None,
        "STUN and TURN servers for WebRTC: addresses with spaces between (`stun:stun.example.com`), or a JSON list "
        "of `{urls, username, credential}`. Pages are told them too.",
    )
    web_turn_secret: SecretStr | None = env(
        "HUNTGROUP_WEB_TURN_SECRET",
        None,
        "The secret shared with TURN servers that take credentials limited in time (coturn's `static-auth-secret`): "
        "each call gets its own.",
    )
    web_media_ports: str | None = env(
        "HUNTGROUP_WEB_MEDIA_PORTS",
        None,
        "The UDP ports for the sound of calls from pages, as a range (`40000-40999`); a call takes one per address of "
        "this machine, and another while its page comes back. Unset: the system chooses.",
    )
    vendor_audio: bool = env(
        "HUNTGROUP_VENDOR_AUDIO",
        False,
        "Let a page ask that its sound flow between the browser and the model's server, while this server runs the "
        "call beside it. Output guardrails cannot hold sound back then; see `docs/browser.md`.",
    )
    realtime_origins: str | None = env(
        "HUNTGROUP_REALTIME_ORIGINS",
        None,
        "Web sites whose pages may use the offline engine at `/v1/realtime`: origins with spaces between, or `*` for "
        "all. Unset: only our own pages.",
    )
    chat_origins: str | None = env(
        "HUNTGROUP_CHAT_ORIGINS",
        None,
        "Web sites that may embed the chat: origins with spaces between (`https://www.example.com`), or `*` for all. "
        "Unset: only our own pages.",
    )

    @field_validator("web_ice_servers")
    @classmethod
    def _check_ice_servers(cls, value: str | None) -> str | None:
        if value is not None:
            parse_ice_servers(value)
        return value

    @field_validator("web_media_ports")
    @classmethod
    def _check_media_ports(cls, value: str | None) -> str | None:
        if value is not None:
            parse_ports(value)
        return value

    @property
    def ice_servers(self) -> list[dict[str, Any]]:
        """The ICE servers as a browser's `RTCPeerConnection` takes them."""
        return parse_ice_servers(self.web_ice_servers or "")

    @property
    def media_ports(self) -> range | None:
        """The UDP ports for calls from pages; None leaves them to the system."""
        return parse_ports(self.web_media_ports) if self.web_media_ports is not None else None

    @property
    def allowed_chat_origins(self) -> frozenset[str]:
        """The web sites that may embed the chat."""
        return frozenset((self.chat_origins or "").split())

    @property
    def allowed_realtime_origins(self) -> frozenset[str]:
        """The web sites whose pages may call the offline engine."""
        return frozenset((self.realtime_origins or "").split())
