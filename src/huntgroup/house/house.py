"""The house: everything that runs in one process, and the calls that are held with it."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from huntgroup.analytics import AnalyticsJob
from huntgroup.calls.longtasks import LongTasks
from huntgroup.calls.onlookers.following import Follower, Followers
from huntgroup.calls.ports import CallStore, Clock, HousePhrases, Line, RealtimeModel
from huntgroup.calls.processes.moving import GIVEN_UP
from huntgroup.calls.processes.orphancalls import NoResumption, OrphanCalls
from huntgroup.calls.processes.ownership import Ownership
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.session import CallSession
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.surroundings import MOST_STANDBYS, Surroundings
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.domain.errors import CallFailed
from huntgroup.domain.facts import Fact, RecordingFailed
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.ports import Voice
from huntgroup.house.desk import Desk
from huntgroup.house.vendor import AttachedLine, VendorAudio
from huntgroup.lines.taping import Taping
from huntgroup.settings import Settings
from huntgroup.storage.base import Database
from huntgroup.storage.callbacks import PgCallbacks
from huntgroup.storage.tapes import FileTape
from huntgroup.teams import Team

FAULTS = frozenset({"error", "model_lost"})
SETTLE_LIMIT_S = 2.0
FactListener = Callable[[Fact], None]


@dataclass(kw_only=True)
class House:
    """Everything that runs, for the server and the command line. Made by `bootstrap.open_house`.

    `room` says whether the model's provider takes one more call. With `vendor`, callers may have their sound with the
    model's server itself.
    """

    settings: Settings
    clock: Clock
    database: Database
    database_url: str
    store: CallStore
    teams: dict[str, Team]
    model: RealtimeModel
    engine: OfflineEngine | None
    voice: Voice | None
    writer: FactWriter
    ownership: Ownership
    orphan_calls: OrphanCalls
    callbacks: PgCallbacks
    analytics: AnalyticsJob
    tasks: LongTasks
    desk: Desk
    web_key: bytes
    vendor: VendorAudio | None = None
    room: Callable[[], bool] = lambda: True
    sinks: tuple[TraceSink, ...] = ()
    phrases: HousePhrases = field(default_factory=NoPhrases)
    taping: Taping | None = None
    standbys: Allowance = field(default_factory=lambda: Allowance(MOST_STANDBYS))
    live: dict[str, CallSession] = field(default_factory=dict)
    followers: Followers = field(default_factory=Followers)
    _listeners: list[FactListener] = field(default_factory=list)

    def on_fact(self, listener: FactListener) -> Callable[[], None]:
        """Hear every fact of every call as it happens; returns the way to stop. The listener must be quick."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        """Tell a follower of one call what happens in it here, even before it begins; returns the way to stop."""
        return self.followers.add(call_id, follower)

    def facts_of(self, call_id: str) -> Sequence[Fact]:
        """Return the facts so far of a call that is held here; none of any other."""
        session = self.live.get(call_id)
        return session.log.facts if session is not None else ()

    def hand(self, call_id: str) -> CallSession | None:
        """Return what the caller can do by hand to a call that is held here; None when it is not, or not yet."""
        return self.live.get(call_id)

    async def answer(
        self,
        line: Line,
        team: str,
        call_id: str,
        caller: str | None = None,
        callee: str | None = None,
        *,
        longest_ms: int | None = None,
    ) -> str:
        """Hold one call from answer to settled end, whose reason is returned. Raises `CallFailed`.

        `longest_ms` ends it politely before its team's own limit does.
        """
        chosen = self._within(team, longest_ms)
        if call_id not in self.ownership.calls:
            self.ownership.hold(call_id)
        line, tape = self._taped(line, team, call_id)
        return await self._hold(
            CallSession(self._around(line), chosen, line, call_id=call_id, caller=caller, callee=callee),
            tape,
        )

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        """Take a call whose process is gone. With a resumption, `resume` or `give_back` must follow."""
        return "later" if call_id in self.live else await self.orphan_calls.take_over(call_id)

    async def claim(self, call_id: str) -> bool:
        """Own a call that another process announced and nobody answered; False when somebody has it, or may have it.

        `answer` must follow.
        """
        return call_id not in self.live and await self.orphan_calls.claim(call_id)

    async def resume(self, line: Line, resumption: Resumption, *, longest_ms: int | None = None) -> str:
        """Go on with a call that was taken over. Raises `CallFailed`."""
        state = resumption.state
        line, tape = self._taped(line, state.team, state.call_id)
        session = CallSession(
            self._surroundings(),
            self._within(state.team, longest_ms),
            line,
            call_id=state.call_id,
            caller=state.caller,
            callee=state.callee,
            resumption=resumption,
        )
        if tape is not None:
            tape.start_ms = session.now_ms - line.now_ms()
        return await self._hold(session, tape)

    def _within(self, name: str, longest_ms: int | None) -> Team:
        """Return a team whose calls last no longer than this."""
        team = self.teams[name]
        return team if longest_ms is None else replace(team, max_call_ms=min(longest_ms, team.max_call_ms))

    async def give_back(self, resumption: Resumption) -> None:
        """Leave a call that was taken over to whoever comes."""
        call_id = resumption.state.call_id
        if call_id not in self.live and self.ownership.epoch_of(call_id) == resumption.epoch:
            await self.ownership.release(call_id)

    def _taped(self, line: Line, team: str, call_id: str) -> tuple[Line, FileTape | None]:
        if self.taping is None or isinstance(line, AttachedLine):
            return line, None
        return self.taping.begin(line, team, call_id, lambda code: self._tape_failed(call_id, code))

    def _tape_failed(self, call_id: str, code: str) -> None:
        if call_id in self.live:
            self.live[call_id].log.add(RecordingFailed, reason=code)

    async def _hold(self, session: CallSession, tape: FileTape | None) -> str:
        call_id = session.call_id
        self.live[call_id] = session
        self.ownership.watch(call_id, session.lose)
        reason = "error"
        try:
            reason = await session.run()
        finally:
            if tape is not None:
                tape.close()
            # Until its facts are stored nobody may take it over, not even this process.
            try:
                await self._let_go(call_id)
            finally:
                del self.live[call_id]
            if reason not in GIVEN_UP:
                self.analytics.submit(call_id)
        if reason in FAULTS:
            raise CallFailed(reason)
        return reason

    async def _let_go(self, call_id: str) -> None:
        """Whoever takes the call over must find every fact of it in the store: until then it stays ours."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.writer.settled(), SETTLE_LIMIT_S)
        await self.ownership.release_when(call_id, lambda: not self.writer.holds(call_id))

    def has_room(self) -> bool:
        """Whether the model's provider takes one more call."""
        return self.room()

    async def drain(self) -> None:
        """Let other processes know that this one takes no more calls."""
        await self.ownership.drain()

    async def others(self) -> bool:
        """Whether another process lives that takes calls."""
        return bool(await self.ownership.others())

    async def move(self, call_id: str, patience_ms: int, *, because: str = "draining") -> None:
        """Give a live call up at a quiet moment, for another process or line."""
        if call_id in self.live:
            await self.live[call_id].move(patience_ms, because=because)

    def ready(self) -> dict[str, object]:
        """Say whether calls can be taken, and what is waiting."""
        return {
            "model": f"{self.model.profile.name}/{self.model.profile.model}",
            "database": not self.writer.away,
            "calls": len(self.live),
            "facts_waiting": self.writer.backlog,
            "spool": self.writer.problem or "ok",
            "tasks": not self.tasks.dead,
            "teams": sorted(self.teams),
        }

    async def settled(self) -> None:
        """Return when all facts so far are stored and all ended calls are analysed."""
        await self.writer.settled()
        await self.analytics.idle()

    def _around(self, line: Line) -> Surroundings:
        """A line whose sound is at the model's server has its own way there; the house cannot be heard on it."""
        around = self._surroundings()
        return replace(around, model=line.model, phrases=NoPhrases()) if isinstance(line, AttachedLine) else around

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            model=self.model,
            clock=self.clock,
            resources={Database: self.database},
            listeners=(self.writer.put, self._tell),
            sinks=self.sinks,
            passthrough=self.settings.phone_audio == "passthrough",
            acknowledged=self.writer.acknowledged,
            phrases=self.phrases,
            standbys=self.standbys,
            hearer=self.followers.hearer,
        )

    def _tell(self, fact: Fact) -> None:
        self.followers.tell_fact(fact)
        for listener in list(self._listeners):
            listener(fact)
