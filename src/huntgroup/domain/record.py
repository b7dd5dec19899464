"""The record of a call: its facts as plain JSON objects, in order."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from huntgroup.domain.facts import CallEnded, CallResumed, Fact, HandoffCommitted, HandoffHeard


def end_of(facts: Iterable[Fact]) -> CallEnded | None:
    """Return how the call ended; None while it runs, also when it went on after a lost line."""
    last: CallEnded | None = None
    for fact in sorted(facts, key=lambda fact: fact.seq):
        if isinstance(fact, CallEnded):
            last = fact
        elif isinstance(fact, CallResumed):
            last = None
    return last


def as_record(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Return the facts as JSON-able objects.

    A `HandoffCommitted` also carries `gap_ms`, joined from the `HandoffHeard` that follows it; null when the receiver
    was never heard.
    """
    ordered = sorted(facts, key=lambda fact: fact.seq)
    record = [msgspec.to_builtins(fact) for fact in ordered]
    for index, fact in enumerate(ordered):
        if isinstance(fact, HandoffCommitted):
            record[index]["gap_ms"] = _gap_after(ordered, index, fact)
    return record


def _gap_after(facts: Sequence[Fact], index: int, committed: HandoffCommitted) -> int | None:
    for fact in facts[index + 1 :]:
        if isinstance(fact, HandoffHeard) and fact.to_agent == committed.to_agent:
            return fact.gap_ms
        if isinstance(fact, HandoffCommitted):
            return None
    return None
