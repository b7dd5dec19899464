"""What grows from checkpoint to checkpoint, per thousand calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FIGURES = ("tasks", "handles", "sockets", "objects", "memory_kb")


@dataclass(frozen=True)
class Checkpoint:
    """What was alive after so many calls, when none was going on."""

    calls: int
    census: dict[str, Any]


def slopes(checkpoints: Sequence[Checkpoint]) -> dict[str, float]:
    """Growth per thousand calls of each figure, by least squares; the first checkpoint is warm-up and left out."""
    later = checkpoints[1:]
    return {name: round(_slope([(c.calls, float(c.census[name])) for c in later]), 3) for name in FIGURES}


def growing(checkpoints: Sequence[Checkpoint], *, per_thousand: float = 1.0) -> dict[str, float]:
    """Our own classes of which more are alive from checkpoint to checkpoint, with their slope."""
    later = checkpoints[1:]
    names = {name for checkpoint in later for name in checkpoint.census["ours"]}
    found = {name: _slope([(c.calls, float(c.census["ours"].get(name, 0))) for c in later]) for name in sorted(names)}
    return {name: round(slope, 2) for name, slope in found.items() if slope > per_thousand}


def _slope(points: Sequence[tuple[int, float]]) -> float:
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return 1000 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
