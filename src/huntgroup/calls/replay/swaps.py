"""What happened while it was open whether a handoff comes off."""

from collections.abc import Sequence

from huntgroup.calls.replay.causes import Causes
from huntgroup.domain.facts import (
    CallEnded,
    CallerSpoke,
    DtmfPressed,
    Fact,
    HandoffCommitted,
    HandoffProposed,
    HandoffRolledBack,
    LineLost,
)


def swap_of(fact: Fact, causes: Causes) -> tuple[int, HandoffProposed, bool] | None:
    """Return the handoff, counted from 0, on which the server had not decided when something became known.

    With it comes its proposal, and whether the server decided before the call was over.
    """
    opened: HandoffProposed | None = None
    number = -1
    for one in causes.log:
        if isinstance(one, HandoffProposed):
            opened, number = (one, number + 1) if one.seq < fact.seq else (opened, number)
        elif isinstance(one, HandoffCommitted | HandoffRolledBack) and opened is not None:
            undecided = isinstance(one, HandoffRolledBack) and one.reason == "call_ended"
            if one.seq > fact.seq or undecided:
                return number, opened, not undecided
            opened = None
    return None


def undecided_of(facts: Sequence[Fact]) -> dict[int, bool]:
    """Return the handoffs, from 0, while which the caller did something, each with whether it was decided then."""
    causes = Causes(facts)
    swaps = (
        swap_of(fact, causes) for fact in facts if isinstance(fact, CallerSpoke | DtmfPressed | LineLost | CallEnded)
    )
    return {swap[0]: swap[2] for swap in swaps if swap is not None}
