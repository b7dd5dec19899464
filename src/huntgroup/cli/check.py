"""`huntgroup check`: are manifests, teams, tools, prompts and scenarios in order?"""

from typing import Annotated

import typer
from rich.markup import escape

from huntgroup.cli.inspection import inspect_target, inspect_vertical, vertical_names
from huntgroup.cli.output import console


def check(
    team: Annotated[
        str | None, typer.Argument(help="A vertical's name, or package.module:name. All by default.")
    ] = None,
) -> None:
    """Check manifests, teams, tools, prompts and scenarios; exit code 1 when anything is wrong."""
    out = console()
    names = [team] if team is not None else vertical_names()
    found = 0
    for name in names:
        problems = inspect_target(name) if ":" in name else inspect_vertical(name)
        found += len(problems)
        for problem in problems:
            out.print(f"[red]✗[/] {escape(f'{name}: {problem}')}")
        if not problems:
            out.print(f"[green]✓[/] {name}")
    raise typer.Exit(1 if found else 0)
