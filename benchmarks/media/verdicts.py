"""Runs put together, and what they say to the aims."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Aim:
    """A figure that is wanted and the one that is there."""

    what: str
    wanted: float
    found: float | None

    @property
    def is_met(self) -> bool | None:
        """None while nothing was measured."""
        return None if self.found is None else self.found <= self.wanted


def medians(rows: list[Row]) -> list[Row]:
    """One row for each server and setting: the median of each figure over the rounds."""
    groups: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        if "error" not in row:
            groups[row["server"], row["audio"], row["calls"]].append(row)
    return [_merged(group) for group in groups.values()]


def ratio(rows: list[Row], row: Row, to: str) -> float | None:
    """CPU of a row in terms of another server's in the same setting."""
    other = find(rows, to, row["audio"], row["calls"])
    if other is None or not other["cpu_ms_per_call_s"]:
        return None
    return round(float(row["cpu_ms_per_call_s"] / other["cpu_ms_per_call_s"]), 2)


def find(rows: list[Row], server: str, audio: str, calls: int) -> Row | None:
    """The row of a server and a setting."""
    wanted = (server, audio, calls)
    return next((row for row in rows if (row["server"], row["audio"], row["calls"]) == wanted), None)


def aims_of(rows: list[Row]) -> list[Aim]:
    """The aims of the media path, each in every setting that it speaks of."""
    found: list[Aim] = []
    for row in rows:
        if row["server"] != "huntgroup":
            continue
        where = f"{row['audio']}, {row['calls']} calls"
        for other, wanted in (("relay", 1.5), ("sdk", 0.4), ("sdk-20ms", 0.4), ("pipecat", 0.1)):
            if find(rows, other, row["audio"], row["calls"]) is not None:
                found.append(Aim(f"CPU by {other}'s ({where})", wanted, ratio(rows, row, other)))
        if row["calls"] == 50:
            found.append(Aim(f"added latency up, p99 ms ({where})", 5.0, row["up_ms"]["p99"]))
            found.append(Aim(f"added latency down, p99 ms ({where})", 5.0, row["down_ms"]["p99"]))
        found.append(Aim(f"handoff, p99 ms ({where})", 15.0, row["handoff_ms"]["p99"]))
        found.append(Aim(f"barge-in, p99 ms ({where})", 10.0, row["barge_in_ms"]["p99"]))
        found.append(Aim(f"barge-ins missed ({where})", 0.0, row["barge_ins_missed"]))
        found.append(Aim(f"memory per call, kB ({where})", 1024.0, row["memory_kb_per_call"]))
    return found


def _merged(group: list[Row]) -> Row:
    merged = dict(group[0])
    for name, value in group[0].items():
        values = [row[name] for row in group]
        if isinstance(value, dict):
            merged[name] = {key: _middle([one[key] for one in values]) for key in value}
        elif isinstance(value, int | float) and name != "calls":
            # What went wrong even once is told.
            wrong = name in ("barge_ins_missed", "handoffs_failed", "turns_stalled")
            merged[name] = sum(values) if wrong else _middle(values)
    return merged


def _middle(values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    return round(statistics.median(known), 3) if known else None
