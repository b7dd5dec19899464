"""Figures of a call: durations, talk, interruptions, waiting, handoff gaps. All times in ms of the line's clock."""

from collections.abc import Sequence
from typing import Any

from huntgroup.analytics.view import CallView
from huntgroup.domain.facts import (
    AgentResumed,
    AgentSpoke,
    CallerSpoke,
    Fact,
    FillerSpoken,
    HandoffCommitted,
    HandoffHeard,
    Interrupted,
    SilencePrompted,
    UsageReported,
)
from huntgroup.domain.timeline import in_order


def metrics(view: CallView) -> dict[str, Any]:
    """Return the call's figures by name; a figure that does not exist (nobody was heard) is None."""
    caller_ms = sum(max(0, f.end_ms - f.start_ms) for f in view.facts if isinstance(f, CallerSpoke))
    agent_ms = sum(fact.heard_ms for fact in view.facts if isinstance(fact, AgentSpoke))
    spoken_ms = caller_ms + agent_ms
    waits = answer_waits_ms(view.facts)
    return {
        "duration_ms": view.ended.duration_ms if view.ended is not None else None,
        "caller_talk_ms": caller_ms,
        "agent_talk_ms": agent_ms,
        "caller_talk_ratio": round(caller_ms / spoken_ms, 3) if spoken_ms else None,
        "caller_turns": len(view.caller_lines),
        "interruptions": interruptions(view.facts),
        "false_interruptions": _count(view.facts, AgentResumed),
        "silences": _count(view.facts, SilencePrompted),
        "fillers": _count(view.facts, FillerSpoken),
        "tools": len(view.tools),
        "tools_failed": sum(not use.ok for use in view.tools),
        "handoffs": _count(view.facts, HandoffCommitted),
        "handoff_gaps_ms": [fact.gap_ms for fact in view.facts if isinstance(fact, HandoffHeard)],
        "first_sound_ms": first_sound_ms(view.facts),
        "answer_wait_p50_ms": percentile(waits, 50),
        "answer_wait_p95_ms": percentile(waits, 95),
        "tokens": sum(f.input_tokens + f.output_tokens for f in view.facts if isinstance(f, UsageReported)),
    }


def interruptions(facts: Sequence[Fact]) -> int:
    """How often the caller stopped an agent, by voice or by key; all items cut in one moment are one interruption."""
    return len({fact.t_ms for fact in facts if isinstance(fact, Interrupted)})


def first_sound_ms(facts: Sequence[Fact]) -> int | None:
    """When the caller first heard an agent."""
    starts = [fact.start_ms for fact in facts if isinstance(fact, AgentSpoke) and fact.start_ms is not None]
    return min(starts, default=None)


def answer_waits_ms(facts: Sequence[Fact]) -> list[int]:
    """For each turn of the caller: from its last sound to the next sound of an agent, before the caller's next turn."""
    turns = [fact for fact in in_order(facts) if isinstance(fact, CallerSpoke) and fact.text.strip()]
    starts = sorted(f.start_ms for f in facts if isinstance(f, AgentSpoke) and f.start_ms is not None and f.heard_ms)
    waits: list[int] = []
    for index, turn in enumerate(turns):
        until = turns[index + 1].start_ms if index + 1 < len(turns) else None
        heard = next((start for start in starts if start >= turn.end_ms), None)
        if heard is not None and (until is None or heard <= until):
            waits.append(heard - turn.end_ms)
    return waits


def percentile(values: Sequence[int], percent: int) -> int | None:
    """Nearest-rank percentile; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def _count(facts: Sequence[Fact], kind: type[Fact]) -> int:
    return sum(isinstance(fact, kind) for fact in facts)
