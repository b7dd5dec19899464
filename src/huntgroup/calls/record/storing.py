"""One batch of facts into the store, within a limit of time and whatever the store says to single facts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from huntgroup.calls.ports import CallStore
from huntgroup.calls.record.spool import Entry, encode_entry
from huntgroup.domain.errors import StoreUnavailable

logger = logging.getLogger(__name__)
LIMIT_S = 1.0
LATE_LIMIT_S = 10.0
MOST_LATE = 3


class Storing:
    """Stores batches. An answer that takes longer than a second counts as none: the batch is then stored again later,
    which changes nothing. An attempt that still hangs after `late_limit_s` is cancelled, and counts no more.
    `set_aside` keeps the lines of facts that the store refuses."""

    def __init__(
        self,
        store: CallStore,
        set_aside: Callable[[Sequence[bytes]], Awaitable[None]],
        *,
        limit_s: float = LIMIT_S,
        late_limit_s: float = LATE_LIMIT_S,
    ) -> None:
        self._store = store
        self._set_aside = set_aside
        self._limit_s = limit_s
        self._late_limit_s = late_limit_s
        self._late: set[asyncio.Task[frozenset[str]]] = set()
        # Held on to while their clean-up lasts: the store bounds how many connections that can take.
        self._given_up: set[asyncio.Task[frozenset[str]]] = set()

    async def store(self, batch: Sequence[Entry]) -> bool:
        """Store a batch; False when the store is away."""
        try:
            await self._append(batch)
        except StoreUnavailable:
            return False
        except Exception as error:
            logger.error("a batch of facts cannot be stored: %s", type(error).__name__)
            return await self._one_by_one(batch)
        return True

    async def _one_by_one(self, batch: Sequence[Entry]) -> bool:
        for entry in batch:
            try:
                await self._append([entry])
            except StoreUnavailable:
                return False
            except Exception as error:
                fact = entry.fact
                logger.error("fact %d of call %s is set aside: %s", fact.seq, fact.call_id, type(error).__name__)
                await self._set_aside([encode_entry(entry)])
        return True

    async def _append(self, batch: Sequence[Entry]) -> None:
        """A late attempt is left alone for a while: what it stores is stored once anyway."""
        if len(self._late) >= MOST_LATE:
            raise StoreUnavailable("earlier attempts hang still")
        facts, epochs = [entry.fact for entry in batch], [entry.epoch for entry in batch]
        attempt = asyncio.ensure_future(self._store.append(facts, epochs=epochs))
        try:
            done, _ = await asyncio.wait({attempt}, timeout=self._limit_s)
        except asyncio.CancelledError:
            self._leave_alone(attempt)
            self._give_up(attempt)
            raise
        if not done:
            self._leave_alone(attempt)
            raise StoreUnavailable("the store does not answer in time")
        moved = attempt.result()
        if moved:
            logger.warning("facts of %d calls came after the call had gone to another process", len(moved))

    def _leave_alone(self, attempt: "asyncio.Task[frozenset[str]]") -> None:
        self._late.add(attempt)
        attempt.add_done_callback(self._forget)
        asyncio.get_running_loop().call_later(self._late_limit_s, self._give_up, attempt)

    def _give_up(self, attempt: "asyncio.Task[frozenset[str]]") -> None:
        """Its clean-up may hang as well, so the next attempts do not wait for that."""
        if not attempt.done():
            self._late.discard(attempt)
            self._given_up.add(attempt)
            attempt.cancel()

    def _forget(self, attempt: "asyncio.Task[frozenset[str]]") -> None:
        self._late.discard(attempt)
        self._given_up.discard(attempt)
        if not attempt.cancelled():
            attempt.exception()
