"""The calls that the offline engine holds by WebRTC in this process."""

from __future__ import annotations

import asyncio

from huntgroup.server.realtimecall import RealtimeCall

MOST_CALLS = 32


class RealtimeCalls:
    """The calls of one process, by id."""

    def __init__(self) -> None:
        self._calls: dict[str, RealtimeCall] = {}
        self._running: set[asyncio.Task[None]] = set()

    @property
    def has_room(self) -> bool:
        return len(self._calls) < MOST_CALLS

    def find(self, call_id: str) -> RealtimeCall | None:
        """The live call of this id."""
        call = self._calls.get(call_id)
        return None if call is None or call.is_over else call

    def hold(self, call: RealtimeCall) -> None:
        """Run a call until it is over."""
        self._calls[call.call_id] = call
        task = asyncio.create_task(self._hold(call), name="hold a realtime call")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _hold(self, call: RealtimeCall) -> None:
        try:
            await call.run()
        finally:
            del self._calls[call.call_id]
