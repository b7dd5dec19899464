"""What the server needs of the desk's part of the house."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from huntgroup.calls.ports import Supervisor
from huntgroup.domain.facts import Fact
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.deskdoor import PgDeskDoor
from huntgroup.storage.figures import PgFigures
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import SoundRetention


class Intercom(Protocol):
    """Questions between processes on the same database."""

    def answer_with(self, answering: Callable[[bytes], Awaitable[bytes]]) -> None:
        """Answer what others ask this process."""
        ...

    async def ask(self, owner: str, question: bytes, limit_s: float) -> bytes:
        """Return another process's answer. Raises `StoreUnavailable`, `TimeoutError`, or `ValueError` if too long."""
        ...


class LiveCalls(Protocol):
    """Live calls that other processes hold. Every method raises `StoreUnavailable`."""

    async def elsewhere(self) -> list[dict[str, Any]]:
        """Return them at a glance, the longest first, each with `elsewhere` true."""
        ...

    async def owner_of(self, call_id: str) -> str | None:
        """Return the process that holds a call; None when nobody does."""
        ...

    async def since(self, call_id: str, seq: int) -> list[Fact]:
        """Return the stored facts of a call behind the number `seq`, oldest first, perhaps not all at once."""
        ...


class SupervisorsDesk(Protocol):
    """Where supervisors sit; the real one is `huntgroup.house.Desk`."""

    @property
    def door(self) -> PgDeskDoor:
        """Who may come into the desk."""
        ...

    @property
    def intercom(self) -> Intercom: ...

    @property
    def live_calls(self) -> LiveCalls: ...

    @property
    def archive(self) -> PgArchive: ...

    @property
    def figures(self) -> PgFigures: ...

    @property
    def recordings(self) -> Recordings: ...

    @property
    def sound(self) -> SoundRetention: ...

    def glances(self) -> list[dict[str, Any]]:
        """Return the live calls of this process, each at a glance, the longest first."""
        ...

    def whisper(self, call_id: str, text: str, by: str) -> bool:
        """Tell the agent of a live call something that the caller does not hear; False when nobody listens."""
        ...

    async def transfer(self, call_id: str, to: str) -> bool:
        """Hand a live call to an agent of its team; True once it is committed. Raises `TellModel` or `TeamError`."""
        ...

    def supervise(self, call_id: str, person: Supervisor, by: str, visit: str) -> None:
        """Let a supervisor take a live call as soon as they are there. Raises `HandoffRefused`, and lets them go."""
        ...

    def part_supervisor(self, call_id: str, visit: str, *, ends_call: bool) -> bool:
        """Let the agent of a live call go on after a supervisor, or end it; False when they do not have the call."""
        ...

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        """Return what waits for approval in a live call of this process; None when there is no such call."""
        ...

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        """Take a supervisor's verdict: `given`, or what stood in its way (`unknown`, `answered`, `not_theirs`)."""
        ...
