"""`huntgroup replay`: hold a recorded call again with the present code and prompts, and show the first difference."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from huntgroup.bootstrap import open_records
from huntgroup.cli.differing import as_json, tell_difference
from huntgroup.cli.output import complain, console
from huntgroup.cli.report import save_json
from huntgroup.domain.errors import HuntgroupError, SettingsError
from huntgroup.domain.facts import CallStarted, Fact, UnreadableFact, decode_any
from huntgroup.openings import teams_of
from huntgroup.replaying import ModelKind, hold_again, usual_model
from huntgroup.settings import Settings, load_settings
from huntgroup.teams import Team
from huntgroup.teams.manifest import load_team

EQUAL, DIFFERENT, IMPOSSIBLE = 0, 1, 2


class ModelChoice(StrEnum):
    """Whose replies a replayed call gets."""

    RECORDED = "recorded"
    OFFLINE = "offline"


def replay(
    call_id: Annotated[str | None, typer.Argument(help="A stored call's id.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A record as --json of demo and call writes it.")] = None,
    model: Annotated[
        ModelChoice | None,
        typer.Option(
            "--model",
            help="recorded: the model says what it said, and the code is tested. offline: the engine thinks anew, and "
            "prompts and tools are tested. Unset: offline for calls that the offline engine answered, else recorded.",
        ),
    ] = None,
    team: Annotated[str | None, typer.Option("--team", help="package.module:name of a team of your own.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write both streams and the difference; they hold what was said.")
    ] = None,
) -> None:
    """Hold a recorded call again and show the first difference. Exit code 0: equal, 1: different, 2: impossible.

    Nothing is written to any database. What is printed quotes the call: it is for your eyes, and is logged nowhere.
    """
    out = console()
    try:
        if (call_id is None) == (file is None):
            raise SettingsError("replay needs the id of a stored call, or --file FILE")
        code = asyncio.run(_replay(out, call_id, file, model, team, json_file))
    except HuntgroupError as error:
        complain(f"this call cannot be replayed: {error or type(error).__name__}")
        code = IMPOSSIBLE
    raise typer.Exit(code)


async def _replay(
    out: Console,
    call_id: str | None,
    file: Path | None,
    choice: ModelChoice | None,
    target: str | None,
    json_file: Path | None,
) -> int:
    settings = load_settings()
    facts = read_record(file) if file is not None else await _stored(settings, call_id or "", out)
    if not facts:
        raise SettingsError("there is no such call")
    kind: ModelKind = choice.value if choice is not None else usual_model(facts)
    unreadable = _unreadable(facts)
    if unreadable:
        out.print(f"[yellow]facts that this version cannot read are left out: {unreadable}[/]")
    replayed = await hold_again(facts, _team(settings, facts, target), kind)
    tell_difference(out, facts[0].call_id, kind, replayed)
    if json_file is not None:
        _save_private(json_file, as_json(facts[0].call_id, kind, replayed))
    return EQUAL if replayed.difference is None else DIFFERENT


def read_record(path: Path) -> list[Fact]:
    """Return the facts of a file: an object with `facts`, or their list. Raises `SettingsError`."""
    try:
        content = json.loads(path.read_text("utf-8"))
        facts = content["facts"] if isinstance(content, dict) else content
        return [decode_any(msgspec.json.encode(fact)) for fact in facts]
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise SettingsError(f"{path} holds no record of a call ({type(error).__name__})") from error


async def _stored(settings: Settings, call_id: str, out: Console) -> list[Fact]:
    async with open_records(settings, lambda line: out.print(f"[dim]… {line}[/]")) as store:
        return await store.facts(call_id)


def _save_private(path: Path, content: dict[str, Any]) -> None:
    """Write what quotes a call where only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    save_json(path, content)


def _team(settings: Settings, facts: Sequence[Fact], target: str | None) -> Team:
    if target is not None:
        return load_team(target)
    name = next((fact.team for fact in facts if isinstance(fact, CallStarted)), "")
    teams = teams_of(settings)
    if name not in teams:
        raise SettingsError(f"there is no team {name!r} here; name yours with --team package.module:name")
    return teams[name]


def _unreadable(facts: Sequence[Fact]) -> str:
    kinds = Counter(fact.kind for fact in facts if isinstance(fact, UnreadableFact))
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
