"""Forgetting calls when the time is over that their team allows: their record, what was concluded, their sound."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.storage.archive import PgArchive
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.forgotten import forget_records_in
from huntgroup.storage.gone import not_running
from huntgroup.storage.recordings import Recordings

_DAY_S = 24 * 3600
_MOST_IDS = 1_000
_OLD = f"""
    select call_id from huntgroup.calls
    join unnest(cast(:teams as text[]), cast(:days as integer[])) as kept (team, days) using (team)
    where started_at < cast(:now as timestamptz) - make_interval(days => days) {{more}}
        and {not_running("calls.call_id")}
    order by call_id limit :most for update of calls skip locked
"""  # noqa: S608
_OLD_RECORDS = text(_OLD.format(more="and exists (select from huntgroup.facts where facts.call_id = calls.call_id)"))
_OLD_CALLS = text(_OLD.format(more=""))
_NAMELESS = text("update huntgroup.calls set caller = null where call_id = any(cast(:call_ids as text[]))")
# Nothing is left to show of a call that nothing was concluded from.
_WITHOUT_ANALYTICS = text(
    """
    delete from huntgroup.calls where call_id = any(cast(:call_ids as text[]))
        and not exists (select from huntgroup.analytics where analytics.call_id = calls.call_id)
    """
)


class KeptDays(NamedTuple):
    """For how many days after its begin a call's record is kept, and what was concluded from it: at least as long."""

    facts: int
    analytics: int


class RecordRetention:
    """What is kept of the records of calls, by the `kept` days of each team; other teams' are kept on,
    and so is a call that runs yet.

    After the facts' days a call's record is gone, with its caller's number; lists and figures show what was concluded
    from it. After the analytics' days nothing is left of the call.
    """

    def __init__(self, db: Database, store: PgCallStore, kept: Mapping[str, KeptDays]) -> None:
        self._db = db
        self._store = store
        self._kept = kept

    async def forget_expired(self, now: datetime) -> int:
        """Delete up to 1,000 records and as many calls that are kept no longer at `now`; returns how many.

        Raises `StoreUnavailable`.
        """
        async with self._db.session() as session:
            records = await self._due(
                session, _OLD_RECORDS, now, {team: days.facts for team, days in self._kept.items()}
            )
            await _forget_records(session, records)
        async with self._db.session() as session:
            over = {team: days.analytics for team, days in self._kept.items()}
            call_ids = await self._due(session, _OLD_CALLS, now, over)
        await self._store.forget(call_ids)
        return len(records) + len(call_ids)

    async def shortest_days(self) -> int | None:
        """Return the shortest time that any record is kept, by its team or its tenant; None for ever."""
        tenants = await self._store.shortest_days()
        given = [days.facts for days in self._kept.values()] + ([tenants] if tenants is not None else [])
        return min(given, default=None)

    async def _due(
        self, session: AsyncSession, statement: TextClause, now: datetime, days: Mapping[str, int]
    ) -> list[str]:
        values = {"teams": list(days), "days": list(days.values()), "now": now, "most": _MOST_IDS}
        return list((await session.execute(statement, values)).scalars())


async def _forget_records(session: AsyncSession, call_ids: Sequence[str]) -> None:
    await forget_records_in(session, call_ids)
    for statement in (_NAMELESS, _WITHOUT_ANALYTICS):
        await session.execute(statement, {"call_ids": list(call_ids)})


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
            await asyncio.to_thread(self._recordings.forget, *due)
            forgotten += len(due)
        return forgotten

    async def forget(self, call_id: str) -> None:
        """Forget one call with its sound, at once. Raises as `forget_expired` does."""
        await self._store.forget([call_id])
        await asyncio.to_thread(self._recordings.forget, call_id)

    def _is_over(self, team: str | None, age_s: float) -> bool:
        return team is None or age_s >= self._keep_days.get(team, self._default_days) * _DAY_S
