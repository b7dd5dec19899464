"""How many calls there may be: each is counted before it is accepted."""

from __future__ import annotations

from collections.abc import Callable

from huntgroup.domain.clock import Clock
from huntgroup.server.stream_tokens import LIFETIME_MS


class Seats:
    """The seats of one server process. A webhook reserves one, its stream claims it, and the end of the call frees it.

    A reserved seat that no stream claims is free again when the stream's token has expired. `room` says whether the
    model's provider takes one more call.
    """

    def __init__(self, limit: int, clock: Clock, room: Callable[[], bool]) -> None:
        self._limit = limit
        self._clock = clock
        self._room = room
        self._reserved: dict[str, int] = {}
        self._claimed: set[str] = set()

    @property
    def taken(self) -> int:
        """How many seats are reserved or claimed."""
        now_ms = self._clock.now_ms()
        self._reserved = {call_id: until for call_id, until in self._reserved.items() if until > now_ms}
        return len(self._reserved) + len(self._claimed)

    def reserve(self, call_id: str) -> bool:
        """Reserve a seat for a call; False when there is none."""
        if self.taken >= self._limit or not self._room():
            return False
        self._reserved[call_id] = self._clock.now_ms() + LIFETIME_MS
        return True

    def claim(self, call_id: str) -> bool:
        """Sit down on a reserved seat; False when it is not reserved any more."""
        there = self._reserved.pop(call_id, None) is not None
        if there:
            self._claimed.add(call_id)
        return there

    def free(self, call_id: str) -> None:
        """Leave a seat, reserved or claimed."""
        self._reserved.pop(call_id, None)
        self._claimed.discard(call_id)
