"""Facts on their way to the store: batched, off the audio path, on disk while the database is away.

A fact is **acknowledged** when it is stored, or when its line in the spool was forced to the disk. Acknowledged facts
survive a `kill -9`; what was put within the last few milliseconds may not be acknowledged yet.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from huntgroup.calls.ports import CallStore, Clock
from huntgroup.calls.record.backlog import BATCH_FACTS, Backlog
from huntgroup.calls.record.orphans import Orphans
from huntgroup.calls.record.spool import Entry, Spool
from huntgroup.calls.record.storing import Storing
from huntgroup.domain.errors import SpoolUnusable, StoreUnavailable
from huntgroup.domain.facts import Fact

logger = logging.getLogger(__name__)
RETRY_MS = (100, 300, 1_000, 3_000)
ORPHANS_EVERY_MS = 5_000


class FactWriter:
    """Writes the facts of all calls, in order.

    `put` never blocks and may be called from anywhere on the loop. `run` is one long task of the house and must have
    ended before `close`. While the store is `away` facts go to the spool, and from there to the store when it is back;
    without a spool, or while it cannot be written (`problem` says why), they wait in memory. `epoch_of` tells under
    which ownership a call is held here.
    """

    def __init__(
        self,
        store: CallStore,
        clock: Clock,
        spool: Spool | None = None,
        *,
        epoch_of: Callable[[str], int] = lambda call_id: 0,
    ) -> None:
        self._clock = clock
        self._spool = spool
        self._epoch_of = epoch_of
        self._storing = Storing(store, self._set_aside)
        self._orphans = Orphans(spool, self._storing) if spool is not None else None
        self._memory = Backlog()
        self._arrived = asyncio.Event()
        self._gone = asyncio.Event()
        self._turn = asyncio.Lock()
        self._spooled = self._drained = 0
        self.problem: str | None = None

    @property
    def away(self) -> bool:
        """Whether the store does not answer."""
        return self._gone.is_set()

    @property
    def backlog(self) -> int:
        """How many facts are not stored yet."""
        return len(self._memory) + self._spooled

    def put(self, fact: Fact) -> None:
        """Take a fact."""
        self._memory.put(Entry(self._epoch_of(fact.call_id), fact))
        self._arrived.set()

    def holds(self, call_id: str) -> bool:
        """Whether a fact of this call is not stored yet, in memory or in the spool."""
        return self._memory.holds(call_id)

    async def settled(self) -> None:
        """Return when everything put so far is stored."""
        await self._memory.stored()

    async def acknowledged(self, patience_ms: int = 2_000) -> None:
        """Return when everything put so far would survive this process. Raises `StoreUnavailable` after a while."""
        try:
            await asyncio.wait_for(self._memory.safe(), patience_ms / 1000)
        except TimeoutError:
            raise StoreUnavailable("facts can be stored neither in the database nor on disk") from None

    async def adopt(self, owner: str) -> bool:
        """Store what the process `owner`, which is dead, has left on this disk; False when that cannot be done now."""
        return self._orphans is None or await self._orphans.take_up(owner)

    async def is_spooling(self, owner: str) -> bool:
        """Whether the process `owner` has facts on this disk that are not stored yet."""
        return self._orphans is not None and await self._orphans.has_facts_of(owner)

    async def run(self) -> None:
        """Write until cancelled."""
        await self._open_spool()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._write(), name="facts to the store")
            tasks.create_task(self._come_back(), name="spool to the store")
            tasks.create_task(self._look_for_orphans(), name="orphans to the store")

    async def close(self, patience_ms: int = 2_000) -> None:
        """Store what waits, for at most `patience_ms`; the rest stays in the spool for whoever takes it up."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._try_again(), patience_ms / 1000)
        if self._spool is None:
            return
        while self._memory and await self._to_spool(self._memory.first()):
            continue
        if self.backlog:
            logger.warning("%d facts wait in the spool for the database", self.backlog)
        await asyncio.to_thread(self._spool.close)

    # -- the three tasks ------------------------------------------------------------------------------------------

    async def _write(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            async with self._turn:
                await self._flush()

    async def _come_back(self) -> None:
        """While the store is away, try it again, with pauses that grow."""
        while True:
            await self._gone.wait()
            failures = 0
            while self.away:
                await self._clock.sleep_ms(RETRY_MS[min(failures, len(RETRY_MS) - 1)])
                failures += 1
                await self._try_again()
            logger.warning("the store is back, and every fact is in it")

    async def _look_for_orphans(self) -> None:
        while self._orphans is not None:
            if not self.away:
                await self._orphans.take_up()
            await self._clock.sleep_ms(ORPHANS_EVERY_MS)

    # -- one batch after the other, in order ------------------------------------------------------------------------

    async def _flush(self) -> None:
        while self._memory:
            batch = self._memory.first()
            if not self.away and await self._storing.store(batch):
                self._took(batch)
            elif not await self._to_spool(batch):
                return

    async def _to_spool(self, batch: Sequence[Entry]) -> bool:
        if not self.away:
            self._gone.set()
            logger.warning("the store is away: facts go to the spool")
        if self._spool is None:
            return False
        try:
            await asyncio.to_thread(self._spool.append, batch)
        except SpoolUnusable as error:
            self._has_problem(str(error))
            return False
        self._has_problem(None)
        self._spooled += len(batch)
        self._took(batch)
        return True

    async def _try_again(self) -> bool:
        """Store the spool, then what is in memory behind it; True when nothing is left."""
        if not await self._drain():
            return False
        async with self._turn:
            # What was spooled meanwhile comes next; from here on nothing more is.
            if not await self._drain():
                return False
            while self._memory:
                batch = self._memory.first()
                if not await self._storing.store(batch):
                    self._gone.set()
                    return False
                self._took(batch)
            await self._empty_spool()
            self._spooled = 0
            self._gone.clear()
            self._note_stored()
        return True

    async def _drain(self) -> bool:
        """Store the lines of the spool that are not stored yet."""
        while self._spool is not None:
            try:
                chunk = await asyncio.to_thread(self._spool.read, self._drained, BATCH_FACTS)
            except SpoolUnusable as error:
                self._has_problem(str(error))
                return False
            if chunk.end == self._drained:
                return True
            if not await self._storing.store(chunk.entries):
                return False
            await self._set_aside(chunk.unreadable)
            self._drained = chunk.end
            self._spooled = max(0, self._spooled - len(chunk.entries))
            self._note_stored()
        return True

    def _took(self, batch: Sequence[Entry]) -> None:
        """Note that the first facts in memory are acknowledged."""
        self._memory.took(batch)
        self._note_stored()

    def _note_stored(self) -> None:
        self._memory.all_but(self.backlog)

    # -- the spool --------------------------------------------------------------------------------------------------

    async def _open_spool(self) -> None:
        """Find out now, and not in the first outage, whether there is a disk to write to."""
        if self._spool is not None:
            try:
                await asyncio.to_thread(self._spool.open)
            except SpoolUnusable as error:
                self._has_problem(str(error))

    async def _empty_spool(self) -> None:
        """Where a file cannot be emptied, what is in it is stored, and what comes next is read behind it."""
        if self._spool is None:
            return
        try:
            if await asyncio.to_thread(self._spool.clear, self._drained):
                self._drained = 0
        except SpoolUnusable as error:
            self._has_problem(str(error))

    async def _set_aside(self, lines: Sequence[bytes]) -> None:
        if self._spool is None or not lines:
            return
        try:
            await asyncio.to_thread(self._spool.set_aside, lines)
        except SpoolUnusable as error:
            self._has_problem(str(error))

    def _has_problem(self, problem: str | None) -> None:
        if problem is not None and self.problem is None:
            logger.error("SpoolUnusable: %s; while the database is away, facts wait in memory", problem)
        self.problem = problem
