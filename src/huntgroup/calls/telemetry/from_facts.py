"""The trace of a call that is over, rebuilt from its facts: for the record, the API and the demo."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from huntgroup.calls.telemetry.factspans import RecordedSpan, recorded, span_of
from huntgroup.calls.telemetry.outcomes import Outcomes
from huntgroup.domain.facts import CallEnded, CallerSpoke, CallResumed, CallStarted, Fact, SoundElsewhere
from huntgroup.domain.timeline import in_order

Kind = TypeVar("Kind")


def spans_of(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return spans in the shape of `CallTracer.trace_summary`, without personal data, in order of their start.

    `facts` are in the order of the log. A turn lasts from the caller's first sound to the next turn, a response as long
    as it was heard, a handoff from the commit until the receiver was heard. An hour's call takes tens of
    milliseconds: where calls are held, do it in a thread.
    """
    end_ms = max((fact.t_ms for fact in facts), default=0)
    spans = [_call(facts, end_ms), *_turns(facts, end_ms), *_resumptions(facts), *_happenings(facts, end_ms)]
    ordered = sorted(spans, key=lambda span: span["start_ms"])
    for number, span in enumerate(ordered):
        span["id"] = number
    return _with_parents(ordered)


def _call(facts: Sequence[Fact], end_ms: int) -> RecordedSpan:
    started = next(iter(_of(CallStarted, facts)), None)
    ended = next(iter(_of(CallEnded, reversed(facts))), None)
    return recorded(
        "call",
        "call",
        0,
        end_ms,
        team=started.team if started else None,
        reason=ended.reason if ended else None,
        sound="elsewhere" if _of(SoundElsewhere, facts) else None,
    )


def _turns(facts: Sequence[Fact], end_ms: int) -> list[RecordedSpan]:
    turns = _of(CallerSpoke, in_order(facts))
    ends = [turn.start_ms for turn in turns[1:]] + [end_ms]
    return [
        recorded("turn", "turn", turn.start_ms, end, turn=turn.turn) for turn, end in zip(turns, ends, strict=False)
    ]


def _resumptions(facts: Sequence[Fact]) -> list[RecordedSpan]:
    """The times in which the call had no process."""
    return [
        recorded("resumption", "resumption", fact.t_ms - fact.gap_ms, fact.t_ms, reason=fact.reason, gap_ms=fact.gap_ms)
        for fact in _of(CallResumed, facts)
    ]


def _happenings(facts: Sequence[Fact], end_ms: int) -> list[RecordedSpan]:
    """What single facts tell of, in the order of the log."""
    spans, outcomes = [], Outcomes()
    for fact in reversed(facts):
        span = span_of(fact, outcomes, end_ms)
        if span is not None:
            spans.append(span)
        outcomes.passed(fact)
    return spans[::-1]


def _of(kind: type[Kind], facts: Iterable[Fact]) -> list[Kind]:
    return [fact for fact in facts if type(fact) is kind]


def _with_parents(spans: list[RecordedSpan]) -> list[RecordedSpan]:
    """Everything hangs under the latest turn that had begun; turns hang under the call."""
    root = next(span["id"] for span in spans if span["kind"] == "call")
    turn = root
    for span in spans:
        if span["kind"] == "call":
            continue
        span["parent"] = root if span["kind"] == "turn" else turn
        turn = span["id"] if span["kind"] == "turn" else turn
    return spans
