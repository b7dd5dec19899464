"""Where figures are printed."""

from rich.console import Console

LEAST_WIDTH = 150


def console() -> Console:
    """Return a console wide enough for every table: a figure that is cut off in a file is no figure."""
    return Console(width=max(LEAST_WIDTH, Console().width))
