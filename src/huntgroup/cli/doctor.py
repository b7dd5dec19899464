"""`huntgroup doctor`: is everything here that a call needs? Each line says ok, warn or fail, and what to do."""

import asyncio
import os
from collections.abc import Callable, Iterator

import typer
from rich.markup import escape

from huntgroup.cli.db import database_address
from huntgroup.cli.diagnosis import (
    Finding,
    check_line,
    check_network,
    check_packages,
    check_place,
    check_port,
    check_weights,
)
from huntgroup.cli.output import console
from huntgroup.domain.errors import HuntgroupError, SettingsError
from huntgroup.migrations.upgrade import is_current
from huntgroup.settings import Settings, load_settings, unknown_variables

_SIGNS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


def doctor() -> None:
    """Look at Python, packages, weights, PostgreSQL, ports, settings and models; exit code 1 when something fails."""
    out = console()
    failed = False
    for finding in _findings():
        failed = failed or finding.level == "fail"
        remedy = f" → {finding.remedy}" if finding.remedy else ""
        out.print(f"{_SIGNS[finding.level]} {escape(f'{finding.subject}: {finding.detail}{remedy}')}")
    raise typer.Exit(1 if failed else 0)


def _findings() -> Iterator[Finding]:
    yield from check_packages()
    try:
        settings = load_settings()
    except SettingsError as error:
        yield Finding("fail", "settings", str(error), "correct that variable")
        return
    yield Finding("ok", "settings", f"model {settings.model_kind}, phone audio {settings.phone_audio}")
    yield from _doubtful(settings)
    looks: list[Callable[[Settings], Iterator[Finding]]] = [
        check_place,
        check_weights,
        check_database,
        check_port,
    ]
    for look in looks:
        yield from look(settings)
    yield from asyncio.run(check_network(settings))


def _doubtful(settings: Settings) -> Iterator[Finding]:
    for name in unknown_variables(os.environ):
        yield Finding("warn", "settings", f"{name} is not a setting", "is it spelt right? The README lists them")
    if settings.host not in ("127.0.0.1", "localhost", "::1") and settings.api_token is None:
        yield Finding(
            "warn", "settings", "the server listens beyond this machine and the API has no token",
            "set HUNTGROUP_API_TOKEN",
        )  # fmt: skip
    yield from check_line(settings)


def check_database(settings: Settings) -> Iterator[Finding]:
    """Reach the operator's database, or start the embedded one for a moment."""
    where = "HUNTGROUP_DATABASE_URL" if settings.database_url is not None else "the embedded server"
    try:
        with database_address(settings) as address:
            current = asyncio.run(is_current(address))
    except HuntgroupError as error:
        yield Finding("fail", "PostgreSQL", f"{where}: {error}", "huntgroup needs a database")
        return
    if current:
        yield Finding("ok", "PostgreSQL", f"{where} answers and is up to date")
    else:
        yield Finding("warn", "PostgreSQL", f"{where} answers; migrations are missing", "huntgroup db upgrade")
