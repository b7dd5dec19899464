"""What happens to a recorded call that neither its caller nor its agents do."""

from typing import Protocol

from huntgroup.calls.replay.cues import Outage, Transfer
from huntgroup.domain.errors import ModelUnavailable

MOST_OPENINGS = 1_000
"""More than a call can try before it is over."""


class BehindTheLine(Protocol):
    """What people and the house do to a call."""

    def transfer(self, transfer: Transfer) -> None:
        """Begin a handoff."""

    async def join(self, by: str) -> None:
        """Take the call in the agent's place."""

    async def leave(self, by: str, reason: str) -> None:
        """Give it back, end it, or go away without a word."""

    def grant(self, claim: str, subject: str) -> None:
        """Grant a claim that no tool granted."""


def failures_of(reason: str, outage: Outage) -> list[ModelUnavailable]:
    """Return why sessions cannot be opened in an outage, one after the other; the last one ends the call for good."""
    failures = [ModelUnavailable(reason) for _ in range(MOST_OPENINGS if outage.to_the_end else outage.failures)]
    return [*failures, ModelUnavailable(reason, retryable=False)] if outage.for_good else failures
