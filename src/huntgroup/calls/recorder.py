"""Facts on their way to the store: batched, off the audio path, kept while the database is away."""

import asyncio
import contextlib
import logging
from collections import deque
from pathlib import Path

import msgspec

from huntgroup.calls.ports import CallStore, Clock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import Fact, decode_fact, encode_fact

logger = logging.getLogger(__name__)
BATCH_FACTS = 200
RETRY_MS = (100, 300, 1_000, 3_000)


class FactWriter:
    """Writes the facts of all calls in order.

    `put` never blocks and may be called from anywhere on the loop. `run` is one long task of the house and must have
    ended before `close`. While the store is `away` facts wait in memory; `close` writes what is left, or leaves it in
    `spool` for the next start.
    """

    def __init__(self, store: CallStore, clock: Clock, spool: Path | None = None) -> None:
        self._store = store
        self._clock = clock
        self._spool = spool
        self._waiting: deque[Fact] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._taken: Path | None = None
        self.away = False

    def put(self, fact: Fact) -> None:
        """Take a fact."""
        self._waiting.append(fact)
        self._idle.clear()
        self._arrived.set()

    @property
    def backlog(self) -> int:
        """How many facts are not stored yet."""
        return len(self._waiting)

    async def run(self) -> None:
        """Write until cancelled."""
        self._read_spool()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            await self._drain()

    async def settled(self) -> None:
        """Return when everything put so far is stored."""
        await self._idle.wait()

    async def close(self, patience_ms: int = 2_000) -> None:
        """Store what waits, for at most `patience_ms`; the rest goes to the spool file."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drain(), patience_ms / 1000)
        if self._waiting and self._spool is not None:
            lines = b"".join(encode_fact(fact) + b"\n" for fact in self._waiting)
            await asyncio.to_thread(_append, self._spool, lines)
            logger.warning("%d facts wait in the spool for the database", len(self._waiting))

    async def _drain(self) -> None:
        failures = 0
        while self._waiting:
            batch = [self._waiting[at] for at in range(min(BATCH_FACTS, len(self._waiting)))]
            try:
                await self._store.append(batch)
            except StoreUnavailable as error:
                self.away = True
                if failures == 0:
                    logger.warning("the store is away, facts wait: %s", error)
                await self._clock.sleep_ms(RETRY_MS[min(failures, len(RETRY_MS) - 1)])
                failures += 1
                continue
            except Exception as error:
                logger.error("a batch of facts cannot be stored: %s", type(error).__name__)
                if not await self._one_by_one(batch):
                    continue
            failures = 0
            self.away = False
            for _ in batch:
                self._waiting.popleft()
        self._idle.set()
        self._forget_spool()

    async def _one_by_one(self, batch: list[Fact]) -> bool:
        """Store what can be stored of a batch, set aside in a file what the store refuses; False when it went away."""
        for fact in batch:
            try:
                await self._store.append([fact])
            except StoreUnavailable:
                raise
            except Exception as error:
                logger.error("fact %d of call %s is set aside: %s", fact.seq, fact.call_id, type(error).__name__)
                await self._set_aside(encode_fact(fact) + b"\n")
        return True

    async def _set_aside(self, line: bytes) -> None:
        if self._spool is not None:
            await asyncio.to_thread(_append, self._spool.with_suffix(".unreadable"), line)

    def _read_spool(self) -> None:
        """Take up what the last process left; the file stays until its facts are stored."""
        if self._spool is None:
            return
        taken = self._spool.with_suffix(".taken")
        if self._spool.exists():
            _append(taken, self._spool.read_bytes())
            self._spool.unlink()
        if not taken.exists():
            return
        self._taken = taken
        unreadable = []
        for line in taken.read_bytes().splitlines(keepends=True):
            try:
                self.put(decode_fact(line))
            except msgspec.MsgspecError:
                unreadable.append(line)
        if unreadable:
            logger.error("%d spooled facts are unreadable and stay beside the spool", len(unreadable))
            _append(self._spool.with_suffix(".unreadable"), b"".join(unreadable))

    def _forget_spool(self) -> None:
        if self._taken is not None:
            self._taken.unlink(missing_ok=True)
            self._taken = None


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
