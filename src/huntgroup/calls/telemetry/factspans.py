"""The span that one fact of a record tells of, with what came of it."""

from collections.abc import Callable
from typing import Any

from huntgroup.calls.telemetry.outcomes import Outcomes
from huntgroup.calls.telemetry.spans import SpanKind
from huntgroup.domain.facts import (
    AgentResumed,
    AgentSpoke,
    ApprovalGiven,
    Consulted,
    Fact,
    GuardrailChecked,
    GuardrailFailed,
    GuardrailTripped,
    HandoffCommitted,
    HandoffRolledBack,
    LineReturned,
    ModelLost,
    ModelRolledOver,
    SpeechIgnored,
    SupervisorJoined,
    ToolCalled,
    Whispered,
)

RecordedSpan = dict[str, Any]


def recorded(kind: SpanKind, name: str, start_ms: int, end_ms: int, **attributes: Any) -> RecordedSpan:
    """Return a span in the shape of `CallTracer.trace_summary`; attributes that are None are left out."""
    given = {key: value for key, value in attributes.items() if value is not None}
    return {
        "id": 0,
        "parent": None,
        "kind": kind,
        "name": name,
        "start_ms": start_ms,
        "end_ms": max(start_ms, end_ms),
        "status": "error" if "error" in given else "ok",
        "attributes": given,
    }


def span_of(fact: Fact, outcomes: Outcomes, end_ms: int) -> RecordedSpan | None:
    """Return the span of a fact, None when it tells of none.

    `end_ms` is the end of the call, `outcomes` what follows the fact.
    """
    made_of = _LASTING.get(type(fact))
    if made_of is not None:
        return made_of(fact, outcomes, end_ms)
    told_by = _OVER.get(type(fact))
    return told_by(fact) if told_by is not None else None


# -- what is over only with a later fact, or with the call ------------------------------------------------------------


def _tool(called: ToolCalled, outcomes: Outcomes, end_ms: int) -> RecordedSpan:
    answer = outcomes.answer(called.tool_call_id)
    until, error = (answer.t_ms, answer.error) if answer is not None else (end_ms, "unanswered")
    return recorded(
        "tool", f"tool {called.tool}", called.t_ms, until, tool=called.tool, agent=called.agent,
        tool_call_id=called.tool_call_id, error=error, late=outcomes.late(called.tool_call_id),
    )  # fmt: skip


def _handoff(fact: HandoffCommitted, outcomes: Outcomes, end_ms: int) -> RecordedSpan:
    name, ends = f"handoff {fact.from_agent} to {fact.to_agent}", {"from": fact.from_agent, "to": fact.to_agent}
    heard, trimmed = outcomes.heard(fact), outcomes.trimmed
    return recorded(
        "handoff",
        name,
        fact.t_ms,
        heard.t_ms if heard is not None else end_ms,
        **ends,
        voice=fact.voice,
        gap_ms=heard.gap_ms if heard else None,
        tokens_saved=trimmed.tokens_before - trimmed.tokens_after if trimmed else None,
        net_usd=trimmed.net_usd if trimmed else None,
    )


def _outage(fact: ModelLost, outcomes: Outcomes, end_ms: int) -> RecordedSpan:
    restored = outcomes.restored
    until, verdict = (restored.t_ms, restored.verdict) if restored is not None else (end_ms, None)
    return recorded("outage", "model outage", fact.t_ms, until, reason=fact.reason, verdict=verdict)


def _whisper(fact: Whispered, outcomes: Outcomes, end_ms: int) -> RecordedSpan:
    answered = outcomes.whisper(fact.seq)
    until_ms = answered.t_ms if answered is not None else fact.t_ms
    return recorded("whisper", "whisper", fact.t_ms, until_ms, agent=fact.agent, answered=answered is not None)


def _supervisor(fact: SupervisorJoined, outcomes: Outcomes, end_ms: int) -> RecordedSpan:
    left = outcomes.left
    until, reason = (left.t_ms, left.reason) if left is not None else (end_ms, None)
    return recorded("supervisor", "supervisor", fact.t_ms, until, reason=reason)


