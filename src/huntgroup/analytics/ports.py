"""What the analytics need from outside, and the error they raise."""

from collections.abc import Sequence
from typing import Protocol

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary
from huntgroup.domain.errors import RetryError
from huntgroup.domain.facts import Fact


class AnalyticsFailed(RetryError):
    """A call could not be analysed. `reason` is a short code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Analyst(Protocol):
    """Turns the facts of one ended call into its analytics."""

    async def analyse(self, facts: Sequence[Fact]) -> Analytics:
        """`facts` are in order. Raises `AnalyticsFailed` when there is nothing to analyse."""
        ...


class AnalyticsStore(Protocol):
    """The part of the call store that the job uses; every method may raise `StoreUnavailable`."""

    async def facts(self, call_id: str) -> list[Fact]: ...

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]: ...

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None: ...

    async def analytics(self, call_id: str) -> Analytics | None: ...
