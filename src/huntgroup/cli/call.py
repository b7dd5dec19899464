"""`huntgroup call`: a simulated caller on any team, over the real webhook and the real media socket."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from huntgroup.bootstrap import open_house
from huntgroup.cli.output import complain, console
from huntgroup.cli.report import as_json, save_json, save_sound, tell_report
from huntgroup.cli.rows import RowWatch
from huntgroup.cli.stage import serving, stage_of
from huntgroup.cli.telling import Teller
from huntgroup.domain.errors import SettingsError
from huntgroup.domain.facts import CallStarted
from huntgroup.migrations.tables import every_metadata
from huntgroup.settings import load_settings
from huntgroup.storage.tables import SCHEMA
from huntgroup.teams import Team
from huntgroup.teams.manifest import load_team
from huntgroup.testing.phone_exchange import DialFailed
from huntgroup.testing.scenario import Expect, Scenario, Step
from huntgroup.testing.scenario_runner import play
from huntgroup.verticals import discover


def call(
    team: Annotated[str, typer.Argument(help="A vertical's name, or package.module:name of a team or RealtimeAgent.")],
    say: Annotated[list[str] | None, typer.Option("--say", help="What the caller says, turn by turn.")] = None,
    wav: Annotated[
        list[Path] | None, typer.Option("--wav", help="WAV files that the caller plays.", exists=True)
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the record as one JSON object.")] = None,
    wav_out: Annotated[Path | None, typer.Option("--wav-out", help="Where to save both sides.")] = None,
    caller: Annotated[str | None, typer.Option("--caller", help="The number that the carrier reports.")] = None,
    realtime: Annotated[bool, typer.Option("--realtime", help="Play speech at its real speed.")] = False,
) -> None:
    """Call a team: say something, hear it answered, turn by turn, then hang up."""
    if bool(say) == bool(wav):
        raise SettingsError("call needs what to say: --say TEXT (once or more), or --wav FILE (once or more)")
    sounds = {str(path): path for path in wav or ()}
    scenario = Scenario(
        name="call", team="", caller_id=caller, expect=Expect(), steps=[Step(say=x) for x in say or sounds]
    )
    out = console()
    raise typer.Exit(asyncio.run(_call(out, team, scenario, sounds, json_file, wav_out, hurry=not realtime)))


async def _call(
    out: Console,
    target: str,
    scenario: Scenario,
    sounds: dict[str, Path],
    json_file: Path | None,
    wav_out: Path | None,
    *,
    hurry: bool,
) -> int:
    settings = load_settings()
    name, more = _found(target)
    progress = lambda line: out.print(f"[dim]… {escape(line)}[/]")  # noqa: E731 - a name for a long line
    async with open_house(settings, progress=progress, teams=more, with_voice=not sounds) as house:
        watch = RowWatch(house.database, [tables for tables in every_metadata() if tables.schema != SCHEMA])
        await watch.begin()
        stop_telling = house.on_fact(Teller(out).fact)
        async with serving(house, 0) as (address, _):
            stage = stage_of(house, address.url, hurry=hurry, sounds=sounds)
            try:
                played = await play(scenario.model_copy(update={"team": name}), stage)
            except DialFailed as failed:
                complain(str(failed))
                return 1
        stop_telling()
        rows: list[dict[str, Any]] = await watch.written()
        analytics = await house.store.analytics(played.call_id)
        audio = save_sound(house, played, wav_out)
        tell_report(out, played, analytics, rows, audio)
        if json_file is not None:
            save_json(json_file, as_json(house, played, analytics, rows, audio))
    for problem in played.problems:
        complain(problem)
    return 0 if any(isinstance(fact, CallStarted) for fact in played.facts) else 1


def _found(target: str) -> tuple[str, dict[str, Team]]:
    """The name under which the team is called, and the teams to add to the house for it."""
    if ":" in target:
        team = load_team(target)
        return team.name, {team.name: team}
    names = [vertical.name for vertical in discover()]
    if target not in names:
        raise SettingsError(f"there is no team {target!r}; there are: {', '.join(names)}, or package.module:name")
    return target, {}
