"""What every room that keeps data uses: sessions, table bases, locks, and results that are kept once.

A vertical declares its tables in its own schema and opens sessions here; nothing else of the storage is its business.

    class Base(DeclarativeBase):
        metadata = metadata_for("healthcare_voice")
        type_annotation_map = COLUMN_TYPES
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import DateTime, MetaData, Numeric, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from huntgroup.storage.gone import hold_leases, not_forgotten
from huntgroup.storage.keepalive import keep_alive
from huntgroup.storage.outage import late_is_away, outages_while_connecting, outages_while_working, without_values
from huntgroup.storage.url import normalise

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
COMMAND_TIMEOUT_S = 30.0
COLUMN_TYPES: dict[Any, Any] = {
    datetime: DateTime(timezone=True),
    Decimal: Numeric(12, 2),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
    list[str]: JSONB,
}
_REMEMBER = text(
    f"""
    insert into huntgroup.tool_results (key, call_id, result)
    select cast(:key as text), cast(:call_id as text), cast(:result as jsonb)
    where {not_forgotten("cast(:call_id as text)")}
    """
)


def metadata_for(schema: str) -> MetaData:
    """Return a new collection of tables in `schema`, whose constraints get predictable names."""
    return MetaData(schema=schema, naming_convention=NAMING)


def declarative_base_for(schema: str) -> type[DeclarativeBase]:
    """Return a new declarative base for `schema`. Typed code writes the class out instead, as the module shows."""
    members = {"metadata": metadata_for(schema), "type_annotation_map": COLUMN_TYPES}
    return type("Base", (DeclarativeBase,), members)


class Database:
    """A pool of connections to one PostgreSQL database.

    The owner must `close()` it. All work happens in `session()`, which is one transaction. A statement that is not
    answered within `command_timeout_s` counts as an outage.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 5,
        connect_timeout_s: float = 5.0,
        command_timeout_s: float = COMMAND_TIMEOUT_S,
    ) -> None:
        """Connects to nothing yet. Raises `SettingsError` for an address that is not PostgreSQL's."""
        self.engine: AsyncEngine = create_async_engine(
            normalise(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=connect_timeout_s,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"timeout": connect_timeout_s, "command_timeout": command_timeout_s},
            json_serializer=_to_json,
            json_deserializer=msgspec.json.decode,
        )
        event.listen(self.engine.sync_engine, "handle_error", without_values)
        event.listen(self.engine.sync_engine, "handle_error", late_is_away)
        event.listen(self.engine.sync_engine, "connect", keep_alive)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises `StoreUnavailable` when the database cannot be reached or goes away; other errors pass unchanged.
        """
        async with outages_while_working(), self._sessions() as session, session.begin():
            async with outages_while_connecting():
                await session.connection()
            yield session

    async def close(self) -> None:
        """Close every connection. The object must not be used afterwards."""
        await self.engine.dispose()


async def advisory_lock(session: AsyncSession, key: str) -> None:
    """Wait for the lock named `key`, held until the transaction ends.

    Take it before touching rows that an exclusion constraint guards: constraints alone deadlock in a rush.
    """
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


async def recall(session: AsyncSession, key: str) -> dict[str, Any] | None:
    """Return the result remembered under `key`, or None when the work is still to be done.

    Until the transaction ends no other may recall the same key, so two attempts never do the work twice.
    """
    await advisory_lock(session, f"tool_result {key}")
    found = await session.execute(text("select result from huntgroup.tool_results where key = :key"), {"key": key})
    row = found.first()
    return None if row is None else _as_dict(row.result)


async def remember(session: AsyncSession, key: str, result: dict[str, Any], *, call_id: str | None = None) -> None:
    """Keep `result` under `key`, in the transaction that did the work; `recall` must have answered None.

    A key that exists raises `IntegrityError`, so that the work is rolled back: the first result wins. Of a call that
    was deleted nothing is kept.
    """
    if call_id is not None:
        await hold_leases(session, [call_id])
    await session.execute(_REMEMBER, {"key": key, "call_id": call_id, "result": _to_json(result)})


async def once(
    db: Database, key: str, work: Callable[[AsyncSession], Awaitable[dict[str, Any]]], *, call_id: str | None = None
) -> dict[str, Any]:
    """Do `work` in one transaction and return its result; with a `key` that was done before, only return that."""
    async with db.session() as session:
        done = await recall(session, key)
        if done is None:
            done = await work(session)
            await remember(session, key, done, call_id=call_id)
        return done


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _as_dict(value: Any) -> dict[str, Any]:
    found: Any = msgspec.json.decode(value) if isinstance(value, str | bytes) else value
    return dict(found)
