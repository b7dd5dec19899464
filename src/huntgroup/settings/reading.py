"""How values are written in environment variables. What is wrong is a `ValueError` that does not repeat the value."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit


def parse_headers(text: str) -> dict[str, str]:
    """Read headers from a JSON object, or from `Name: value` pairs separated by `;`."""
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            raise ValueError("is not a JSON object of header names and values") from None
        return {str(name): str(value) for name, value in found.items()}
    headers: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, value = pair.partition(":")
        if not colon or not name.strip():
            raise ValueError("must be a JSON object, or `Name: value` pairs separated by `;`")
        headers[name.strip()] = value.strip()
    return headers


_ICE_SCHEMES = ("stun", "stuns", "turn", "turns")
_ICE_KEYS = {"urls", "username", "credential"}


def parse_ice_servers(text: str) -> list[dict[str, Any]]:
    """Read ICE servers from a JSON list of `{urls, username, credential}`, or from addresses with spaces between."""
    if not text.lstrip().startswith("["):
        return [{"urls": [_ice_url(url)]} for url in text.split()]
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError("is not a JSON list of ICE servers") from None
    return [_ice_server(server) for server in found]


def _ice_server(server: Any) -> dict[str, Any]:
    if not isinstance(server, dict) or "urls" not in server or not set(server) <= _ICE_KEYS:
        raise ValueError("each ICE server must be an object of urls, username and credential")
    urls = server["urls"] if isinstance(server["urls"], list) else [server["urls"]]
    login = {key: str(server[key]) for key in ("username", "credential") if key in server}
    return {"urls": [_ice_url(str(url)) for url in urls], **login}


def _ice_url(url: str) -> str:
    scheme, _, rest = url.partition(":")
    if scheme not in _ICE_SCHEMES or not rest or rest.startswith("//"):
        raise ValueError("an ICE server must be an address such as stun:host or turn:host:3478")
    return url


def parse_ports(text: str) -> range:
    """Read a range of ports such as `40000-40999`, both ends in it."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not dash or not (first.isdecimal() and last.isdecimal()):
        raise ValueError("must be a range of ports such as 40000-40999")
    ports = range(int(first), int(last) + 1)
    if not ports or ports[0] < 1024 or ports[-1] > 65_535:
        raise ValueError("must be ports from 1024 to 65535, the lower one first")
    return ports


def checked_url(value: str | None, schemes: tuple[str, ...]) -> str | None:
    """Return the address as it is, when it has a host and one of the schemes."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in schemes or not host:
        raise ValueError(f"must be an address that begins with {' or '.join(scheme + '://' for scheme in schemes)}")
    return value
