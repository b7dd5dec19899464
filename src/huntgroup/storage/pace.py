"""Transactions of a rush are put together: each costs the process as much as a hundred facts in one."""

from __future__ import annotations

import asyncio


class Pace:
    """Keeps a kind of work to one beginning per `every_ms`. The first after a rest does not wait.

    While one waits for its turn, what comes meanwhile can join the next. On the clock of the event loop: nothing but
    load depends on it.
    """

    def __init__(self, every_ms: int) -> None:
        self._every_s = every_ms / 1000
        self._next_s = 0.0

    async def turn(self) -> None:
        """Return when it is time. Turns are given in the order in which they are asked for."""
        now_s = asyncio.get_running_loop().time()
        wait_s = self._next_s - now_s
        self._next_s = max(self._next_s, now_s) + self._every_s
        if wait_s > 0:
            await asyncio.sleep(wait_s)
