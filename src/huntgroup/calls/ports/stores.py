"""The ports to what outlives a call: its facts, who owns it, and what its tools have done."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary, Lease
from huntgroup.domain.facts import Fact


class CallStore(Protocol):
    """Where facts go. Every method raises `StoreUnavailable` while the database is away."""

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        """Store a batch; idempotent on call id and sequence number.

        `epochs` are the facts' own, one each: the number of the ownership under which each was written. Facts of a call
        that has since a higher one do not enter its record but are kept apart; returns the ids of such calls.
        """
        ...

    async def facts(self, call_id: str) -> list[Fact]:
        """Return a call's facts in order; [] when it is unknown."""
        ...

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        """Return calls, newest first."""
        ...

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None:
        """Store the analytics of a call; a later one replaces an earlier one. Of a call that is not there none is."""
        ...

    async def analytics(self, call_id: str) -> Analytics | None: ...


class CallLeases(Protocol):
    """Which process owns which call: at most one at any time. Every method raises `StoreUnavailable`.

    A lease lasts `lifetime_ms` from its last renewal, by the store's own clock. An owner is named by the process.
    """

    async def renew(
        self, owner: str, held: Mapping[str, int], *, lifetime_ms: int, draining: bool = False
    ) -> frozenset[str]:
        """Renew all leases of a process at once, by call id and epoch, and note that it lives.

        A lease that nobody has yet is made. Returns the calls that are lost: somebody else has them.
        """
        ...

    async def take(self, call_id: str, owner: str, *, lifetime_ms: int, gone: str | None = None) -> int | None:
        """Take a call whose lease has ended, or belongs to `gone`, a process known to be dead; returns the new epoch.

        None when the call has a live owner. Of many who try at once one succeeds.
        """
        ...

    async def release(self, owner: str, held: Mapping[str, int]) -> None:
        """End these leases now; those that are lost already stay as they are."""
        ...

    async def find(self, call_id: str) -> Lease | None:
        """Return who owns a call, or owned it last; None when no lease was ever made."""
        ...

    async def abandoned(self, *, after_ms: int, limit: int = 50) -> list[tuple[str, str]]:
        """Return calls without an end in their record whose lease ended `after_ms` ago or earlier, and their owners."""
        ...

    async def others(self, owner: str) -> list[str]:
        """Return the other processes that live and take calls."""
        ...

    async def leave(self, owner: str) -> None:
        """Note that a process takes no more part."""
        ...


class ToolOutcomes(Protocol):
    """What tool calls that write have done, by idempotency key. Raises `StoreUnavailable`."""

    async def settle(self, key: str, call_id: str) -> dict[str, Any] | None:
        """Return the result that is kept under `key`; else close the key, so that nothing is done under it any more.

        None when nothing was done under the key, as far as its writes are kept by key.
        """
        ...
