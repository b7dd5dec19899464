"""Callers to be called back, in PostgreSQL."""

from datetime import datetime

from sqlalchemy import text

from huntgroup.domain.call import Callback
from huntgroup.domain.ids import new_id
from huntgroup.storage.base import Database
from huntgroup.storage.facts import storable_text
from huntgroup.storage.tables import DEFAULT_TENANT

_WISH = text(
    """
    insert into huntgroup.callbacks (id, tenant_id, team, caller, callee, carrier_call)
    values (:id, :tenant, :team, :caller, :callee, :carrier_call)
    on conflict (carrier_call) do nothing
    """
)
_WAITING = text(
    """
    select id, team, caller, callee, wished_at, state from huntgroup.callbacks
    where state = 'waiting' or cast(:every as boolean) order by wished_at, id limit :limit
    """
)
_EXPIRED = text(
    """
    delete from huntgroup.callbacks using huntgroup.tenants
    where tenants.id = callbacks.tenant_id
        and wished_at < cast(:now as timestamptz) - make_interval(days => keep_calls_days)
    returning callbacks.id
    """
)
_DONE = text("update huntgroup.callbacks set state = 'done' where id = :id and state = 'waiting' returning id")


class PgCallbacks:
    """`server.house.Callbacks` in the table `callbacks`. Every method raises `StoreUnavailable`."""

    def __init__(self, db: Database, *, tenant: str = DEFAULT_TENANT) -> None:
        self._db = db
        self._tenant = tenant

    async def wish(self, team: str, caller: str, callee: str | None, carrier_call: str) -> None:
        """Note a wish; one per call of the carrier, however often it is told."""
        columns = {"team": team, "caller": caller, "callee": callee, "carrier_call": storable_text(carrier_call)}
        async with self._db.session() as session:
            await session.execute(_WISH, {"id": new_id("cb"), "tenant": self._tenant, **columns})

    async def waiting(self, *, limit: int = 100, every: bool = False) -> list[Callback]:
        """Return who waits, longest first; with `every` those too who were called."""
        async with self._db.session() as session:
            rows = await session.execute(_WAITING, {"limit": limit, "every": every})
            return [Callback(**{**row, "wished_at": row["wished_at"].isoformat()}) for row in rows.mappings()]

    async def done(self, callback_id: str) -> bool:
        """Note that somebody was called back; False when nobody of that id waits."""
        async with self._db.session() as session:
            return (await session.execute(_DONE, {"id": callback_id})).scalar() is not None

    async def forget_expired(self, now: datetime) -> int:
        """Delete wishes, fulfilled or not, that are older at `now` than calls are kept; return how many."""
        async with self._db.session() as session:
            return len((await session.execute(_EXPIRED, {"now": now})).scalars().all())
