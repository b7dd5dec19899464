"""From what callers and model noted to figures."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.media.callers import Caller
from benchmarks.media.tags import Track, delays_ms

CLEAR_LIMIT_MS = 1000.0


@dataclass(frozen=True)
class Log:
    """One call from both ends; `stretches` are the caller's seconds that lie whole in the measured time."""

    caller: Caller
    model: dict[str, Any]
    stretches: range


def figures_of(logs: Sequence[Log], *, late_ms: Sequence[float]) -> dict[str, Any]:
    """All figures of one run that the clock tells; those of /proc are the parent's."""
    up, down, clears, handoffs, tools = [], [], [], [], []
    lost_up = lost_down = missed = stalled = turns = 0
    for log in logs:
        delays, lost = delays_ms(log.caller.sent, _track(log.model["heard"]), of=log.stretches)
        up, lost_up = up + delays, lost_up + lost
        spoken = _track(log.model["spoken"])
        # The last reply may still be on its way when the run ends.
        whole = range(max(spoken.times, default=0))
        delays, lost = delays_ms(spoken, log.caller.ear.track, of=whole)
        down, lost_down = down + delays, lost_down + lost
        waits = [_clear_after(log.caller.clears, at) for at in log.model["barge_ins"]]
        clears += [wait for wait in waits if wait is not None]
        missed += waits.count(None)
        handoffs += log.model["handoffs"]
        tools += log.model["tools"]
        stalled, turns = stalled + log.model["stalled"], turns + log.model["turns"]
    return {
        "up_ms": spread(up),
        "down_ms": spread(down),
        "lost_frames": [lost_up, lost_down],
        "barge_in_ms": spread(clears),
        "barge_ins_missed": missed,
        "handoff_ms": spread([time for time in handoffs if time is not None]),
        "handoffs_failed": handoffs.count(None),
        "tool_ms": spread([time for time in tools if time is not None]),
        "turns": turns,
        "turns_stalled": stalled,
        "generator_late_ms": spread(late_ms),
    }


def spread(values: Sequence[float]) -> dict[str, float | int | None]:
    """Count, median and 99th percentile, as the nearest value that was seen."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0, "p50": None, "p99": None, "max": None}
    return {
        "count": len(ordered),
        "p50": round(ordered[(len(ordered) - 1) // 2], 3),
        "p99": round(ordered[min(len(ordered) - 1, -(-99 * len(ordered) // 100) - 1)], 3),
        "max": round(ordered[-1], 3),
    }


def _track(times: dict[str, list[float]]) -> Track:
    return Track({int(stretch): array("d", moments) for stretch, moments in times.items()})


def _clear_after(clears: Sequence[float], at: float) -> float | None:
    """Milliseconds until the first clear after a moment; None when it came too late or never."""
    wait = next((1000 * (clear - at) for clear in clears if clear >= at), None)
    return wait if wait is not None and wait <= CLEAR_LIMIT_MS else None
