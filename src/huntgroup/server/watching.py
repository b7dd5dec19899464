"""A live call for who watches over it: a feed of everything in it, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import FACT_TYPES, CallStarted, Clear
from huntgroup.server.house import House
from huntgroup.server.livefeed import LiveFeed
from huntgroup.wire import live

CHECK_EVERY_S = 10.0
# A session that cannot be looked up is trusted for as long as an outage usually takes.
TRUSTED_FOR_CHECKS = 90
EVERYTHING_CLEAR: Clear = {kind.__name__: kind.PERSONAL for kind in FACT_TYPES}
_BEAT = b": still here\n\n"


class Permit:
    """Whether a viewer may go on watching, asked every `check_every_s`, also while much is happening.

    `may_stay` raises `StoreUnavailable` when nobody can tell: then they stay, for `TRUSTED_FOR_CHECKS` checks in a row.
    """

    def __init__(self, may_stay: Callable[[], Awaitable[bool]], check_every_s: float) -> None:
        self._may_stay = may_stay
        self._every_s = check_every_s
        self._next = asyncio.get_running_loop().time() + check_every_s
        self._unknown = 0

    @property
    def wait_s(self) -> float:
        """For how long the last answer holds."""
        return max(0.0, self._next - asyncio.get_running_loop().time())

    async def look(self) -> live.Storage | bool:
        """Return whether they may stay, or, when they may, the message that the database went away or is back."""
        self._next = asyncio.get_running_loop().time() + self._every_s
        try:
            stays = await self._may_stay()
        except StoreUnavailable:
            self._unknown += 1
            return live.Storage(away=True) if self._unknown == 1 else self._unknown <= TRUSTED_FOR_CHECKS
        was_away, self._unknown = bool(self._unknown), 0
        return live.Storage(away=False) if stays and was_away else stays


async def watch(
    house: House, call_id: str, may_stay: Callable[[], Awaitable[bool]], *, check_every_s: float = CHECK_EVERY_S
) -> AsyncIterator[bytes]:
    """Yield a call that is held here from its beginning to its end, growing captions included.

    Nothing for a call that is not held here. Whoever watches is asked every now and then whether they `may_stay`; a
    database that is away does not end the stream, and the stream says so.
    """
    started = next((fact for fact in house.facts_of(call_id) if isinstance(fact, CallStarted)), None)
    if started is None or started.team not in house.teams:
        return
    feed = LiveFeed(house, call_id, house.teams[started.team], clear=EVERYTHING_CLEAR)
    permit = Permit(may_stay, check_every_s)
    coming = asyncio.ensure_future(feed.next())
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=permit.wait_s)
            if permit.wait_s == 0:
                answer = await permit.look()
                if answer is False:
                    return
                yield _BEAT if answer is True else _event(live.encode(answer))
            if not done:
                continue
            message = coming.result()
            if message is None:
                return
            yield _event(message)
            coming = asyncio.ensure_future(feed.next())
    finally:
        coming.cancel()
        feed.close()


def _event(message: bytes) -> bytes:
    return b"data: " + message + b"\n\n"
