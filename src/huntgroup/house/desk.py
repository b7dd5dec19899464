"""The desk's part of the house: its door, the records it reads, and what a supervisor does to live calls."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from huntgroup.calls.overview import glance
from huntgroup.calls.ports import Supervisor
from huntgroup.calls.session import CallSession
from huntgroup.domain.errors import HandoffRefused
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.deskdoor import PgDeskDoor
from huntgroup.storage.figures import PgFigures
from huntgroup.storage.intercom import PgIntercom
from huntgroup.storage.livecalls import PgLiveCalls
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import SoundRetention


@dataclass(kw_only=True)
class Desk:
    """Where supervisors sit. `live` are the calls that the house holds, by id; the house adds and takes them out."""

    door: PgDeskDoor
    intercom: PgIntercom
    live_calls: PgLiveCalls
    archive: PgArchive
    figures: PgFigures
    recordings: Recordings
    sound: SoundRetention
    live: Mapping[str, CallSession]

    def glances(self) -> list[dict[str, Any]]:
        """Return the live calls of this process, each at a glance, the longest first."""
        return sorted((glance(session) for session in self.live.values()), key=lambda one: -one["for_ms"])

    def whisper(self, call_id: str, text: str, by: str) -> bool:
        """Tell the agent of a live call something that the caller does not hear; False when nobody listens."""
        return call_id in self.live and self.live[call_id].whisper(text, by)

    async def transfer(self, call_id: str, to: str) -> bool:
        """Hand a live call to an agent of its team, as a supervisor; True once it is committed.

        Raises `HandoffRefused`, also when no such call is running here, or what `CallSession.transfer` raises.
        """
        if call_id not in self.live:
            raise HandoffRefused("busy", "no such call is running here")
        return await self.live[call_id].transfer(to, by="supervisor")

    def supervise(self, call_id: str, person: Supervisor, by: str, visit: str) -> None:
        """Let a supervisor take a live call; see `CallSession.supervise`."""
        if call_id not in self.live:
            person.let_go()
            raise HandoffRefused("busy", "no such call is running here")
        self.live[call_id].supervise(person, by, visit)

    def part_supervisor(self, call_id: str, visit: str, *, ends_call: bool) -> bool:
        """Let the agent of a live call go on after a supervisor, or end it; False when they do not have the call."""
        session = self.live.get(call_id)
        if session is None:
            return False
        return session.end_as_supervisor(visit) if ends_call else session.give_back(visit)

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        """Return what waits for approval in a live call, oldest first; None when no such call is running here."""
        session = self.live.get(call_id)
        return [asdict(waiting) for waiting in session.approvals] if session is not None else None

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        """Take a supervisor's verdict on a tool call of a live call; see `CallSession.approve`."""
        session = self.live.get(call_id)
        if session is None:
            return "unknown"
        return session.approve(tool_call_id, by=by) if approved else session.reject(tool_call_id, by=by)
