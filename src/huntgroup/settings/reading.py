"""How values are written in environment variables. What is wrong is a `ValueError` that does not repeat the value."""

from __future__ import annotations

import json
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
