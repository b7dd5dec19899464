"""The calls that this process owns: leases renewed in the background, and what happens when one is lost.

Each ownership of a call has a number, its epoch: 1 for the process that answered it, and one more with each change.
Facts are written under an epoch, and the store keeps those of a past one out of the call's record.

While the database is away nothing can be renewed, and no call is dropped for that: the leases run out, but to take a
call over another process needs the database too, and waits until its owner had the time to renew once the database is
back (`answered_for_ms`). A renewal revives each lease that nobody has taken; a call that was taken is lost to us and
ends here. A call that is over is owned until its facts are stored (`release_when`).
"""

import asyncio
import logging
from collections.abc import Callable

from huntgroup.calls.ports import CallLeases, Clock
from huntgroup.domain.errors import StoreUnavailable

logger = logging.getLogger(__name__)
LIFETIME_MS = 10_000
RENEW_EVERY_MS = 2_000
LIMIT_S = 3.0
# The longest that a process with a living call needs, once the database is back, to renew its lease: an attempt that
# hangs, and the pause after it.
REVIVED_AFTER_MS = RENEW_EVERY_MS + int(LIMIT_S * 1000)
FIRST_EPOCH = 1

OnLost = Callable[[], None]


class Ownership:
    """What the process named `owner` owns. `run` is one long task of the house; `close` gives everything up."""

    def __init__(self, leases: CallLeases, owner: str, clock: Clock) -> None:
        self.owner = owner
        self.draining = False
        self._leases = leases
        self._clock = clock
        self._held: dict[str, int] = {}
        self._losers: dict[str, OnLost] = {}
        self._due = asyncio.Event()
        self._away = False
        self._answers_since_ms: int | None = None
        # One statement at a time: a renewal that is on its way would revive a lease that is given up meanwhile.
        self._turn = asyncio.Lock()
        self._leaving: dict[str, Callable[[], bool]] = {}

    def epoch_of(self, call_id: str) -> int:
        """Return the epoch under which this process writes facts of a call."""
        return self._held.get(call_id, FIRST_EPOCH)

    @property
    def calls(self) -> frozenset[str]:
        """The calls that are owned here."""
        return frozenset(self._held)

    @property
    def answered_for_ms(self) -> int:
        """For how long the database has answered every renewal; 0 while it is away, or was not asked yet."""
        return 0 if self._answers_since_ms is None else self._clock.now_ms() - self._answers_since_ms

    def hold(self, call_id: str, epoch: int = FIRST_EPOCH) -> None:
        """Own a call that is ours already: one that begins here, or one that `take` returned an epoch for."""
        self._held[call_id] = epoch
        self._leaving.pop(call_id, None)
        self._due.set()

    def watch(self, call_id: str, on_lost: OnLost) -> None:
        """Have `on_lost` called once when the call turns out to be somebody else's."""
        self._losers[call_id] = on_lost

    async def take(self, call_id: str, *, gone: str | None = None) -> int | None:
        """Take a call over from a process that has ended or released it. Raises `StoreUnavailable`."""
        epoch = await self._leases.take(call_id, self.owner, lifetime_ms=LIFETIME_MS, gone=gone)
        if epoch is not None:
            self.hold(call_id, epoch)
        return epoch

    async def release(self, call_id: str) -> None:
        """Own a call no more: somebody else may take it at once. An outage only delays that until the lease ends."""
        epoch = self._held.pop(call_id, None)
        self._losers.pop(call_id, None)
        self._leaving.pop(call_id, None)
        if epoch is None:
            return
        try:
            async with asyncio.timeout(LIMIT_S), self._turn:
                await self._leases.release(self.owner, {call_id: epoch})
        except (StoreUnavailable, TimeoutError):
            logger.info("the lease of call %s is left to run out", call_id)

    async def release_when(self, call_id: str, is_free: Callable[[], bool]) -> None:
        """Release a call that is over here once `is_free` says so, which is asked at once and with every renewal."""
        if is_free():
            await self.release(call_id)
        elif call_id in self._held:
            self._losers.pop(call_id, None)
            self._leaving[call_id] = is_free

    async def others(self) -> list[str]:
        """Return the other processes that take calls; none while the database is away."""
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._leases.others(self.owner)
        except (StoreUnavailable, TimeoutError):
            return []

    async def drain(self) -> None:
        """Let the others know that this process takes no more calls."""
        self.draining = True
        await self.renew()

    async def run(self) -> None:
        """Renew until cancelled; a call that begins is announced at once."""
        while True:
            await self.renew()
            await self._release_due()
            timer = asyncio.ensure_future(self._clock.sleep_ms(RENEW_EVERY_MS))
            due = asyncio.ensure_future(self._due.wait())
            try:
                await asyncio.wait({timer, due}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                timer.cancel()
                due.cancel()

    async def renew(self) -> None:
        """Renew all leases in one statement, and tell of those that are lost."""
        self._due.clear()
        try:
            async with asyncio.timeout(LIMIT_S), self._turn:
                held = dict(self._held)
                lost = await self._leases.renew(self.owner, held, lifetime_ms=LIFETIME_MS, draining=self.draining)
        except (StoreUnavailable, TimeoutError):
            self._noted(away=True)
            return
        except Exception as error:
            logger.error("the leases could not be renewed: %s", type(error).__name__)
            return
        self._noted(away=False)
        for call_id in lost:
            self._lose(call_id, held[call_id])

    async def close(self) -> None:
        """Release what is left, and take no more part."""
        for call_id in list(self._held):
            await self.release(call_id)
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._leases.leave(self.owner)
        except (StoreUnavailable, TimeoutError):
            logger.info("the database is away: this process is forgotten when its time has run out")

    async def _release_due(self) -> None:
        for call_id in [call_id for call_id, is_free in self._leaving.items() if is_free()]:
            await self.release(call_id)

    def _lose(self, call_id: str, epoch: int) -> None:
        if self._held.get(call_id) != epoch:
            return
        on_lost = self._losers.pop(call_id, None)
        if on_lost is not None:
            logger.warning("call %s has gone to another process and ends here", call_id)
            on_lost()

    def _noted(self, *, away: bool) -> None:
        if away and not self._away:
            logger.warning("leases cannot be renewed while the database is away; no call is dropped for that")
        self._away = away
        if away:
            self._answers_since_ms = None
        elif self._answers_since_ms is None:
            self._answers_since_ms = self._clock.now_ms()
