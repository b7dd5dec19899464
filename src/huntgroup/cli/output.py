"""What the commands print with: one console for people, plain lines when nobody looks on."""

import typer
from rich.console import Console


def console(*, quiet: bool = False) -> Console:
    """A console on standard output; `quiet` swallows everything."""
    return Console(highlight=False, quiet=quiet, soft_wrap=True)


def complain(message: str) -> None:
    """Print one line on standard error."""
    line = " ".join(message.split())
    typer.echo(f"huntgroup: {line}", err=True)
