"""Secrets that all processes of one database share, in PostgreSQL."""

import secrets

from sqlalchemy import text

from huntgroup.storage.base import Database

KEY_BYTES = 32

_MAKE = text("insert into huntgroup.keys (name, value) values (:name, :value) on conflict (name) do nothing")
_READ = text("select value from huntgroup.keys where name = :name")


async def shared_key(db: Database, name: str) -> bytes:
    """Return the key of this name: of whoever asks first a new one, for all others the same. Raises `StoreUnavailable`.

    Whoever deletes its row and starts every process anew makes void what was signed with it.
    """
    async with db.session() as session:
        await session.execute(_MAKE, {"name": name, "value": secrets.token_bytes(KEY_BYTES)})
        return bytes((await session.execute(_READ, {"name": name})).scalar_one())
