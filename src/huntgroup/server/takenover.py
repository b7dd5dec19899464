"""Calls that were taken over from another process and have not begun here: their line comes, or they are given back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from huntgroup.calls.processes.resumption import Resumption
from huntgroup.domain.clock import Clock
from huntgroup.server.stream_tokens import LIFETIME_MS


class TakenOver:
    """Decides for each of them once, without a pause between asking and deciding, which of the two it is."""

    def __init__(self, clock: Clock, give_back: Callable[[Resumption], Awaitable[None]]) -> None:
        self._clock = clock
        self._give_back = give_back
        self._waiting: dict[str, Resumption] = {}
        self._watches: set[asyncio.Task[None]] = set()

    def wait_for_line(self, resumption: Resumption) -> None:
        """Leave the call to others when it has not begun here within a minute."""
        self._waiting[resumption.state.call_id] = resumption
        watch = asyncio.create_task(self._give_back_later(resumption), name="a resumed call's line")
        self._watches.add(watch)
        watch.add_done_callback(self._watches.discard)

    def begins(self, resumption: Resumption) -> bool:
        """Note that the call's line has come; False when it was given back, and must be taken over anew."""
        return self._settled(resumption)

    async def _give_back_later(self, resumption: Resumption) -> None:
        await self._clock.sleep_ms(LIFETIME_MS)
        if self._settled(resumption):
            await self._give_back(resumption)

    def _settled(self, resumption: Resumption) -> bool:
        """Whether this is the first who decides about it. One that was taken over again is another."""
        call_id = resumption.state.call_id
        if self._waiting.get(call_id) is not resumption:
            return False
        del self._waiting[call_id]
        return True
