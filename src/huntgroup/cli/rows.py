"""Which rows did a call write? Asked of the database itself, for any vertical."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import MetaData, text

from huntgroup.storage.base import Database

_XID_SPAN = 1 << 32
_NEWER = "age(t.xmin) < age(cast(cast(:since as text) as xid))"


class RowWatch:
    """Finds the rows of some tables that were inserted or changed after `begin()`.

    PostgreSQL marks each version of a row with the transaction that wrote it, so this sees what other calls wrote at
    the same time, too.
    """

    def __init__(self, database: Database, metadatas: Sequence[MetaData]) -> None:
        self._database = database
        self._tables = [table.fullname for metadata in metadatas for table in metadata.sorted_tables]
        self._since = "0"

    async def begin(self) -> None:
        async with self._database.session() as session:
            current = (await session.execute(text("select pg_current_xact_id()::text"))).scalar_one()
        self._since = str(int(current) % _XID_SPAN)

    async def written(self) -> list[dict[str, Any]]:
        """Return `{"table", "row"}` for each row, in the order of the tables; a row is JSON-able."""
        found: list[dict[str, Any]] = []
        async with self._database.session() as session:
            for name in self._tables:
                quoted = ".".join(f'"{part}"' for part in name.split("."))
                query = f"select to_jsonb(t)::text from {quoted} t where {_NEWER}"  # noqa: S608 - names of our own tables
                rows = await session.execute(text(query), {"since": self._since})
                found.extend({"table": name, "row": json.loads(row[0])} for row in rows)
        return found
