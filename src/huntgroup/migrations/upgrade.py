"""Bring a database up to date, from code: no `alembic.ini`, no working folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from huntgroup.migrations.tables import VERSION_SCHEMA
from huntgroup.storage.base import Database, advisory_lock

_FOLDER = Path(__file__).parent


async def upgrade(url: str, revision: str = "head") -> None:
    """Apply every step that is missing, in one transaction; processes that start together take turns.

    Raises `StoreUnavailable` when the database does not answer.
    """
    await _on_connection(url, lambda connection: command.upgrade(configuration(connection), revision))


async def is_current(url: str) -> bool:
    """Whether the database has every step that this code knows."""
    return bool(await _on_connection(url, _at_head))


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for our steps, to run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _at_head(connection: Connection) -> bool:
    present = connection.execute(text(f"select to_regclass('{VERSION_SCHEMA}.alembic_version')")).scalar()
    if present is None:
        return False
    context = MigrationContext.configure(connection, opts={"version_table_schema": VERSION_SCHEMA})
    return set(context.get_current_heads()) == set(ScriptDirectory.from_config(configuration()).get_heads())


async def _on_connection(url: str, work: Callable[[Connection], Any]) -> Any:
    db = Database(url, pool_size=1)
    try:
        async with db.session() as session:
            await advisory_lock(session, "huntgroup migrations")
            connection = await session.connection()
            return await connection.run_sync(work)
    finally:
        await db.close()
