"""Who may read the API."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from fastapi import HTTPException, Request

from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.origins import may_ask

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def require_reader(request: Request) -> None:
    """Let pass who knows the token, or, without a token set, who asks from this machine; answers 401 or 403.

    A page of another site that is open on this machine is neither.
    """
    token = FrontDesk.of(request).house.settings.api_token
    if token is not None:
        _require_bearer(request, token.get_secret_value())
    elif not (_is_local(request) and may_ask(request, frozenset())):
        raise HTTPException(403, "the API answers this machine only; set HUNTGROUP_API_TOKEN to open it")


def _require_bearer(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    genuine = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not genuine:
        raise HTTPException(401, "a bearer token is needed", headers={"WWW-Authenticate": "Bearer"})


def _is_local(request: Request) -> bool:
    """Whether the peer is this machine, not a proxy on it, and names us as such (a foreign name may be rebound)."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        is_loopback = ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_loopback and (request.url.hostname or "") in _LOCAL_NAMES
