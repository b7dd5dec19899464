"""`python -m huntgroup.migrations "what changes"`: write the next step from the difference between code and steps."""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from huntgroup.migrations.upgrade import configuration, upgrade
from huntgroup.storage.base import Database
from huntgroup.storage.embedded import EmbeddedPostgres


async def write_next_step(message: str, folder: Path) -> None:
    """Compare the tables in code with a fresh database that has every step, and write a file to be read and edited."""
    async with EmbeddedPostgres(folder / "postgres", durable=False) as server:
        await upgrade(server.url)
        db = Database(server.url)
        async with db.session() as session:
            connection = await session.connection()
            await connection.run_sync(_autogenerate, message)
        await db.close()


def _autogenerate(connection: Connection, message: str) -> None:
    config = configuration(connection)
    number = 1 + sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    written = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    print(f"written: {getattr(written, 'path', written)}; read it before you commit it")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m huntgroup.migrations "what changes"')
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        asyncio.run(write_next_step(sys.argv[1], Path(name)))
