"""What the server needs of the desk's part of the house."""

from __future__ import annotations

from typing import Any, Protocol

from huntgroup.storage.archive import PgArchive
from huntgroup.storage.deskdoor import PgDeskDoor
from huntgroup.storage.figures import PgFigures
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import SoundRetention


class SupervisorsDesk(Protocol):
    """Where supervisors sit; the real one is `huntgroup.house.Desk`."""

    @property
    def door(self) -> PgDeskDoor:
        """Who may come into the desk."""
        ...

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

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        """Return what waits for approval in a live call of this process; None when there is no such call."""
        ...

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        """Take a supervisor's verdict: `given`, or what stood in its way (`unknown`, `answered`, `not_theirs`)."""
        ...
