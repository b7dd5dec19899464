"""What is left of a simulated call: the sound, the record, the figures, as files and as text."""

import json
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from huntgroup.analytics.metrics import percentile
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.cli.telling import tell_analytics, tell_rows, tell_trace
from huntgroup.domain import facts as f
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.record import as_record
from huntgroup.house import House
from huntgroup.testing.scenario_runner import Played


def tell_report(
    out: Console, played: Played, analytics: Analytics | None, rows: list[dict[str, Any]], audio: Path | None
) -> None:
    """Print the record: rows, analytics, trace, waits, and where the sound is."""
    tell_rows(out, rows)
    tell_analytics(out, analytics)
    tell_trace(out, spans_of(played.facts))
    figures = latency(played)
    out.print(f"\n[bold]Waits at the ear[/] ({figures['answers']} answers)", end="")
    out.print(f" p50 {_ms(figures['answer_p50_ms'])} · p95 {_ms(figures['answer_p95_ms'])}", end="")
    out.print(f" · handoff gaps {', '.join(_ms(gap) for gap in figures['handoff_gaps_ms']) or 'none'}")
    out.print(f"[bold]Time[/] {_pace(played)}")
    if audio is not None:
        out.print(f"[bold]Sound[/] {audio} (caller left, agents right)")


def latency(played: Played) -> dict[str, Any]:
    """Waits of the caller, from its last sound to the agents' next, and handoff gaps, all at the ear."""
    waits = played.waits_ms()
    return {
        "answers": len(waits),
        "answer_p50_ms": percentile(waits, 50),
        "answer_p95_ms": percentile(waits, 95),
        "answer_waits_ms": waits,
        "handoff_gaps_ms": [fact.gap_ms for fact in played.facts if isinstance(fact, f.HandoffHeard)],
        "call_ms": played.call_ms,
        "wall_ms": played.wall_ms,
    }


def as_json(
    house: House, played: Played, analytics: Analytics | None, rows: list[dict[str, Any]], audio: Path | None
) -> dict[str, Any]:
    """One object for `--json`: call, facts, analytics, rows, latency, trace."""
    return {
        "call": _head(house, played, audio),
        "facts": as_record(played.facts),
        "analytics": msgspec.to_builtins(analytics),
        "rows": rows,
        "latency": latency(played),
        "trace": spans_of(played.facts),
        "problems": played.problems,
    }


def save_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n", "utf-8")


def save_sound(house: House, played: Played, path: Path | None) -> Path:
    """Write both sides as WAV to `path`, or among the recordings; return where."""
    target = path
    if target is None:
        # Voices are personal: the folder is for its owner alone.
        house.settings.recordings_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = house.settings.recordings_dir / f"{played.call_id or 'call'}.wav"
    return played.recording.save_wav(target.absolute())


def _head(house: House, played: Played, audio: Path | None) -> dict[str, Any]:
    started = next((fact for fact in played.facts if isinstance(fact, f.CallStarted)), None)
    ended = next((fact for fact in played.facts if isinstance(fact, f.CallEnded)), None)
    return {
        "call_id": played.call_id,
        "team": played.scenario.team,
        "line": started.line if started is not None else None,
        "caller": started.caller if started is not None else None,
        "model": started.model if started is not None else None,
        "started_at": started.started_at if started is not None else None,
        "duration_ms": ended.duration_ms if ended is not None else None,
        "end_reason": ended.reason if ended is not None else None,
        "audio": str(audio) if audio is not None else None,
    }


def _pace(played: Played) -> str:
    call_s, wall_s = played.call_ms / 1000, played.wall_ms / 1000
    if wall_s >= call_s:
        return f"{call_s:.0f} s of call in {wall_s:.0f} s, in real time"
    return f"{call_s:.0f} s of call in {wall_s:.0f} s: silence and thinking at real speed, speech played fast"


def _ms(value: int | None) -> str:
    return f"{value} ms" if value is not None else "none"
