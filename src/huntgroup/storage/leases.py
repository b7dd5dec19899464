"""Who owns which call, in PostgreSQL: leases by the database's clock, renewed in one statement for all calls."""

from collections.abc import Mapping

from sqlalchemy import text

from huntgroup.domain.call import Lease
from huntgroup.storage.base import Database
from huntgroup.storage.gone import not_forgotten

_UNTIL = "clock_timestamp() + :lifetime_ms * interval '1 ms'"
_RENEW = text(
    f"""
    insert into huntgroup.call_leases as lease (call_id, owner, epoch, until)
    select call_id, :owner, epoch, {_UNTIL}
    from unnest(cast(:call_ids as text[]), cast(:epochs as integer[])) as held (call_id, epoch)
    where {not_forgotten("held.call_id")}
    order by call_id
    on conflict (call_id) do update set until = excluded.until
        where lease.owner = excluded.owner and lease.epoch = excluded.epoch
    returning call_id
    """  # noqa: S608 (constants of this module)
)
_TAKE = text(
    f"""
    insert into huntgroup.call_leases as lease (call_id, owner, epoch, until)
    select cast(:call_id as text), cast(:owner as text), 2, {_UNTIL} where {not_forgotten("cast(:call_id as text)")}
    on conflict (call_id) do update
        set owner = excluded.owner, epoch = lease.epoch + 1, until = {_UNTIL}
        where lease.until <= clock_timestamp() or lease.owner = cast(:gone as text)
    returning epoch
    """  # noqa: S608
)
_RELEASE = text(
    """
    with ours as (
        select lease.call_id from huntgroup.call_leases as lease
        join unnest(cast(:call_ids as text[]), cast(:epochs as integer[])) as held (call_id, epoch)
            on lease.call_id = held.call_id and lease.epoch = held.epoch
        where lease.owner = :owner order by lease.call_id for update of lease
    )
    update huntgroup.call_leases as lease set until = least(until, clock_timestamp())
    from ours where lease.call_id = ours.call_id
    """
)
_FIND = text("select owner, epoch, until <= clock_timestamp() as free from huntgroup.call_leases where call_id = :id")
_ABANDONED = text(
    """
    select call_id, owner from huntgroup.calls join huntgroup.call_leases using (call_id)
    where ended_at is null and until <= clock_timestamp() - :after_ms * interval '1 ms'
    order by until limit :limit
    """
)
_ALIVE = text(
    f"""
    insert into huntgroup.processes (owner, draining, until) values (:owner, :draining, {_UNTIL})
    on conflict (owner) do update set draining = excluded.draining, until = excluded.until
    """  # noqa: S608
)
_OTHERS = text(
    """
    select owner from huntgroup.processes
    where owner <> :owner and not draining and until > clock_timestamp() order by owner
    """
)
_LEAVE = text("delete from huntgroup.processes where owner = :owner or until < clock_timestamp() - interval '1 day'")


class PgCallLeases:
    """`calls.ports.CallLeases` in the tables `call_leases` and `processes`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def renew(
        self, owner: str, held: Mapping[str, int], *, lifetime_ms: int, draining: bool = False
    ) -> frozenset[str]:
        async with self._db.session() as session:
            await session.execute(_ALIVE, {"owner": owner, "draining": draining, "lifetime_ms": lifetime_ms})
            if not held:
                return frozenset()
            columns = {"owner": owner, "lifetime_ms": lifetime_ms, **_columns(held)}
            return frozenset(held) - frozenset((await session.execute(_RENEW, columns)).scalars())

    async def take(self, call_id: str, owner: str, *, lifetime_ms: int, gone: str | None = None) -> int | None:
        columns = {"call_id": call_id, "owner": owner, "lifetime_ms": lifetime_ms, "gone": gone}
        async with self._db.session() as session:
            epoch: int | None = (await session.execute(_TAKE, columns)).scalar()
            return epoch

    async def release(self, owner: str, held: Mapping[str, int]) -> None:
        async with self._db.session() as session:
            await session.execute(_RELEASE, {"owner": owner, **_columns(held)})

    async def find(self, call_id: str) -> Lease | None:
        async with self._db.session() as session:
            row = (await session.execute(_FIND, {"id": call_id})).first()
            return None if row is None else Lease(row.owner, row.epoch, row.free)

    async def abandoned(self, *, after_ms: int, limit: int = 50) -> list[tuple[str, str]]:
        async with self._db.session() as session:
            rows = await session.execute(_ABANDONED, {"after_ms": after_ms, "limit": limit})
            return [(row.call_id, row.owner) for row in rows]

    async def others(self, owner: str) -> list[str]:
        async with self._db.session() as session:
            return list((await session.execute(_OTHERS, {"owner": owner})).scalars())

    async def leave(self, owner: str) -> None:
        async with self._db.session() as session:
            await session.execute(_LEAVE, {"owner": owner})


def _columns(held: Mapping[str, int]) -> dict[str, list[str] | list[int]]:
    return {"call_ids": list(held), "epochs": list(held.values())}
