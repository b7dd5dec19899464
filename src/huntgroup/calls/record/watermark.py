"""How far a numbered row of things has come, and who waits for a number of it."""

import asyncio
from collections import deque


class Watermark:
    """`at` is the number up to which everything is done; it never goes back."""

    def __init__(self) -> None:
        self.at = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    def reach(self, number: int) -> None:
        """Note that everything up to `number` is done."""
        self.at = max(self.at, number)
        while self._waiting and self._waiting[0][0] <= self.at:
            _, done = self._waiting.popleft()
            if not done.done():
                done.set_result(None)

    async def passed(self, number: int) -> None:
        """Return when everything up to `number` is done. Numbers are asked for in growing order."""
        if self.at < number:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((number, done))
            await done
