"""The tasks that last as long as the house: one that ends unasked is told of, and makes the house unready."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine

logger = logging.getLogger(__name__)


class LongTasks:
    """Starts tasks by name and ends them. `dead` names those that ended unasked: what they did is done no more."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._dead: list[str] = []

    @property
    def dead(self) -> tuple[str, ...]:
        return tuple(self._dead)

    def start(self, name: str, work: Coroutine[None, None, None]) -> None:
        task = self._running[name] = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)

    async def stop(self, *names: str) -> None:
        """Cancel these tasks; returns when they have ended."""
        tasks = [self._running.pop(name) for name in names if name in self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def finish(self, name: str, limit_s: float) -> None:
        """Let a task end by itself, and cancel it when it does not within `limit_s`."""
        task = self._running.pop(name, None)
        if task is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), limit_s)

    def _ended(self, task: asyncio.Task[None]) -> None:
        name = task.get_name()
        if self._running.get(name) is not task:
            return
        del self._running[name]
        self._dead.append(name)
        error = None if task.cancelled() else task.exception()
        logger.critical("the task %r has ended, by %s: no more calls are taken", name, _kind(error))


def _kind(error: BaseException | None) -> str:
    """Name the kind of an error: its text may hold personal data."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(_kind(one) for one in error.exceptions)
    return "itself" if error is None else type(error).__name__
