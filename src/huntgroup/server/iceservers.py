"""The STUN and TURN servers of one call, with credentials that are good for that call and no longer."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from typing import Any

from huntgroup.domain.clock import Clock
from huntgroup.rtc import Network
from huntgroup.settings import Settings

# A TURN server looks at the time again whenever an allocation is refreshed, which is every ten minutes.
_MARGIN_S = 900


def ice_servers(settings: Settings, clock: Clock, call_id: str) -> list[dict[str, Any]]:
    """Return the servers as a browser's `RTCPeerConnection` takes them.

    With `web_turn_secret`, TURN servers that have no login of their own get one that a TURN server with the same secret
    accepts until the longest call is over (coturn's `use-auth-secret`): the time of its end and the call as user name,
    their HMAC as password.
    """
    secret = settings.web_turn_secret
    if secret is None:
        return settings.ice_servers
    ends_s = int(clock.utc_now().timestamp() + settings.web_call_minutes * 60 + _MARGIN_S)
    login = turn_login(secret.get_secret_value(), f"{ends_s}:{call_id}")
    return [server | login if _wants_login(server) else server for server in settings.ice_servers]


def turn_login(secret: str, username: str) -> dict[str, str]:
    """Return the credentials that go with a user name under the secret that we share with the TURN server."""
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return {"username": username, "credential": b64encode(digest).decode()}


def network(settings: Settings, clock: Clock, call_id: str) -> Network:
    """How our own peer of a call reaches the network."""
    return Network(ice_servers(settings, clock, call_id), ports=settings.media_ports)


def _wants_login(server: dict[str, Any]) -> bool:
    return "username" not in server and any(url.startswith(("turn:", "turns:")) for url in server["urls"])
