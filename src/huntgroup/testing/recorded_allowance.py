"""How many sessions could stand by in a recorded call: as many as it needs, or none where it had none."""

from collections.abc import Callable, Sequence

from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.surroundings import MOST_STANDBYS
from huntgroup.domain.facts import Fact, HandoffCommitted, StandbyFailed


class RecordedAllowance(Allowance):
    """Refuses standbys before each handoff that had to keep the voice in the record, for whatever reason then.

    `handoffs` says how many there have been so far.
    """

    def __init__(self, facts: Sequence[Fact], handoffs: Callable[[], int]) -> None:
        super().__init__(MOST_STANDBYS)
        self._handoffs = handoffs
        self._failed = _failed(facts)

    def take(self) -> bool:
        """Take one; False when all are taken, or were in the record."""
        return self._handoffs() not in self._failed and super().take()


def _failed(facts: Sequence[Fact]) -> frozenset[int]:
    failed, handoffs = set(), 0
    for fact in facts:
        if isinstance(fact, StandbyFailed):
            failed.add(handoffs)
        elif isinstance(fact, HandoffCommitted):
            handoffs += 1
    return frozenset(failed)
