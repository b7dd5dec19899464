"""`huntgroup db`: the address, the migrations, the seed data and a prompt of the database."""

import asyncio
import importlib
import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from huntgroup.cli.inspection import vertical_names
from huntgroup.cli.output import console
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import SettingsError
from huntgroup.migrations.upgrade import upgrade as upgrade_database
from huntgroup.settings import Settings, load_settings
from huntgroup.storage.base import Database
from huntgroup.storage.binaries import find_binaries
from huntgroup.storage.embedded import EmbeddedPostgres

app = typer.Typer(help="The database: url, upgrade, seed, shell.", no_args_is_help=True)


@app.command()
def url() -> None:
    """Print the database's address, for psql and the like.

    The embedded server runs only as long as something uses it, such as `huntgroup serve` or `huntgroup db shell`.
    """
    with database_address(load_settings()) as address:
        typer.echo(_for_psql(address))


@app.command()
def upgrade() -> None:
    """Apply the migrations that are missing."""
    with database_address(load_settings()) as address:
        asyncio.run(upgrade_database(address))
    console().print("the database is up to date")


@app.command()
def seed(
    team: Annotated[str | None, typer.Argument(help="A vertical's name; all by default.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Empty the vertical's tables first.")] = False,
) -> None:
    """Fill the verticals' tables with their demo data; what is filled stays as it is unless --reset is given."""
    names = vertical_names()
    if team is not None and team not in names:
        raise SettingsError(f"there is no vertical {team!r}; there are: {', '.join(names)}")
    with database_address(load_settings()) as address:
        asyncio.run(_seed(address, [team] if team is not None else names, reset))


@app.command()
def shell() -> None:
    """Open psql on the database."""
    with database_address(load_settings()) as address:
        psql = shutil.which("psql") or str(find_binaries() / "psql")
        code = subprocess.run([psql, _for_psql(address)], check=False).returncode
    raise typer.Exit(code)


async def _seed(address: str, names: list[str], reset: bool) -> None:
    await upgrade_database(address)
    database = Database(address)
    try:
        for name in names:
            module = f"huntgroup.verticals.{name}.seed"
            if importlib.util.find_spec(module) is not None:
                filled = await importlib.import_module(module).seed(database, SystemClock().utc_now(), reset=reset)
                console().print(f"{name}: {'filled' if filled else 'was filled already'}")
    finally:
        await database.close()


@contextmanager
def database_address(settings: Settings) -> Iterator[str]:
    """The address of the operator's database, or of the embedded server, kept running meanwhile."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.postgres_dir, progress=typer.echo)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _for_psql(address: str) -> str:
    """The address as libpq reads it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
