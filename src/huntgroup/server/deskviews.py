"""One call as the desk shows it: who spoke when, and what each agent did and cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    CallStarted,
    Fact,
    HandoffCommitted,
    SupervisorSpoke,
    ToolCalled,
    UsageReported,
)
from huntgroup.domain.money import Bill, bill_of
from huntgroup.domain.prices import priced_as
from huntgroup.server.views import whole_call

Span = tuple[int, int]


def desk_call(call_id: str, facts: Sequence[Fact], analytics: Analytics | None) -> dict[str, Any]:
    """Return the call as the API tells it, with `speech` (who was heard when) and the `agents`' account."""
    return {**whole_call(call_id, facts, analytics), "speech": speech(facts), "agents": accounts(facts)}


def speech(facts: Sequence[Fact]) -> dict[str, list[Span]]:
    """Return from when to when each was heard: `caller`, then agents and `supervisor` by first words."""
    found: dict[str, list[Span]] = {"caller": []}
    for fact in facts:
        if isinstance(fact, CallerSpoke):
            found["caller"].append((fact.start_ms, fact.end_ms))
        elif isinstance(fact, SupervisorSpoke):
            found.setdefault("supervisor", []).append((fact.start_ms, fact.end_ms))
        elif isinstance(fact, AgentSpoke) and fact.start_ms is not None:
            end_ms = fact.end_ms if fact.end_ms is not None else fact.start_ms
            found.setdefault(fact.agent or "", []).append((fact.start_ms, end_ms))
    return found


def accounts(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return what each agent did: heard ms, tools, handoffs, responses, tokens and USD by list price."""
    model = next((fact.model.rpartition("/")[2] for fact in facts if isinstance(fact, CallStarted)), "")
    names = dict.fromkeys(fact.agent for fact in facts if fact.agent and not isinstance(fact, CallStarted))
    return [_account(name, [fact for fact in facts if fact.agent == name], model) for name in names]


def _account(name: str, own: Sequence[Fact], model: str) -> dict[str, Any]:
    bills = [bill_of(fact) for fact in own if isinstance(fact, UsageReported)]
    bill = sum(bills, start=Bill())
    return {
        "agent": name,
        "heard_ms": sum(fact.heard_ms for fact in own if isinstance(fact, AgentSpoke)),
        "tools": sum(isinstance(fact, ToolCalled) for fact in own),
        "handoffs": sum(isinstance(fact, HandoffCommitted) for fact in own),
        "responses": len(bills),
        "input_tokens": bill.read,
        "cached_tokens": bill.cached,
        "output_tokens": bill.made,
        "usd": round(bill.usd(model), 6),
        "priced_as": priced_as(model),
    }
