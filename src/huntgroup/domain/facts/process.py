"""Facts of a call that goes from one process to another."""

from huntgroup.domain.facts.base import FactBase


class CallMoved(FactBase, frozen=True, kw_only=True):
    """The process gave the call up on purpose, for another to resume it; `reason`: draining."""

    reason: str


class CallResumed(FactBase, frozen=True, kw_only=True):
    """A process went on with a call that had lost its own; it has taken the call under the number `epoch`.

    `reason`: process_lost, moved or line_lost. `gap_ms` is from the last fact before to this one, by the clock of the
    day: nobody was there for that long, or less.
    """

    process: str
    epoch: int
    reason: str
    gap_ms: int
    model: str
