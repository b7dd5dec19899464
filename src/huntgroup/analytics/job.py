"""The job that analyses calls after they ended. It runs beside the calls; nothing that fails here reaches one."""

import asyncio
import logging

from huntgroup.analytics.ports import Analyst, AnalyticsFailed, AnalyticsStore
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import RetryError
from huntgroup.domain.facts import CallEnded, Fact

logger = logging.getLogger(__name__)

FIRST_BACKOFF_MS = 200
SWEEP_LIMIT = 500


class AnalyticsJob:
    """A bounded queue of call ids and one worker.

    The owner runs `run()` as a task, calls `submit()` when a call has ended, and `close()` at shutdown, after which
    `run()` finishes what is queued and returns.
    """

    def __init__(
        self, store: AnalyticsStore, analyst: Analyst, clock: Clock, *, capacity: int = 256, attempts: int = 6
    ) -> None:
        self._store = store
        self._analyst = analyst
        self._clock = clock
        self._attempts = attempts
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=capacity)
        self._closing = False
        self.failures = 0
        """Calls given up on since the start; the next sweep takes them up again."""

    def submit(self, call_id: str) -> bool:
        """Queue an ended call; never blocks. False when the queue is full or closed: the next sweep finds the call."""
        if self._closing:
            return False
        try:
            self._queue.put_nowait(call_id)
        except asyncio.QueueFull:
            logger.warning("AnalyticsFailed: the queue is full; the next sweep takes this call up")
            return False
        return True

    async def run(self) -> None:
        """Sweep once, then work until `close()`."""
        await self._sweep_quietly()
        while (call_id := await self._queue.get()) is not None:
            await self._settle(call_id)
            self._queue.task_done()
        self._queue.task_done()

    async def close(self) -> None:
        """Take no more calls; `run()` returns when what is queued is done."""
        if not self._closing:
            self._closing = True
            await self._queue.put(None)

    async def idle(self) -> None:
        """Return when everything submitted so far was worked on."""
        await self._queue.join()

    async def sweep(self) -> int:
        """Analyse ended calls that have no analytics; return how many there were. Raises `StoreUnavailable`."""
        missed = [
            call.call_id
            for call in await self._store.calls(limit=SWEEP_LIMIT)
            if call.ended_at is not None and call.sentiment_score is None
        ]
        for call_id in missed:
            await self._settle(call_id)
        return len(missed)

    async def _sweep_quietly(self) -> None:
        try:
            await self.sweep()
        except RetryError as error:
            logger.warning("%s: calls without analytics wait for the next start", type(error).__name__)

    async def _settle(self, call_id: str) -> None:
        """Analyse one call, trying again with growing pauses; whatever happens is logged and counted, never raised."""
        backoff_ms = FIRST_BACKOFF_MS
        for attempt in range(1, self._attempts + 1):
            try:
                await self._analyse(call_id)
            except RetryError as error:
                reason = getattr(error, "reason", type(error).__name__)
            except Exception as error:
                reason = type(error).__name__
            else:
                return
            if attempt < self._attempts:
                await self._clock.sleep_ms(backoff_ms)
                backoff_ms *= 2
        self.failures += 1
        logger.error("AnalyticsFailed: call %s after %d attempts: %s", call_id, self._attempts, reason)

    async def _analyse(self, call_id: str) -> None:
        facts = await self._store.facts(call_id)
        if not _complete(facts):
            raise AnalyticsFailed("record_incomplete")
        await self._store.save_analytics(call_id, await self._analyst.analyse(facts))


def _complete(facts: list[Fact]) -> bool:
    """Facts are stored in batches, so a call that has just ended may not be all there yet."""
    return bool(facts) and isinstance(facts[-1], CallEnded)
