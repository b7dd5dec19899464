"""The commands of `huntgroup`, and what becomes of errors: one line, exit code 2 for settings and usage, else 1."""

import os
import sys

import typer

from huntgroup import __version__
from huntgroup.cli import call, check, db, demo, desk, doctor, replay, serve
from huntgroup.cli.output import complain
from huntgroup.domain.errors import HuntgroupError, SettingsError

app = typer.Typer(
    name="huntgroup",
    help="A team of specialist voice agents on one unbroken phone call.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("call")(call.call)
app.command("replay")(replay.replay)
app.command("check")(check.check)
app.add_typer(db.app, name="db")
app.add_typer(desk.app, name="desk")
app.command("doctor")(doctor.doctor)


@app.command("version")
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line and leave the process. Teams are found in the working folder, too."""
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        app()
    except SettingsError as error:
        complain(str(error))
        sys.exit(2)
    except HuntgroupError as error:
        complain(f"{error or type(error).__name__}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
