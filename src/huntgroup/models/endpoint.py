"""Where a realtime server is and how to knock: URL, query and headers, for OpenAI, Azure and compatible servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from huntgroup.domain.errors import SettingsError
from huntgroup.models.profiles import DEFAULT_MODEL

OPENAI_URL = "wss://api.openai.com/v1/realtime"

_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Endpoint:
    """One server. `headers` go with the connection and win over the key. The key never appears in `repr`.

    `transcript_lag_ms` is what it promises about the order of transcript and sound (see `Profile`). `is_own` is for a
    server of this process, whatever its address.

    Raises SettingsError when the URL cannot be one.
    """

    url: str = OPENAI_URL
    model: str = DEFAULT_MODEL
    api_key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    transcript_lag_ms: int | None = None
    is_own: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise SettingsError("the realtime URL must begin with ws://, wss://, http:// or https:// and name a host")

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, where no proxy can reach it."""
        return self.is_own or urlsplit(self.url).hostname in _LOCAL

    def address(self) -> str:
        """The WebSocket URL with the model in its query, unless the query names a model, deployment or call."""
        parts = urlsplit(self.url)
        query = dict(parse_qsl(parts.query))
        if not {"model", "deployment", "call_id"} & query.keys():
            query["model"] = self.model
        return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, parts.path, urlencode(query), ""))

    def request_headers(self) -> dict[str, str]:
        """The headers to connect with."""
        given = {name.lower() for name in self.headers}
        if not self.api_key or given & {"authorization", "api-key"}:
            return dict(self.headers)
        if (urlsplit(self.url).hostname or "").endswith(_AZURE_HOSTS):
            return {"api-key": self.api_key, **self.headers}
        return {"Authorization": f"Bearer {self.api_key}", **self.headers}
