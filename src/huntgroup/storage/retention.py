"""Forgetting the sound of calls: when the team's time is over, and when a call's record is gone."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from huntgroup.storage.archive import PgArchive
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.recordings import Recordings

_DAY_S = 24 * 3600
_MOST_IDS = 1_000


class SoundRetention:
    """What is kept of the sound of calls. `keep_days` and `default_days` are for how long a team's sound is kept; the
    sound of a call whose record is gone goes with it.
    """

    def __init__(
        self,
        store: PgCallStore,
        archive: PgArchive,
        recordings: Recordings,
        keep_days: Mapping[str, int],
        default_days: int,
    ) -> None:
        self._store = store
        self._archive = archive
        self._recordings = recordings
        self._keep_days = keep_days
        self._default_days = default_days

    async def forget_expired(self, now: datetime) -> int:
        """Delete the sound that is kept no longer at `now`; returns of how many calls.

        Raises `StoreUnavailable`, or `OSError` for files that cannot be deleted.
        """
        ages_s = await asyncio.to_thread(self._recordings.calls)
        forgotten = 0
        call_ids = sorted(ages_s)
        for start in range(0, len(call_ids), _MOST_IDS):
            some = call_ids[start : start + _MOST_IDS]
            teams = await self._archive.teams_of(some)
            due = [call_id for call_id in some if self._is_over(teams.get(call_id), ages_s[call_id])]
            for call_id in due:
                await asyncio.to_thread(self._recordings.forget, call_id)
            forgotten += len(due)
        return forgotten

    async def forget(self, call_id: str) -> None:
        """Forget one call with its sound, at once. Raises as `forget_expired` does."""
        await self._store.forget([call_id])
        await asyncio.to_thread(self._recordings.forget, call_id)

    def _is_over(self, team: str | None, age_s: float) -> bool:
        return team is None or age_s >= self._keep_days.get(team, self._default_days) * _DAY_S
