"""A house with a desk: records in a real database, sound on a real disk, and one live call played by hand."""

from pathlib import Path
from typing import Any

import httpx

from huntgroup.domain import facts as f
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import HandoffRefused, TeamError
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.deskdoor import PgDeskDoor
from huntgroup.storage.figures import PgFigures
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import SoundRetention
from tests.calls.teams import TEAM
from tests.server.dummy_house import DummyHouse

LIVE = "call_live"


class DeskHouse(DummyHouse):
    """`told` is what was done to the live call; `add` has a fact happen in it."""

    def __init__(self, db: Database, folder: Path, **settings: Any) -> None:
        super().__init__(**settings)
        clock = SystemClock()
        self.store = PgCallStore(db, append_every_ms=0)  # type: ignore[assignment]
        self.door, self.archive, self.figures = PgDeskDoor(db, clock), PgArchive(db), PgFigures(db)
        self.recordings = Recordings(folder)
        self.sound = SoundRetention(self.store, self.archive, self.recordings, {}, 30)  # type: ignore[arg-type]
        self.teams = {"clinic": TEAM}
        self.live: list[Any] = []
        self.told: list[tuple[str, ...]] = []
        self.waiting: list[dict[str, Any]] = []
        self.listening = True
        self.person: Any = None
        self.visit = ""

    def begin(self) -> None:
        self.add(
            f.CallStarted, team="clinic", line="twilio", caller="+15550100", callee=None, model="m/x",
            started_at="2026-11-24T09:00:00+00:00",
        )  # fmt: skip

    def add(self, kind: Any, **fields: Any) -> None:
        fact = kind(call_id=LIVE, seq=len(self.live), t_ms=20 * len(self.live), agent="desk", **fields)
        self.live.append(fact)
        self.followers.tell_fact(fact)

    def end(self) -> None:
        self.add(f.CallEnded, reason="caller_hung_up", duration_ms=1000)
        self.live.clear()

    def glances(self) -> list[dict[str, Any]]:
        glance = {"call_id": LIVE, "team": "clinic", "caller": "+15550100", "agent": "desk", "for_ms": 1000}
        return [{**glance, "last": None, "approvals": self.waiting}] if self.live else []

    def facts_of(self, call_id: str) -> list[Any]:
        return list(self.live) if call_id == LIVE else []

    def whisper(self, call_id: str, text: str, by: str) -> bool:
        self.told.append(("whisper", text, by))
        return self.listening

    async def transfer(self, call_id: str, to: str) -> bool:
        if to == "nobody":
            raise TeamError("no such agent")
        if to == "front_desk":
            raise HandoffRefused("busy", "the caller has it already")
        self.told.append(("transfer", to))
        return True

    def supervise(self, call_id: str, person: Any, by: str, visit: str) -> None:
        if self.person is not None:
            person.let_go()
            raise HandoffRefused("taken", "another supervisor has the call")
        self.person, self.visit = person, visit

    def part_supervisor(self, call_id: str, visit: str, *, ends_call: bool) -> bool:
        if self.person is None:
            return False
        self.told.append(("hang up" if ends_call else "give back", visit))
        self.person.let_go()
        self.person = None
        return True

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        return self.waiting if call_id == LIVE else None

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        self.told.append(("decide", tool_call_id, str(approved), by))
        self.waiting = []
        return "given" if tool_call_id == "fc_1" else "unknown"


async def log_in(house: DeskHouse, client: httpx.AsyncClient, name: str = "Ada") -> httpx.Response:
    """Log `client` in by a fresh link."""
    return await client.post("/desk/api/login", json={"link": await house.desk.door.make_link(name)})
