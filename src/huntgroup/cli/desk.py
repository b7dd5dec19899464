"""`huntgroup desk`: the way into the desk at `/desk`."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from huntgroup.cli.db import database_address
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import SettingsError, StoreUnavailable
from huntgroup.house import House
from huntgroup.migrations.upgrade import upgrade
from huntgroup.server.addresses import Address
from huntgroup.settings import Settings, load_settings
from huntgroup.storage.base import Database
from huntgroup.storage.deskdoor import PgDeskDoor

LONGEST_NAME = 100
FIRST = "admin"

app = typer.Typer(help="The desk, for those who run the calls: link.", no_args_is_help=True)


@app.callback()
def desk() -> None:
    """The desk, for those who run the calls."""


@app.command()
def link(
    name: Annotated[str, typer.Option("--name", help="Whose link it is; the record of deeds has this name.")] = FIRST,
) -> None:
    """Print a link that logs one person in at the desk, once, within the hour."""
    settings = load_settings()
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise SettingsError(f"--name must have 1 to {LONGEST_NAME} characters")
    with database_address(settings) as address:
        secret = asyncio.run(_make(address, name.strip(), embedded=settings.database_url is None))
    typer.echo(link_url(_address_of(settings), secret))


async def tell_first_link(house: House, url: str, out: Console) -> None:
    """Print a link to the desk as long as nobody has ever logged in."""
    base = house.settings.public_url or url
    try:
        if await house.desk.door.ever_used():
            out.print(f"  the desk       {base}/desk")
            return
        out.print(f"  the desk       {link_url(base, await house.desk.door.make_link(FIRST))}", soft_wrap=True)
        out.print("                 (logs in once, within the hour; another: huntgroup desk link)")
    except StoreUnavailable:
        out.print("  the desk       is not open: the database does not answer")


def link_url(base: str, secret: str) -> str:
    """Return the address that logs in. What stands behind `#` never reaches a server's log, nor a preview's robot."""
    return f"{base}/desk/login#{secret}"


async def _make(address: str, name: str, *, embedded: bool) -> str:
    if embedded:
        await upgrade(address)
    database = Database(address)
    try:
        return await PgDeskDoor(database, SystemClock()).make_link(name)
    finally:
        await database.close()


def _address_of(settings: Settings) -> str:
    return settings.public_url or Address(settings.host, settings.port).url