# -- what is over when it is told -------------------------------------------------------------------------------------


def _response(fact: AgentSpoke) -> RecordedSpan | None:
    if fact.start_ms is None:
        return None
    heard_until = fact.end_ms if fact.end_ms is not None else fact.start_ms
    return recorded(
        "response", "response", fact.start_ms, heard_until, response_id=fact.response_id, agent=fact.agent,
        heard_ms=fact.heard_ms, interrupted=fact.interrupted,
    )  # fmt: skip


def _undone(fact: HandoffRolledBack) -> RecordedSpan:
    name, ends = f"handoff {fact.from_agent} to {fact.to_agent}", {"from": fact.from_agent, "to": fact.to_agent}
    return recorded("handoff", name, fact.t_ms, fact.t_ms, **ends, error=fact.reason)


def _tripped(fact: GuardrailTripped) -> RecordedSpan:
    name = f"guardrail {fact.guardrail}"
    return recorded("guardrail", name, fact.t_ms, fact.t_ms, triggered=True, stage=fact.stage, action=fact.action)


def _failed(fact: GuardrailFailed) -> RecordedSpan:
    name = f"guardrail {fact.guardrail}"
    return recorded("guardrail", name, fact.t_ms, fact.t_ms, stage=fact.stage, error=fact.reason, policy=fact.policy)


def _checked(fact: GuardrailChecked) -> RecordedSpan:
    """A check lasts as long as it kept something back; a trip and a failure are moments."""
    start_ms = max(0, fact.t_ms - max(fact.took_ms, fact.waited_ms))
    return recorded(
        "guardrail", f"guardrails {', '.join(fact.guardrails)}", start_ms, fact.t_ms, stage=fact.stage, mode=fact.mode,
        checks=fact.checks, took_ms=fact.took_ms, waited_ms=fact.waited_ms, triggered=fact.tripped,
    )  # fmt: skip


def _approval(fact: ApprovalGiven) -> RecordedSpan:
    start_ms = max(0, fact.t_ms - fact.after_ms)
    return recorded("approval", f"approval {fact.tool}", start_ms, fact.t_ms, approved=fact.approved, how=fact.how)


def _consult(fact: Consulted) -> RecordedSpan:
    start_ms = max(0, fact.t_ms - fact.duration_ms)
    return recorded("consult", f"consult {fact.specialist}", start_ms, fact.t_ms, specialist=fact.specialist)


def _away(fact: LineReturned) -> RecordedSpan:
    return recorded("outage", "line away", fact.t_ms, fact.t_ms, away_ms=fact.away_ms)


def _rollover(fact: ModelRolledOver) -> RecordedSpan:
    began_ms = max(0, fact.t_ms - fact.overlap_ms)
    return recorded("outage", "session rollover", began_ms, fact.t_ms, items=fact.items, quiet=fact.quiet)


def _no_turn(fact: SpeechIgnored) -> RecordedSpan:
    """A sound of the caller that was no turn."""
    return recorded("floor", "floor", fact.start_ms, fact.t_ms, became=fact.reason)


def _silent(fact: AgentResumed) -> RecordedSpan:
    """The silence that such a sound cost."""
    return recorded("floor", "agent silent", fact.t_ms - fact.silent_ms, fact.t_ms, response_id=fact.response_id)


_LASTING: dict[type, Callable[[Any, Outcomes, int], RecordedSpan]] = {
    ToolCalled: _tool,
    HandoffCommitted: _handoff,
    ModelLost: _outage,
    Whispered: _whisper,
    SupervisorJoined: _supervisor,
}
_OVER: dict[type, Callable[[Any], RecordedSpan | None]] = {
    AgentSpoke: _response,
    HandoffRolledBack: _undone,
    GuardrailTripped: _tripped,
    GuardrailFailed: _failed,
    GuardrailChecked: _checked,
    ApprovalGiven: _approval,
    Consulted: _consult,
    LineReturned: _away,
    ModelRolledOver: _rollover,
    SpeechIgnored: _no_turn,
    AgentResumed: _silent,
}
