"""Deleting calls for good: nothing that comes of them later is stored any more.

Facts of a deleted call may come from a spool on any disk, after any time. So of each such call its id is kept, and
every statement that would store something of a call asks `gone.not_forgotten` in the same breath. That alone does not
show a deletion that is not committed yet: whoever stores holds the call's lease first (`gone.hold_leases`), or a row
that the deletion takes as well.
"""

from collections.abc import Sequence

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.storage.tables import Call, CallLease, CallWords, StoredAnalytics, StoredFact, StrayFact, ToolResult

_OF_A_RECORD = (StoredFact, StrayFact, CallWords, ToolResult)
_NOTE = text(
    """
    insert into huntgroup.forgotten_calls (call_id)
    select call_id from unnest(cast(:call_ids as text[])) as gone (call_id) order by call_id
    on conflict (call_id) do nothing
    """
)


async def forget_in(session: AsyncSession, call_ids: Sequence[str]) -> None:
    """Delete everything about these calls, for good."""
    await _note(session, call_ids)
    # Calls first: what is being concluded from one of them waits for that, and finds none.
    await _delete(session, (Call, *_OF_A_RECORD, StoredAnalytics), call_ids)


async def forget_records_in(session: AsyncSession, call_ids: Sequence[str]) -> None:
    """Delete the records of these calls, for good, and leave what was concluded from them."""
    await _note(session, call_ids)
    await _delete(session, _OF_A_RECORD, call_ids)


async def _note(session: AsyncSession, call_ids: Sequence[str]) -> None:
    """Whoever stores something holds on to the leases of its calls: from here on all of it is in, or finds the note."""
    await _delete(session, (CallLease,), call_ids)
    await session.execute(_NOTE, {"call_ids": list(call_ids)})


async def _delete(
    session: AsyncSession,
    tables: Sequence[type[Call | CallLease | CallWords | StoredAnalytics | StoredFact | StrayFact | ToolResult]],
    call_ids: Sequence[str],
) -> None:
    for table in tables:
        await session.execute(delete(table).where(table.call_id.in_(call_ids)))
