"""Pages of other web sites: which of them may ask, and which may read our answers (CORS)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request, Response
from starlette.requests import HTTPConnection

KEPT_S = "600"


def may_ask(connection: HTTPConnection, allowed: AbstractSet[str], *, by_any_name: bool = False) -> bool:
    """Whether a page that has a browser send this may: one of ours, or of an allowed origin. No origin is no browser.

    Browsers name a page's origin in every request that changes something and with every socket. A page of ours is one
    of the host that is asked, by an address or as localhost: any other name may be bound to this machine for a moment
    by whoever owns it. `by_any_name` is for those who show something that no such page can know.
    """
    origin = connection.headers.get("origin")
    if origin is None or "*" in allowed or origin in allowed:
        return True
    is_same_host = host_of(origin) == connection.url.netloc
    return is_same_host and (by_any_name or _cannot_be_rebound(connection.url.hostname or ""))


def host_of(origin: str) -> str | None:
    """Return the host of an origin, with its port; None for what no browser would send."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def origin_of(url: str | None) -> frozenset[str]:
    """Return the origin of pages at an address; none without one."""
    parts = urlsplit(url or "")
    return frozenset({f"{parts.scheme}://{parts.netloc}"}) if parts.netloc else frozenset()


def let_read(request: Request, response: Response, allowed: AbstractSet[str]) -> Response:
    """Return the response with the headers by which a page of an allowed origin may read it, `Location` included."""
    origin = request.headers.get("origin")
    if origin is not None and ("*" in allowed or origin in allowed):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Location"
        response.headers["Vary"] = "Origin"
    return response


def preflight(request: Request, allowed: AbstractSet[str]) -> Response:
    """Return what a browser asks before it posts for a page of another origin."""
    response = let_read(request, Response(status_code=204), allowed)
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = request.headers.get("access-control-request-headers", "")
        response.headers["Access-Control-Max-Age"] = KEPT_S
    return response


def _cannot_be_rebound(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
