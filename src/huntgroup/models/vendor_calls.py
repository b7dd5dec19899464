"""The HTTP side of a Realtime server's own calls: secrets for browsers, where they offer their sound, hanging up."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec

from huntgroup.domain.errors import ModelUnavailable
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.trouble import refused_with
from huntgroup.wire.realtime import SessionConfig

log = logging.getLogger(__name__)

LIMIT_S = 8.0
SECRET_LIFE_S = 60
_SCHEMES = {"ws": "http", "wss": "https"}


@dataclass(frozen=True)
class Secret:
    """A browser's key, usable until `expires_at` (seconds of the epoch)."""

    value: str = field(repr=False)
    expires_at: int


class _Made(msgspec.Struct):
    value: str
    expires_at: int


class VendorCalls:
    """Speaks to the server of an endpoint with its own key."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        parts = urlsplit(endpoint.url)
        scheme = _SCHEMES.get(parts.scheme, parts.scheme)
        self.origin = f"{scheme}://{parts.netloc}"
        self._base = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/"), "", ""))

    @property
    def calls_url(self) -> str:
        """Where a browser posts its offer."""
        return f"{self._base}/calls"

    async def mint(self, session: SessionConfig) -> Secret:
        """Return a key for one browser, good for this session only. Raises `ModelUnavailable`."""
        asked = {"expires_after": {"anchor": "created_at", "seconds": SECRET_LIFE_S}, "session": session}
        answer = await self._post("/client_secrets", msgspec.json.encode(asked))
        if answer.status_code >= 400:
            raise refused_with(answer.status_code, answer.content)
        try:
            made = msgspec.json.decode(answer.content, type=_Made)
        except msgspec.DecodeError:
            raise ModelUnavailable("bad_answer") from None
        return Secret(made.value, made.expires_at)

    async def hang_up(self, call_id: str) -> None:
        """End a call at the server; one that is over already is no trouble."""
        try:
            answer = await self._post(f"/calls/{call_id}/hangup", b"")
        except ModelUnavailable as error:
            log.warning("a call at the model's server could not be ended: %s", error.reason)
            return
        if answer.status_code >= 400 and answer.status_code != 404:
            log.warning("a call at the model's server could not be ended: http_%d", answer.status_code)

    async def _post(self, path: str, body: bytes) -> httpx.Response:
        headers = {**self._endpoint.request_headers(), "Content-Type": "application/json"}
        try:
            async with httpx.AsyncClient(timeout=LIMIT_S, trust_env=not self._endpoint.is_local) as http:
                return await http.post(self._base + path, content=body, headers=headers)
        except httpx.TimeoutException:
            raise ModelUnavailable("timeout") from None
        except httpx.HTTPError:
            raise ModelUnavailable("unreachable") from None
