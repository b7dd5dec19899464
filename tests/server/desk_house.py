"""A house with a desk: records in a real database, sound on a real disk, and one live call played by hand."""

from collections.abc import Callable
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
from huntgroup.storage.retention import Retention
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
        self.retention = Retention(self.store, self.archive, self.recordings, clock, {}, 30)  # type: ignore[arg-type]
        self.live: list[Any] = []
        self.listeners: list[Callable[[Any], None]] = []
        self.told: list[tuple[str, ...]] = []
        self.waiting: list[dict[str, Any]] = []
        self.listening = True

    def begin(self) -> None:
        self.add(
            f.CallStarted, team="clinic", line="twilio", caller="+15550100", callee=None, model="m/x",
            started_at="2026-11-24T09:00:00+00:00",
        )  # fmt: skip

    def add(self, kind: Any, **fields: Any) -> None:
        fact = kind(call_id=LIVE, seq=len(self.live), t_ms=20 * len(self.live), agent="front_desk", **fields)
        self.live.append(fact)
        for listener in list(self.listeners):
            listener(fact)

    def end(self) -> None:
        self.add(f.CallEnded, reason="caller_hung_up", duration_ms=1000)
        self.live.clear()

    def on_fact(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def glances(self) -> list[dict[str, Any]]:
        glance = {"call_id": LIVE, "team": "clinic", "caller": "+15550100", "agent": "front_desk", "for_ms": 1000}
        return [{**glance, "last": None, "approvals": self.waiting}] if self.live else []

    def facts_so_far(self, call_id: str) -> tuple[Any, ...] | None:
        return tuple(self.live) if call_id == LIVE and self.live else None

    def roster(self, team: str) -> dict[str, Any]:
        return {"agents": ["front_desk", "nurse"], "edges": [{"giver": "front_desk", "receiver": "nurse"}]}

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

    def approvals(self, call_id: str) -> list[dict[str, Any]] | None:
        return self.waiting if call_id == LIVE else None

    def decide(self, call_id: str, tool_call_id: str, *, approved: bool, by: str) -> str:
        self.told.append(("decide", tool_call_id, str(approved), by))
        self.waiting = []
        return "given" if tool_call_id == "fc_1" else "unknown"


async def log_in(house: DeskHouse, client: httpx.AsyncClient, name: str = "Ada") -> httpx.Response:
    """Log `client` in by a fresh link."""
    return await client.post("/desk/api/login", json={"link": await house.door.make_link(name)})
