"""A limit on time by the call's own clock."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from huntgroup.domain.clock import Clock

T = TypeVar("T")


class LimitPassed(TimeoutError):
    """The limit is over, as told from a `TimeoutError` of the work's own."""


async def limited(work: Awaitable[T], limit_ms: int, clock: Clock) -> T:
    """Return what `work` returns. Raises `LimitPassed` past `limit_ms`; then, and when cancelled, the work stops."""
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(clock.sleep_ms(limit_ms))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise LimitPassed
        return task.result()
    finally:
        timer.cancel()
        if not task.done():
            task.cancel()
            task.add_done_callback(_look_away)


def _look_away(task: asyncio.Task[Any]) -> None:
    """Take the exception of work that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
