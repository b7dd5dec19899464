"""Whether the page of a call is there, and what follows when it stays away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from huntgroup.domain.clock import Clock


class Presence:
    """Counts the pages of one call. `on_lost` is told when none has been there for `return_ms`.

    Nothing is counted before the first page came; `close` must be called at the end.
    """

    def __init__(self, clock: Clock, return_ms: int, on_lost: Callable[[], object]) -> None:
        self._clock = clock
        self._return_ms = return_ms
        self._on_lost = on_lost
        self._pages = 0
        self._closed = False
        self._absence: asyncio.Task[None] | None = None

    @property
    def is_here(self) -> bool:
        """Whether at least one page is there."""
        return self._pages > 0

    def attach(self) -> None:
        """A page is there."""
        self._pages += 1
        self._forget()

    def detach(self) -> None:
        """A page is gone; it may come back."""
        self._pages -= 1
        if not self._pages and not self._closed:
            self._forget()
            self._absence = asyncio.create_task(self._wait(), name="a call waits for its page")

    def close(self) -> None:
        """Wait for nobody any more."""
        self._closed = True
        self._forget()

    def _forget(self) -> None:
        if self._absence is not None and self._absence is not asyncio.current_task():
            self._absence.cancel()
        self._absence = None

    async def _wait(self) -> None:
        await self._clock.sleep_ms(self._return_ms)
        self._on_lost()
