"""What tests of every room share: one PostgreSQL for the whole run, and a fresh database for whoever asks.

`database_url` is an empty, fully migrated database of the test's own. A room that wants one with its data in it makes a
template once per session: `databases.template("name", fill)`, and copies it: `databases.create("name")`.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from huntgroup.migrations import upgrade
from huntgroup.storage.base import Database
from huntgroup.storage.embedded import EmbeddedPostgres

MIGRATED = "migrated"

# A busy machine is no failure: examples have no limit of time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


class Databases:
    """Makes and drops databases on the run's server; copying a template takes about 50 ms."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._numbers = count(1)
        self._templates: set[str] = set()

    def template(self, name: str, fill: Callable[[str], Awaitable[object]], *, of: str = "template1") -> None:
        """Have a template called `name`: a copy of `of`, then `await fill(url)`; a second time is a no-op."""
        if name in self._templates:
            return
        self._command(f'create database "{name}" template "{of}" strategy wal_log')
        asyncio.run(_run(fill, self._server.url_of(name)))
        self._templates.add(name)

    def create(self, template: str = MIGRATED) -> str:
        """Return the address of a new copy of the template. Nobody may be connected to the template."""
        name = f"test_{next(self._numbers)}"
        self._command(f'create database "{name}" template "{template}" strategy wal_log')
        return self._server.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a database that `create` made, whoever is connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._command(f'drop database "{name}" with (force)')

    def _command(self, sql: str) -> None:
        asyncio.run(_execute(self._server.url, sql))


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may pass through, so that root's server keeps its data there."""
    with tempfile.TemporaryDirectory(prefix="huntgroup-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The run's own server, in a folder that goes away with it."""
    with open_folder() as folder:
        server = EmbeddedPostgres(folder / "postgres", durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a test that starts a server of its own."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def databases(postgres: EmbeddedPostgres) -> Databases:
    made = Databases(postgres)
    made.template(MIGRATED, upgrade)
    return made


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database for one test."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_database_url(databases: Databases) -> Iterator[str]:
    """A migrated database that the tests of one file share."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """Sessions on `database_url`."""
    database = Database(database_url)
    yield database
    await database.close()


async def _run(work: Callable[[str], Awaitable[object]], url: str) -> None:
    await work(url)


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg://", "postgresql://"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
