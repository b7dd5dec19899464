"""A live call for who watches over it: a feed of everything in it, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from huntgroup.domain.facts import FACT_TYPES, CallStarted, Clear
from huntgroup.server.house import House
from huntgroup.server.livefeed import LiveFeed

CHECK_EVERY_S = 10.0
EVERYTHING_CLEAR: Clear = {kind.__name__: kind.PERSONAL for kind in FACT_TYPES}
_BEAT = b": still here\n\n"


async def watch(house: House, call_id: str, may_stay: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    """Yield a call that is held here from its beginning to its end, growing captions included.

    Nothing for a call that is not held here. Whoever watches is asked every now and then whether they `may_stay`.
    """
    started = next((fact for fact in house.facts_of(call_id) if isinstance(fact, CallStarted)), None)
    if started is None or started.team not in house.teams:
        return
    feed = LiveFeed(house, call_id, house.teams[started.team], clear=EVERYTHING_CLEAR)
    coming = asyncio.ensure_future(feed.next())
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=CHECK_EVERY_S)
            if not done:
                if not await may_stay():
                    return
                yield _BEAT
                continue
            message = coming.result()
            if message is None:
                return
            yield b"data: " + message + b"\n\n"
            coming = asyncio.ensure_future(feed.next())
    finally:
        coming.cancel()
        feed.close()
