"""The calls that the offline engine holds by WebRTC in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from huntgroup.rtc import Network
from huntgroup.server.realtimecall import RealtimeCall
from huntgroup.server.realtimeplaces import Place, Places


class RealtimeCalls:
    """The calls of one process, by id. `reach` says how our peer of a call reaches the network."""

    def __init__(self, reach: Callable[[str], Network]) -> None:
        self.places = Places()
        self.reach = reach
        self._calls: dict[str, RealtimeCall] = {}
        self._running: set[asyncio.Task[None]] = set()

    def find(self, call_id: str) -> RealtimeCall | None:
        """The live call of this id."""
        call = self._calls.get(call_id)
        return None if call is None or call.is_over else call

    def hold(self, call: RealtimeCall, place: Place) -> None:
        """Run a call until it is over, and leave its place then."""
        self._calls[call.call_id], place.kept = call, True
        task = asyncio.create_task(self._hold(call, place), name="hold a realtime call")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _hold(self, call: RealtimeCall, place: Place) -> None:
        try:
            await call.run()
        finally:
            del self._calls[call.call_id]
            place.leave()
