"""Where a server listens, and which address a caller from the web has, for the limits of a public page."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

# What one subscriber is given.
_IPV6_PREFIX = 64
# Who listens on all addresses is reached here at the loopback one of the same family.
_HERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens; `port` is the bound one also when 0 was asked for."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address for a client on this machine."""
        host = _HERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


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
