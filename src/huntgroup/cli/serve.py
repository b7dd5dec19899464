"""`huntgroup serve`: take calls until told to stop."""

import asyncio
import contextlib
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from huntgroup.bootstrap import open_house
from huntgroup.cli.desk import tell_first_link
from huntgroup.cli.diagnosis import check_line
from huntgroup.cli.output import console
from huntgroup.house import House
from huntgroup.server.addresses import Address
from huntgroup.server.app import create_app
from huntgroup.server.serve import Signals, on_signals, run
from huntgroup.server.serve import serve as serve_app
from huntgroup.settings import load_settings


def serve() -> None:
    """Take calls on HUNTGROUP_PORT until Ctrl-C."""
    run(_serve(console()))


async def _serve(out: Console) -> None:
    settings = load_settings()
    with contextlib.ExitStack() as closing:
        async with open_house(settings, progress=lambda line: out.print(f"[dim]… {escape(line)}[/]")) as house:
            # A signal while the house closes must not break that off: facts are on their way.
            await keep_serving(house, out, closing.enter_context(on_signals()))
    out.print("stopped")


async def keep_serving(house: House, out: Console, signals: Signals) -> None:
    """Serve until SIGINT or SIGTERM, and say where."""
    ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
    telling = asyncio.create_task(_tell_when_ready(house, ready, out), name="how to call")
    try:
        await serve_app(create_app(house), house.settings.host, house.settings.port, ready, signals)
    finally:
        telling.cancel()


async def _tell_when_ready(house: House, ready: asyncio.Future[Address], out: Console) -> None:
    url = (await ready).url
    tell_how_to_call(house, url, out)
    await tell_first_link(house, url, out)


def tell_how_to_call(house: House, url: str, out: Console) -> None:
    """Print how to place another call, where the API is, and how to go on from here."""
    settings = house.settings
    first = next(iter(sorted(house.teams)), "TEAM")
    out.print(f"\n[bold]Serving on {url}[/] (Ctrl-C stops)")
    program = "./run" if Path("run").is_file() else "huntgroup"
    out.print(f"  talk to it     {url}/demo in a browser")
    out.print(f'  another call   {program} call {first} --say "When are you open tomorrow?"')
    out.print(f"  the record     {url}/api/calls")
    if house.engine is not None:
        out.print(f"  the engine     {url.replace('http', 'ws', 1)}/v1/realtime, for any Realtime client")
    public = settings.public_url or "https://your.address"
    out.print(f"  a real number  point its voice webhook at {public}/twilio/voice/{first}")
    if settings.public_url is None and settings.twilio_auth_token is None:
        out.print("                 and set HUNTGROUP_PUBLIC_URL and TWILIO_AUTH_TOKEN: docs/twilio.md")
    for finding in check_line(settings):
        out.print(f"[yellow]warning[/]        {escape(finding.detail)} → {escape(finding.remedy)}")
    if settings.model_kind == "offline":
        out.print("  a real model   set OPENAI_API_KEY and start again")
