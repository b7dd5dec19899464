"""What every transaction asks that stores something of a call: whether the call was deleted."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Whoever takes a call over, or deletes it, waits for this lock, and so finds all that was let in before.
_EPOCHS = text(
    """
    select call_id, epoch from huntgroup.call_leases
    where call_id = any(cast(:call_ids as text[])) order by call_id for share
    """
)


def not_forgotten(call_id: str) -> str:
    """Return the condition in SQL that the call of this expression was not deleted (`storage.forgotten`)."""
    return f"not exists (select from huntgroup.forgotten_calls as gone where gone.call_id = {call_id})"


def not_running(call_id: str) -> str:
    """Return the condition in SQL that no process holds the call of this expression: a running call is not cut off."""
    return f"""not exists (
        select from huntgroup.call_leases as held where held.call_id = {call_id} and held.until > clock_timestamp()
    )"""


async def hold_leases(session: AsyncSession, call_ids: Iterable[str]) -> dict[str, int]:
    """Keep these calls from being deleted or taken over until the transaction ends; returns the epochs of those known.

    A deletion that is under way is waited for, and the statements that follow find its note.
    """
    rows = await session.execute(_EPOCHS, {"call_ids": sorted(set(call_ids))})
    return {row.call_id: row.epoch for row in rows}
