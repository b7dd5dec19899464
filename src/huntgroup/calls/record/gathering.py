"""When facts that wait are written: a moment later, with those of other calls, or at once when somebody waits."""

import asyncio


class Gathering:
    """For one writer, who waits for `due` again and again. `arrived` tells of every fact, `hurry` of who waits.

    A transaction costs about as much for one fact as for ten. With 0 nothing is gathered.
    """

    def __init__(self, gather_s: float) -> None:
        self._gather_s = gather_s
        self._arrived = asyncio.Event()
        self._hurry = asyncio.Event()

    def arrived(self) -> None:
        """Something is to be written."""
        self._arrived.set()

    def hurry(self) -> None:
        """What is there, or else what comes next, is written without delay."""
        self._hurry.set()

    async def due(self) -> None:
        """Return when something is to be written."""
        await self._arrived.wait()
        if self._gather_s:
            await self._a_moment()
        self._arrived.clear()

    async def _a_moment(self) -> None:
        timer = asyncio.get_running_loop().call_later(self._gather_s, self._hurry.set)
        try:
            await self._hurry.wait()
        finally:
            timer.cancel()
        self._hurry.clear()
