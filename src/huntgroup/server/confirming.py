"""Telling a page which of its words it need not keep any longer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from huntgroup.calls.turns.hand import Hand
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.wire import live

MOST_OWED = 100


class Confirming:
    """Tells `kept` of a page's words as soon as they would survive this process. `close` must be called.

    While nothing can be stored nothing is told; what is more than can wait is not told at all, and the page asks again
    by sending the words once more.
    """

    def __init__(self, tell: Callable[[live.Kept], None]) -> None:
        self._tell = tell
        self._owed: asyncio.Queue[tuple[str, Hand]] = asyncio.Queue(MOST_OWED)
        self._working = asyncio.create_task(self._work(), name="words of a page on record")

    def taken(self, words_id: str, hand: Hand) -> None:
        """The call has these words, now or for some time."""
        with contextlib.suppress(asyncio.QueueFull):
            self._owed.put_nowait((words_id, hand))

    def close(self) -> None:
        """Tell nothing any more."""
        self._working.cancel()

    async def _work(self) -> None:
        while True:
            words_id, hand = await self._owed.get()
            while not await _is_safe(hand):
                continue
            self._tell(live.Kept(id=words_id))


async def _is_safe(hand: Hand) -> bool:
    try:
        await hand.acknowledged()
    except StoreUnavailable:
        return False
    return True
