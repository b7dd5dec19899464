"""Forgetting calls in time: their record when the tenant's time is over, their sound when the team's is."""

import asyncio
import logging
from collections.abc import Mapping

from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.recordings import Recordings

logger = logging.getLogger(__name__)
EVERY_MS = 3_600_000
_DAY_S = 24 * 3600
_MOST_IDS = 1_000


class Retention:
    """Looks every hour for what is to be kept no longer. `keep_days` and `default_days` are for how long a team's
    sound is kept; the sound of a call whose record is gone goes with it.
    """

    def __init__(
        self,
        store: PgCallStore,
        archive: PgArchive,
        recordings: Recordings,
        clock: Clock,
        keep_days: Mapping[str, int],
        default_days: int,
    ) -> None:
        self._store = store
        self._archive = archive
        self._recordings = recordings
        self._clock = clock
        self._keep_days = keep_days
        self._default_days = default_days

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StoreUnavailable, OSError) as error:
                logger.warning("nothing was forgotten this time: %s", type(error).__name__)
            await self._clock.sleep_ms(EVERY_MS)

    async def sweep(self) -> None:
        """Forget once. Raises `StoreUnavailable`, or `OSError` for files that cannot be deleted."""
        while await self._store.forget_expired(self._clock.utc_now()):
            continue
        ages = await asyncio.to_thread(self._recordings.calls)
        call_ids = sorted(ages)
        for start in range(0, len(call_ids), _MOST_IDS):
            some = call_ids[start : start + _MOST_IDS]
            teams = await self._archive.teams_of(some)
            for call_id in some:
                if self._is_over(teams.get(call_id), ages[call_id]):
                    await asyncio.to_thread(self._recordings.forget, call_id)

    async def forget(self, call_id: str) -> None:
        """Forget one call with its sound, now. Raises as `sweep` does."""
        await self._store.forget([call_id])
        await asyncio.to_thread(self._recordings.forget, call_id)

    def _is_over(self, team: str | None, age_s: float) -> bool:
        return team is None or age_s >= self._keep_days.get(team, self._default_days) * _DAY_S
