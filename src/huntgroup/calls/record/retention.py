"""What is kept no longer is deleted, once an hour: records of calls, wishes to be called back, facts set aside."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from huntgroup.calls.ports import Clock
from huntgroup.calls.record.spool import unreadable_in
from huntgroup.domain.errors import StoreUnavailable

logger = logging.getLogger(__name__)
EVERY_MS = 3_600_000


class Expiring(Protocol):
    """A store of things that are kept for a time."""

    async def forget_expired(self, now: datetime) -> int:
        """Delete some of what is kept no longer at `now`; returns how many, 0 when nothing is left to delete.

        Raises `StoreUnavailable`.
        """
        ...


class KeptFor(Protocol):
    """How long things are kept."""

    async def shortest_days(self) -> int | None:
        """Return the shortest time of any tenant; None when all is kept for ever. Raises `StoreUnavailable`."""
        ...


class Retention:
    """Deletes what is due. Of facts set aside in the folder `spools` nobody knows whose they are: the shortest time
    counts."""

    def __init__(self, stores: Sequence[Expiring], kept_for: KeptFor, spools: Path, clock: Clock) -> None:
        self._stores = stores
        self._kept_for = kept_for
        self._spools = spools
        self._clock = clock

    async def run(self) -> None:
        """Delete at once and then every hour, until cancelled."""
        while True:
            try:
                await self.forget()
            except StoreUnavailable:
                logger.info("nothing is deleted while the database is away")
            except Exception as error:
                logger.error("what is kept no longer could not be deleted: %s", type(error).__name__)
            await self._clock.sleep_ms(EVERY_MS)

    async def forget(self) -> None:
        """Delete all that is due now. Raises `StoreUnavailable`."""
        now = self._clock.utc_now()
        for store in self._stores:
            while await store.forget_expired(now):
                continue
        days = await self._kept_for.shortest_days()
        if days is not None:
            await asyncio.to_thread(_forget_files, self._spools, now - timedelta(days=days))


def _forget_files(folder: Path, before: datetime) -> None:
    for path in unreadable_in(folder):
        # Another process may delete it as well.
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
