"""Telephone keys as RTP events (RFC 4733)."""

from __future__ import annotations

from collections import deque

_KEYS = "0123456789*#ABCD"
_EVENT_BYTES = 4
_REMEMBERED = 8


class KeyEvents:
    """A key is sent many times, and packets of it may be lost: each press is told once, at the first that arrives."""

    def __init__(self) -> None:
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)

    def take(self, timestamp: int, payload: bytes) -> str | None:
        """Return the key when this packet tells a press that is new; packets of one press share their timestamp."""
        if len(payload) < _EVENT_BYTES or payload[0] >= len(_KEYS) or timestamp in self._seen:
            return None
        self._seen.append(timestamp)
        return _KEYS[payload[0]]
