"""The kernel finds out which connections have lost their other end, not whoever waits for an answer on them."""

import os
import socket
from typing import Any

IDLE_S = 15
INTERVAL_S = 5
PROBES = 3
UNANSWERED_MS = 30_000


def keep_alive(dbapi_connection: Any, connection_record: Any = None) -> None:
    """Have a new connection of SQLAlchemy's pool probed while nothing is said on it; only TCP needs that."""
    # asyncpg has no public way to the socket of a connection.
    transport = getattr(dbapi_connection.driver_connection, "_transport", None)
    used = transport.get_extra_info("socket") if transport is not None else None
    if used is not None and used.family in (socket.AF_INET, socket.AF_INET6):
        # The loop's own object may not take options; a copy of the descriptor is the same socket.
        with socket.socket(fileno=os.dup(used.fileno())) as same:
            _set_options(same)


def _set_options(tcp: socket.socket) -> None:
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # What the system has of these; `TCP_USER_TIMEOUT` is for what was sent, which is not probed.
    options = {
        "TCP_KEEPIDLE": IDLE_S,
        "TCP_KEEPINTVL": INTERVAL_S,
        "TCP_KEEPCNT": PROBES,
        "TCP_USER_TIMEOUT": UNANSWERED_MS,
    }
    for name, value in options.items():
        if hasattr(socket, name):
            tcp.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
