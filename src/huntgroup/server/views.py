"""A call as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain.analytics import Analytics
from huntgroup.domain.facts import AgentSpoke, CallerSpoke, CallStarted, Fact
from huntgroup.domain.record import as_record, end_of
from huntgroup.domain.timeline import entries


def whole_call(call_id: str, facts: Sequence[Fact], analytics: Analytics | None) -> dict[str, Any]:
    """One call: its head, the transcript of what was heard, every fact, its trace, and what was concluded from them."""
    return {
        "call": head(call_id, facts),
        "transcript": transcript(facts),
        "facts": as_record(facts),
        "trace": spans_of(facts),
        "analytics": msgspec.to_builtins(analytics),
    }


def head(call_id: str, facts: Sequence[Fact]) -> dict[str, Any]:
    """Who called which team, when, for how long; null where it is not known (yet)."""
    started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
    ended = end_of(facts)
    return {
        "call_id": call_id,
        "team": started.team if started else None,
        "line": started.line if started else None,
        "caller": started.caller if started else None,
        "callee": started.callee if started else None,
        "model": started.model if started else None,
        "started_at": started.started_at if started else None,
        "duration_ms": ended.duration_ms if ended else None,
        "end_reason": ended.reason if ended else None,
        "is_running": bool(facts) and ended is None,
    }


def transcript(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """What was heard, in order of time: the caller's words as transcribed, the agents' as far as they sounded."""
    return [line for entry in entries(facts) if (line := _line(entry.fact)) is not None]


def _line(fact: Fact) -> dict[str, Any] | None:
    if isinstance(fact, CallerSpoke) and fact.text:
        return {"t_ms": fact.start_ms, "speaker": "caller", "text": fact.text, "interrupted": False}
    if isinstance(fact, AgentSpoke) and fact.heard_text and fact.start_ms is not None:
        return {
            "t_ms": fact.start_ms,
            "speaker": fact.agent,
            "text": fact.heard_text,
            "interrupted": fact.interrupted,
        }
    return None
