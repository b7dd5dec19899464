"""What the server needs of the rest of the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from huntgroup.calls.ports import CallStore, Line
from huntgroup.settings import Settings


class House(Protocol):
    """Everything behind the doors; `bootstrap` builds the real one."""

    @property
    def settings(self) -> Settings: ...

    @property
    def teams(self) -> Mapping[str, Any]:
        """The teams that can be called, by name."""
        ...

    @property
    def store(self) -> CallStore: ...

    @property
    def engine(self) -> Any | None:
        """The offline engine when this process has one; it is served at `/v1/realtime`."""
        ...

    async def answer(self, line: Line, team: str, call_id: str, caller: str | None, callee: str | None) -> None:
        """Run the whole call on an open line; returns when it is settled and its record complete."""
        ...

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        """Return what waits for approval in a live call of this process; None when there is no such call."""
        ...

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        """Take a supervisor's verdict: `given`, or what stood in its way (`unknown`, `answered`, `not_theirs`)."""
        ...

    def ready(self) -> dict[str, Any]:
        """Return the parts that must work before calls are taken; a False value means "not yet"."""
        ...
