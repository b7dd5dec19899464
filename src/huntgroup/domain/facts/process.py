"""Facts of a call that goes from one process to another."""

from huntgroup.domain.facts.base import FactBase


class CallMoved(FactBase, frozen=True, kw_only=True):
    """The process gave the call up on purpose, for another to resume it, or for itself on another line.

    `reason`: draining, another_line.
    """

    reason: str


class CallResumed(FactBase, frozen=True, kw_only=True):
    """A process went on with a call that had lost its own; it has taken the call under the number `epoch`.

    `reason`: process_lost, moved, line_lost, or another_line; `line` is the kind of line that it goes
    on with. `gap_ms` is from the last fact before to this one, by the clock of the
    day: nobody was there for that long, or less.
    """

    process: str
    epoch: int
    reason: str
    gap_ms: int
    model: str
    line: str | None = None
