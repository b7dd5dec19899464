"""A scripted call that goes on with the record of another, as another process does it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from huntgroup.calls.processes.resumption import Resumption, prepare
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain.facts import CallStarted, Fact
from huntgroup.teams import Team
from huntgroup.testing.memory_leases import MemoryOutcomes
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM


async def resumption_of(facts: Sequence[Fact], outcomes: MemoryOutcomes | None = None, team: Team = TEAM) -> Resumption:
    return await prepare(facts, team, outcomes or MemoryOutcomes(), process="other", epoch=2)


class ResumedCall(ScriptedCall):
    """`async with ResumedCall(resumption)`: the call goes on `gap_ms` after its last fact; nothing is answered yet."""

    def __init__(self, resumption: Resumption, *, gap_ms: int = 5_000, team: Team = TEAM) -> None:
        super().__init__(team)
        started = next(fact for fact in resumption.record if isinstance(fact, CallStarted))
        at = datetime.fromisoformat(started.started_at) + timedelta(milliseconds=resumption.state.last_ms + gap_ms)
        self.clock = self.line._clock = VirtualClock(at)  # type: ignore[assignment]
        around = Surroundings(model=self._model, clock=self.clock)
        self.session = CallSession(around, team, self.line, call_id=resumption.state.call_id, resumption=resumption)

    async def __aenter__(self) -> "ResumedCall":
        self._running = asyncio.create_task(self.session.run())
        await self.clock.settle()
        return self

    @property
    def seeds(self) -> list[rt.Item]:
        return [event.item for event in self.model.sent_of(rt.ConversationItemCreate)]

    @property
    def said_first(self) -> str:
        config = self.asks[0].response
        assert isinstance(config, rt.ResponseConfig)
        return str(config.instructions)
