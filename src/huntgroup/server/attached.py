"""What somebody is told who is attached to a realtime call beside its browser."""

from __future__ import annotations

import asyncio

MOST_UNREAD = 2_000


class Ear:
    """One that is attached: what happens in the call, encoded, in order; None is the end. A slow one is let go."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[str | None] = asyncio.Queue()
        self.is_over = False

    def put(self, event: str | None) -> None:
        if self.is_over:
            return
        self.is_over = event is None or self._events.qsize() >= MOST_UNREAD
        self._events.put_nowait(None if self.is_over else event)

    async def next(self) -> str | None:
        """Return the next event; None when there will be no more."""
        return await self._events.get()
