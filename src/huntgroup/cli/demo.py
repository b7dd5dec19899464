"""`huntgroup demo`: one whole call, told as it happens, and the record that it leaves."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from huntgroup.bootstrap import open_house
from huntgroup.cli.desk import tell_first_link
from huntgroup.cli.output import complain, console
from huntgroup.cli.report import as_json, save_json, save_sound, tell_report
from huntgroup.cli.rows import RowWatch
from huntgroup.cli.serve import tell_how_to_call
from huntgroup.cli.stage import on_this_day, serving, stage_of
from huntgroup.cli.telling import Teller
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.facts import HandoffCommitted
from huntgroup.house import House
from huntgroup.migrations.tables import every_metadata
from huntgroup.server.serve import run
from huntgroup.settings import load_settings
from huntgroup.testing.scenario import load_scenario
from huntgroup.testing.scenario_runner import Played, play
from huntgroup.verticals import discover

VERTICAL = "healthcare"
SHARED_SCHEMA = "huntgroup"


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the call; exit code 0 only if it left its record.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print only what went wrong.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the record as one JSON object.")] = None,
    realtime: Annotated[bool, typer.Option("--realtime", help="Play speech at its real speed.")] = False,
) -> None:
    """Hear a clinic's phone line: one call from ring to analytics. Then keep serving, unless --once."""
    out = console(quiet=quiet)
    raise typer.Exit(run(_demo(out, once=once, json_file=json_file, hurry=not realtime)))


async def _demo(out: Console, *, once: bool, json_file: Path | None, hurry: bool) -> int:
    # A demo is for hearing, also afterwards, unless somebody says no.
    settings = load_settings(**({} if "HUNTGROUP_RECORD_SOUND" in os.environ else {"record_sound": True}))
    async with (
        open_house(settings, progress=lambda line: out.print(f"[dim]… {escape(line)}[/]"), with_voice=True) as house,
        serving(house, 0 if once else settings.port) as (address, server),
    ):
        code = await _one_call(house, address.url, out, json_file, hurry)
        if not once and not server.done():
            tell_how_to_call(house, address.url, out)
            await tell_first_link(house, address.url, out)
            await server
    return code if once else 0


async def _one_call(house: House, url: str, out: Console, json_file: Path | None, hurry: bool) -> int:
    folder = next(vertical.folder for vertical in discover() if vertical.name == VERTICAL)
    scenario = on_this_day(house, load_scenario(folder / "scenarios" / "demo.yaml"))
    watch = RowWatch(house.database, [tables for tables in every_metadata() if tables.schema != SHARED_SCHEMA])
    await watch.begin()
    out.print(f"\n[bold]{scenario.title}[/]")
    stop_telling = house.on_fact(Teller(out).fact)
    played = await play(scenario, stage_of(house, url, hurry=hurry))
    stop_telling()
    rows, analytics = await watch.written(), await house.store.analytics(played.call_id)
    audio = save_sound(house, played, None)
    tell_report(out, played, analytics, rows, audio)
    if json_file is not None:
        save_json(json_file, as_json(house, played, analytics, rows, audio))
    return _judge(out, played, analytics, rows)


def _judge(out: Console, played: Played, analytics: Analytics | None, rows: list[dict[str, Any]]) -> int:
    """Exit code 0 when the appointment, the handoff and the analytics are there; say what is not as expected."""
    for problem in played.problems:
        out.print(f"[yellow]not as the scenario expects: {escape(problem)}[/]")
    missing = {
        "the appointment row": not any(row["table"].endswith(".appointments") for row in rows),
        "the handoff": not any(isinstance(fact, HandoffCommitted) for fact in played.facts),
        "the analytics": analytics is None,
    }
    absent = [name for name, is_missing in missing.items() if is_missing]
    if absent:
        complain(f"the demo call did not leave {' and '.join(absent)}")
    return 1 if absent else 0
