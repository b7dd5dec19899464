"""Which address a caller from the web has, for the limits of a public page."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

# What one subscriber is given.
_IPV6_PREFIX = 64


def caller_address(connection: HTTPConnection, trusted_proxies: int) -> str:
    """The address that limits count by: an IPv4 address, an IPv6 network of /64, or "unknown".

    Each trusted proxy in front of us has added one entry to `X-Forwarded-For`; what stands before those was written by
    the caller and is not believed.
    """
    entries = [entry.strip() for entry in connection.headers.get("x-forwarded-for", "").split(",") if entry.strip()]
    peer = connection.client.host if connection.client is not None else ""
    if trusted_proxies and entries:
        peer = entries[-min(trusted_proxies, len(entries))]
    return _subscriber(peer)


def _subscriber(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped if mapped is not None else ip_network((int(address), _IPV6_PREFIX), strict=False))
    return str(address)
