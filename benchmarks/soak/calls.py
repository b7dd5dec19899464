"""Short calls, a few at a time: an answer, a turn with a tool, a handoff, and one of three ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import count

from benchmarks.media.callers import Caller, Crowd

CALL_LIMIT_S = 30.0
ENDS = ("agent", "agent", "caller", "network")
"""Who ends a call, in turn: the agent by its last tool, the caller in the middle, or a network that takes him."""
_LEAVES_AFTER_S = 0.25


class Callers:
    """Places calls on one server; `ends` counts how they ended."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._crowd = Crowd()
        self._numbers = count()
        self.ends: Counter[str] = Counter()

    async def place(self, calls: int, *, at_once: int) -> None:
        """Place `calls` calls and return when all are over."""
        sending = asyncio.create_task(self._crowd.run())
        room = asyncio.Semaphore(at_once)
        async with asyncio.TaskGroup() as group:
            for _ in range(calls):
                await room.acquire()
                group.create_task(self._one(room))
        sending.cancel()

    async def _one(self, room: asyncio.Semaphore) -> None:
        number = next(self._numbers)
        caller = Caller(number)
        try:
            async with asyncio.timeout(CALL_LIMIT_S):
                await caller.dial(self._host, self._port, "bench")
                self._crowd.add(caller)
                self.ends[await self._end(caller, ENDS[number % len(ENDS)])] += 1
        except (TimeoutError, OSError) as error:
            caller.lose()
            self.ends[f"failed: {type(error).__name__}"] += 1
        finally:
            if caller in self._crowd.callers:
                self._crowd.remove(caller)
            room.release()

    async def _end(self, caller: Caller, who: str) -> str:
        if who != "agent":
            await asyncio.sleep(_LEAVES_AFTER_S)
            caller.hang_up() if who == "caller" else caller.lose()
        await caller.over
        if who == "agent":
            await caller.follow(self._host, self._port)
        return who
