"""Steps and code describe the same tables, forwards and back."""

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.migrations import is_current, upgrade
from huntgroup.migrations.tables import COMPARISON, every_metadata, every_schema
from huntgroup.migrations.upgrade import configuration
from huntgroup.storage.base import Database
from tests.conftest import Databases


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts=dict(COMPARISON))
    return list(compare_metadata(context, every_metadata()))


async def test_the_steps_lead_to_the_tables_of_the_code(db: Database) -> None:
    async with db.session() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []


async def test_every_declared_table_exists(db: Database) -> None:
    declared = {table.fullname for metadata in every_metadata() for table in metadata.tables.values()}
    async with db.session() as session:
        rows = await session.execute(text("select schemaname || '.' || tablename from pg_tables"))
        assert declared <= set(rows.scalars())
    assert every_schema() >= {"huntgroup", "healthcare_voice"}


async def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)
    assert await is_current(database_url)


async def test_processes_that_start_together_take_turns(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.create, "template1")
    assert not await is_current(url)
    await asyncio.gather(upgrade(url), upgrade(url), upgrade(url))
    assert await is_current(url)
    await asyncio.to_thread(databases.drop, url)


async def test_every_step_can_be_taken_back(databases: Databases) -> None:
    url = await asyncio.to_thread(databases.create)
    db = Database(url)
    async with db.session() as session:
        connection = await session.connection()
        await connection.run_sync(lambda sync: command.downgrade(configuration(sync), "base"))
        left = await session.execute(
            text("select count(*) from pg_tables where schemaname = any(:ours) and tablename <> 'alembic_version'"),
            {"ours": sorted(every_schema())},
        )
        assert left.scalar() == 0
    await db.close()
    await asyncio.to_thread(databases.drop, url)


async def test_an_upgrade_without_a_server_says_so() -> None:
    with pytest.raises(StoreUnavailable):
        await upgrade("postgresql://u@127.0.0.1:1/x")
