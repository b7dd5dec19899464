"""Processes of one database in one process: an intercom, and what each sees of the others' calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from huntgroup.domain.facts import Fact


class MemoryIntercom:
    """The intercom of `owner`; those with the same `everybody` reach one another."""

    def __init__(self, owner: str = "here", everybody: dict[str, MemoryIntercom] | None = None) -> None:
        self._everybody = {} if everybody is None else everybody
        self._everybody[owner] = self
        self._answering: Callable[[bytes], Awaitable[bytes]] | None = None

    def answer_with(self, answering: Callable[[bytes], Awaitable[bytes]]) -> None:
        """Answer what others ask."""
        self._answering = answering

    async def ask(self, owner: str, question: bytes, limit_s: float) -> bytes:
        """Return what another answers; raises `TimeoutError` at once when there is nobody of that name."""
        other = self._everybody.get(owner)
        if other is None or other._answering is None:
            raise TimeoutError
        return await asyncio.wait_for(other._answering(question), limit_s)


class MemoryLiveCalls:
    """Live calls of other processes: `owners` by call, `records` of their facts, `glances` as lists show them."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.records: dict[str, Sequence[Fact]] = {}
        self.glances: list[dict[str, Any]] = []

    async def elsewhere(self) -> list[dict[str, Any]]:
        """Return `glances`."""
        return list(self.glances)

    async def owner_of(self, call_id: str) -> str | None:
        """Return who holds a call."""
        return self.owners.get(call_id)

    async def since(self, call_id: str, seq: int) -> list[Fact]:
        """Return the facts behind a number."""
        return [fact for fact in self.records.get(call_id, ()) if fact.seq > seq]
