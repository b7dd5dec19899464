"""Figures for the eye."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from benchmarks.media.contenders import ALL
from benchmarks.media.verdicts import Row, aims_of, ratio

_TITLES = {one.name: one.title for one in ALL}
_COLUMNS = (
    "server",
    "CPU ms per call-s",
    "by relay",
    "cores",
    "up p50/p99 ms",
    "down p50/p99 ms",
    "handoff p50/p99 ms",
    "barge-in p50/p99 ms",
    "missed",
    "stalled",
    "kB per call",
    "load",
)


def tables(rows: list[Row]) -> Iterator[Table]:
    """One table for each setting."""
    for audio, calls in dict.fromkeys((row["audio"], row["calls"]) for row in rows):
        table = Table(title=f"{calls} calls, {audio}", title_justify="left", box=None)
        for column in _COLUMNS:
            table.add_column(column, justify="left" if column == "server" else "right")
        for row in rows:
            if (row["audio"], row["calls"]) == (audio, calls):
                table.add_row(*_cells(rows, row))
        yield table


def aims(rows: list[Row]) -> Table:
    """What was wanted and what is there."""
    table = Table(title="Aims of huntgroup", title_justify="left", box=None)
    for column in ("what", "wanted at most", "found", ""):
        table.add_column(column, justify="left" if column == "what" else "right")
    for aim in aims_of(rows):
        verdict = {True: "met", False: "missed", None: ""}[aim.is_met]
        table.add_row(aim.what, f"{aim.wanted:g}", "" if aim.found is None else f"{aim.found:g}", verdict)
    return table


def _cells(rows: list[Row], row: Row) -> list[str]:
    return [
        _TITLES[row["server"]],
        str(row["cpu_ms_per_call_s"]),
        _text(ratio(rows, row, "relay")),
        str(row["core_share"]),
        _pair(row["up_ms"]),
        _pair(row["down_ms"]),
        _pair(row["handoff_ms"]),
        _pair(row["barge_in_ms"]),
        str(row["barge_ins_missed"]),
        str(row["turns_stalled"]),
        _text(row["memory_kb_per_call"]),
        str(row["load_average"]),
    ]


def _pair(spread: dict[str, Any]) -> str:
    return "—" if not spread["count"] else f"{spread['p50']:.1f} / {spread['p99']:.1f}"


def _text(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
