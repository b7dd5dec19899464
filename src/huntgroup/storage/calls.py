"""The store of calls in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary
from huntgroup.domain.facts import CallEnded, CallResumed, CallStarted, Fact
from huntgroup.storage.base import Database
from huntgroup.storage.facts import insert_facts, insert_fenced, select_facts, storable_text
from huntgroup.storage.forgotten import forget_in
from huntgroup.storage.gone import not_forgotten, not_running
from huntgroup.storage.heard import note_words
from huntgroup.storage.pace import Pace
from huntgroup.storage.tables import DEFAULT_TENANT

# A fact is stored at most this much later, and calls in a crowd share their transactions.
APPEND_EVERY_MS = 40

_STARTED = text(
    f"""
    insert into huntgroup.calls (call_id, tenant_id, team, line, caller, callee, model, started_at, keep_until)
    select
        cast(:call_id as text), cast(:tenant as text), cast(:team as text), cast(:line as text), cast(:caller as text),
        cast(:callee as text), cast(:model as text), cast(:started_at as timestamptz),
        cast(:started_at as timestamptz)
            + (select make_interval(days => keep_calls_days) from huntgroup.tenants where id = cast(:tenant as text))
    where {not_forgotten("cast(:call_id as text)")}
    on conflict (call_id) do nothing
    """  # noqa: S608
)
_ENDED = text(
    """
    update huntgroup.calls
    set duration_ms = last.duration_ms, end_reason = last.reason,
        ended_at = started_at + last.duration_ms * interval '1 ms'
    from (
        select distinct on (call_id) call_id,
            case type when 'CallEnded' then (body ->> 'duration_ms')::integer end as duration_ms,
            case type when 'CallEnded' then body ->> 'reason' end as reason
        from huntgroup.facts
        where call_id = any(cast(:call_ids as text[])) and type in ('CallEnded', 'CallResumed')
        order by call_id, seq desc
    ) as last
    where last.call_id = calls.call_id
        and (calls.end_reason, calls.duration_ms) is distinct from (last.reason, last.duration_ms)
    """
)
_LIST = text(
    """
    select call_id, team, line, caller, started_at, ended_at, duration_ms, end_reason,
           sentiment_score, lead_score, resolution
    from huntgroup.calls left join huntgroup.analytics using (call_id)
    where cast(:team as text) is null or team = :team
    order by started_at desc, call_id desc
    limit :limit
    """
)
_SAVE_ANALYTICS = text(
    """
    insert into huntgroup.analytics (call_id, sentiment_score, lead_score, resolution, body)
    select call_id, :sentiment_score, :lead_score, :resolution, cast(:body as jsonb)
    from huntgroup.calls where call_id = :call_id for key share
    on conflict (call_id) do update set
        sentiment_score = excluded.sentiment_score, lead_score = excluded.lead_score,
        resolution = excluded.resolution, body = excluded.body, at = now()
    """
)
_ANALYTICS = text("select cast(body as text) from huntgroup.analytics where call_id = :call_id")
_EXPIRED = text(
    f"""
    select call_id from huntgroup.calls where keep_until < :now and {not_running("calls.call_id")}
    order by call_id limit 1000 for update
    """  # noqa: S608
)

_SHORTEST = text("select min(keep_calls_days) from huntgroup.tenants")


class PgCallStore:
    """`calls.ports.CallStore` in PostgreSQL; several processes may write, also facts of the same call."""

    def __init__(self, db: Database, *, tenant: str = DEFAULT_TENANT, append_every_ms: int = APPEND_EVERY_MS) -> None:
        self._db = db
        self._pace = Pace(append_every_ms)
        self._tenant = tenant

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        """Store a batch in one transaction; idempotent on call id and sequence number. See `CallStore`."""
        await self._pace.turn()
        async with self._db.session() as session:
            moved: frozenset[str] = frozenset()
            if epochs is None:
                await insert_facts(session, facts)
            else:
                facts, moved = await insert_fenced(session, facts, epochs)
            await note_words(session, facts)
            for fact in facts:
                if isinstance(fact, CallStarted):
                    await session.execute(_STARTED, self._columns_of(fact))
                elif isinstance(fact, CallResumed):
                    # Its earlier process may have been an older one, which noted no words.
                    await note_words(session, await select_facts(session, fact.call_id))
            await _close_ended(session, facts)
            return moved

    async def facts(self, call_id: str) -> list[Fact]:
        """Return a call's facts in order; [] when it is unknown."""
        async with self._db.session() as session:
            return await select_facts(session, call_id)

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        """Return calls, newest first."""
        async with self._db.session() as session:
            rows = await session.execute(_LIST, {"limit": limit, "team": team})
            return [_summary(row) for row in rows.mappings()]

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None:
        """Store the analytics of a call; a later one replaces an earlier one. A call that was forgotten stays so."""
        body = msgspec.json.encode(analytics).decode()
        columns = {name: getattr(analytics, name) for name in ("sentiment_score", "lead_score", "resolution")}
        async with self._db.session() as session:
            await session.execute(_SAVE_ANALYTICS, {"call_id": call_id, "body": body, **columns})

    async def analytics(self, call_id: str) -> Analytics | None:
        """Return the analytics of a call; None when there are none."""
        async with self._db.session() as session:
            body = (await session.execute(_ANALYTICS, {"call_id": call_id})).scalar()
            return None if body is None else msgspec.json.decode(body, type=Analytics)

    async def forget_expired(self, now: datetime) -> int:
        """Delete everything about calls that are kept no longer at `now`, unless they run yet; return how many."""
        async with self._db.session() as session:
            call_ids = list((await session.execute(_EXPIRED, {"now": now})).scalars())
            await forget_in(session, call_ids)
            return len(call_ids)

    async def shortest_days(self) -> int | None:
        """Return the shortest time that a tenant keeps its calls; None when all keep them for ever."""
        async with self._db.session() as session:
            days: int | None = (await session.execute(_SHORTEST)).scalar()
            return days

    async def forget(self, call_ids: Sequence[str]) -> None:
        """Delete everything about these calls, for good: what comes of them later is not stored."""
        async with self._db.session() as session:
            await forget_in(session, call_ids)

    def _columns_of(self, fact: CallStarted) -> dict[str, Any]:
        names = ("call_id", "team", "line", "caller", "callee", "model")
        columns = {name: storable_text(getattr(fact, name)) for name in names}
        return {**columns, "tenant": self._tenant, "started_at": datetime.fromisoformat(fact.started_at)}


async def _close_ended(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Derive the end of each call whose first or last fact is in the batch, in whatever order the two arrive."""
    touched = {fact.call_id for fact in facts if isinstance(fact, CallStarted | CallEnded | CallResumed)}
    if touched:
        await session.execute(_ENDED, {"call_ids": sorted(touched)})


def _summary(row: RowMapping) -> CallSummary:
    ended_at = row["ended_at"]
    return CallSummary(
        **{
            **row,
            "started_at": row["started_at"].isoformat(),
            "ended_at": None if ended_at is None else ended_at.isoformat(),
        }
    )
