"""The trace of a call that is over, rebuilt from its facts: for the record, the API and the demo."""

from collections.abc import Mapping, Sequence
from typing import Any

from huntgroup.calls.telemetry.spans import SpanKind
from huntgroup.domain.facts import (
    AgentResumed,
    AgentSpoke,
    ApprovalGiven,
    CallEnded,
    CallerSpoke,
    CallResumed,
    CallStarted,
    Consulted,
    ContextTrimmed,
    Fact,
    GuardrailChecked,
    GuardrailFailed,
    GuardrailTripped,
    HandoffCommitted,
    HandoffHeard,
    HandoffRolledBack,
    LateResult,
    LineReturned,
    ModelLost,
    ModelRestored,
    ModelRolledOver,
    SoundElsewhere,
    SpeechIgnored,
    SupervisorJoined,
    SupervisorLeft,
    ToolAnswered,
    ToolCalled,
    WhisperAnswered,
    Whispered,
)
from huntgroup.domain.timeline import in_order

# What ends or completes these comes later in the log.
_LOOKS_ON = (ToolCalled, HandoffCommitted, HandoffRolledBack, ModelLost, Whispered, SupervisorJoined)


def spans_of(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return spans in the shape of `CallTracer.trace_summary`, without personal data, in order of their start.

    `facts` are in the order of the log. A turn lasts from the caller's first sound to the next turn, a response as long
    as it was heard, a handoff from the commit until the receiver was heard.
    """
    end_ms = max((fact.t_ms for fact in facts), default=0)
    started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
    ended = next((fact for fact in reversed(facts) if isinstance(fact, CallEnded)), None)
    attributes = {
        "team": started.team if started else None,
        "reason": ended.reason if ended else None,
        "sound": "elsewhere" if any(isinstance(fact, SoundElsewhere) for fact in facts) else None,
    }
    spans = [_span("call", "call", 0, end_ms, **attributes), *_turns(facts, end_ms), *_resumptions(facts)]
    late = {fact.tool_call_id: fact.policy for fact in reversed(facts) if isinstance(fact, LateResult)}
    for index, fact in enumerate(facts):
        later = facts[index + 1 :] if isinstance(fact, _LOOKS_ON) else ()
        span = _tool(fact, later, end_ms, late) if isinstance(fact, ToolCalled) else _span_of(fact, later, end_ms)
        if span is not None:
            spans.append(span)
    ordered = sorted(spans, key=lambda span: span["start_ms"])
    for number, span in enumerate(ordered):
        span["id"] = number
    return _with_parents(ordered)


def _turns(facts: Sequence[Fact], end_ms: int) -> list[dict[str, Any]]:
    turns = [fact for fact in in_order(facts) if isinstance(fact, CallerSpoke)]
    ends = [turn.start_ms for turn in turns[1:]] + [end_ms]
    return [_span("turn", "turn", turn.start_ms, end, turn=turn.turn) for turn, end in zip(turns, ends, strict=False)]


def _resumptions(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """The times in which the call had no process."""
    return [
        _span("resumption", "resumption", fact.t_ms - fact.gap_ms, fact.t_ms, reason=fact.reason, gap_ms=fact.gap_ms)
        for fact in facts
        if isinstance(fact, CallResumed)
    ]


def _span_of(fact: Fact, later: Sequence[Fact], end_ms: int) -> dict[str, Any] | None:
    match fact:
        case AgentSpoke() if fact.start_ms is not None:
            heard_until = fact.end_ms if fact.end_ms is not None else fact.start_ms
            return _span(
                "response", "response", fact.start_ms, heard_until, response_id=fact.response_id, agent=fact.agent,
                heard_ms=fact.heard_ms, interrupted=fact.interrupted,
            )  # fmt: skip
        case HandoffCommitted() | HandoffRolledBack():
            return _handoff(fact, later, end_ms)
        case GuardrailTripped() | GuardrailChecked() | GuardrailFailed() | ApprovalGiven():
            return _guarded(fact)
        case Consulted():
            start = max(0, fact.t_ms - fact.duration_ms)
            return _span(
                "consult",
                f"consult {fact.specialist}",
                start,
                fact.t_ms,
                specialist=fact.specialist,
            )
        case _:
            return _model_span(fact, later, end_ms)


def _tool(called: ToolCalled, later: Sequence[Fact], end_ms: int, late: Mapping[str, str]) -> dict[str, Any]:
    """`late` tells of results that came when another agent had the call, what became of them."""
    answer = _answer(called, later)
    until, error = (answer.t_ms, answer.error) if answer is not None else (end_ms, "unanswered")
    return _span(
        "tool", f"tool {called.tool}", called.t_ms, until, tool=called.tool, agent=called.agent,
        tool_call_id=called.tool_call_id, error=error, late=late.get(called.tool_call_id),
    )  # fmt: skip


def _model_span(fact: Fact, later: Sequence[Fact], end_ms: int) -> dict[str, Any] | None:
    match fact:
        case ModelLost():
            restored = next((one for one in later if isinstance(one, ModelRestored)), None)
            until, verdict = (restored.t_ms, restored.verdict) if restored is not None else (end_ms, None)
            return _span("outage", "model outage", fact.t_ms, until, reason=fact.reason, verdict=verdict)
        case Whispered():
            answers = (one for one in later if isinstance(one, WhisperAnswered))
            answered = next((one for one in answers if one.whisper == fact.seq), None)
            until_ms = answered.t_ms if answered is not None else fact.t_ms
            return _span("whisper", "whisper", fact.t_ms, until_ms, agent=fact.agent, answered=answered is not None)
        case SupervisorJoined():
            left = next((one for one in later if isinstance(one, SupervisorLeft)), None)
            until, reason = (left.t_ms, left.reason) if left is not None else (end_ms, None)
            return _span("supervisor", "supervisor", fact.t_ms, until, reason=reason)
        case LineReturned():
            return _span("outage", "line away", fact.t_ms, fact.t_ms, away_ms=fact.away_ms)
        case ModelRolledOver():
            began_ms = max(0, fact.t_ms - fact.overlap_ms)
            return _span("outage", "session rollover", began_ms, fact.t_ms, items=fact.items, quiet=fact.quiet)
        case _:
            return _doubt(fact)


def _doubt(fact: Fact) -> dict[str, Any] | None:
    """A sound of the caller that was no turn, or the silence that it cost."""
    if isinstance(fact, SpeechIgnored):
        return _span("floor", "floor", fact.start_ms, fact.t_ms, became=fact.reason)
    if isinstance(fact, AgentResumed):
        return _span("floor", "agent silent", fact.t_ms - fact.silent_ms, fact.t_ms, response_id=fact.response_id)
    return None


def _guarded(fact: GuardrailTripped | GuardrailChecked | GuardrailFailed | ApprovalGiven) -> dict[str, Any]:
    """A check lasts as long as it kept something back, a trip and a failure are moments."""
    match fact:
        case GuardrailTripped():
            name = f"guardrail {fact.guardrail}"
            return _span("guardrail", name, fact.t_ms, fact.t_ms, triggered=True, stage=fact.stage, action=fact.action)
        case GuardrailFailed():
            name = f"guardrail {fact.guardrail}"
            return _span(
                "guardrail", name, fact.t_ms, fact.t_ms, stage=fact.stage, error=fact.reason, policy=fact.policy
            )
        case ApprovalGiven():
            start_ms = max(0, fact.t_ms - fact.after_ms)
            name = f"approval {fact.tool}"
            return _span("approval", name, start_ms, fact.t_ms, approved=fact.approved, how=fact.how)
        case GuardrailChecked():
            start_ms = max(0, fact.t_ms - max(fact.took_ms, fact.waited_ms))
            name = f"guardrails {', '.join(fact.guardrails)}"
            return _span(
                "guardrail", name, start_ms, fact.t_ms, stage=fact.stage, mode=fact.mode, checks=fact.checks,
                took_ms=fact.took_ms, waited_ms=fact.waited_ms, triggered=fact.tripped,
            )  # fmt: skip


def _handoff(fact: HandoffCommitted | HandoffRolledBack, later: Sequence[Fact], end_ms: int) -> dict[str, Any]:
    name, ends = f"handoff {fact.from_agent} to {fact.to_agent}", {"from": fact.from_agent, "to": fact.to_agent}
    if isinstance(fact, HandoffRolledBack):
        return _span("handoff", name, fact.t_ms, fact.t_ms, **ends, error=fact.reason)
    heard = _heard(fact, later)
    trimmed = next((trim for trim in later[:2] if isinstance(trim, ContextTrimmed)), None)
    return _span(
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


def _answer(called: ToolCalled, later: Sequence[Fact]) -> ToolAnswered | None:
    answers = (fact for fact in later if isinstance(fact, ToolAnswered))
    return next((fact for fact in answers if fact.tool_call_id == called.tool_call_id), None)


def _heard(committed: HandoffCommitted, later: Sequence[Fact]) -> HandoffHeard | None:
    for fact in later:
        if isinstance(fact, HandoffHeard) and fact.to_agent == committed.to_agent:
            return fact
        if isinstance(fact, HandoffCommitted):
            return None
    return None


def _span(kind: SpanKind, name: str, start_ms: int, end_ms: int, **attributes: Any) -> dict[str, Any]:
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


def _with_parents(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything hangs under the latest turn that had begun; turns hang under the call."""
    root = next(span["id"] for span in spans if span["kind"] == "call")
    turn = root
    for span in spans:
        if span["kind"] == "call":
            continue
        span["parent"] = root if span["kind"] == "turn" else turn
        turn = span["id"] if span["kind"] == "turn" else turn
    return spans
