"""The composition root: the one place that chooses concrete classes and wires them together."""

import asyncio
import contextlib
import importlib
import importlib.util
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import httpx

from huntgroup.analytics import AnalyticsJob, ChatAnalyst, RulesAnalyst
from huntgroup.analytics.ports import Analyst
from huntgroup.backends import backends, house_phrases
from huntgroup.calls.announcer import NoPhrases
from huntgroup.calls.moving import GIVEN_UP
from huntgroup.calls.orphancalls import NoResumption, OrphanCalls
from huntgroup.calls.ownership import Ownership
from huntgroup.calls.ports import CallStore, Clock, HousePhrases, Line, RealtimeModel
from huntgroup.calls.recorder import FactWriter
from huntgroup.calls.resumption import Resumption
from huntgroup.calls.session import MOST_STANDBYS, CallSession, Surroundings
from huntgroup.calls.spool import Spool
from huntgroup.calls.standbys import Allowance
from huntgroup.calls.telemetry.agents_sdk import AgentsSdkSink, stop_vendor_export
from huntgroup.calls.telemetry.otel import OtelSink, otlp_provider
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import CallFailed, SettingsError
from huntgroup.domain.facts import Fact
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.ports import Voice
from huntgroup.migrations.upgrade import is_current, upgrade
from huntgroup.models.failover import FailoverModel
from huntgroup.offline import open_engine, open_voice
from huntgroup.settings import Settings
from huntgroup.storage.base import Database
from huntgroup.storage.callbacks import PgCallbacks
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.storage.leases import PgCallLeases
from huntgroup.storage.outcomes import PgToolOutcomes
from huntgroup.storage.process import is_dead, name_of_this_process
from huntgroup.teams import SilencePolicy, Team
from huntgroup.verticals import discover

logger = logging.getLogger(__name__)
FAULTS = frozenset({"error", "model_lost"})
SETTLE_LIMIT_S = 2.0
Progress = Callable[[str], None]
FactListener = Callable[[Fact], None]


@dataclass(kw_only=True)
class House:
    """Everything that runs, for the server and the command line. Made by `open_house`.

    `room` says whether the model's provider takes one more call.
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
    room: Callable[[], bool] = lambda: True
    sinks: tuple[TraceSink, ...] = ()
    phrases: HousePhrases = field(default_factory=NoPhrases)
    standbys: Allowance = field(default_factory=lambda: Allowance(MOST_STANDBYS))
    live: dict[str, CallSession] = field(default_factory=dict)
    _listeners: list[FactListener] = field(default_factory=list)

    def on_fact(self, listener: FactListener) -> Callable[[], None]:
        """Hear every fact of every call as it happens; returns the way to stop. The listener must be quick."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def answer(
        self,
        line: Line,
        team: str,
        call_id: str,
        caller: str | None = None,
        callee: str | None = None,
    ) -> str:
        """Hold one call from answer to settled end, whose reason is returned. Raises `CallFailed`."""
        self.ownership.hold(call_id)
        return await self._hold(
            CallSession(self._surroundings(), self.teams[team], line, call_id=call_id, caller=caller, callee=callee)
        )

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        """Take a call whose process is gone. With a resumption, `resume` or `give_back` must follow."""
        return "later" if call_id in self.live else await self.orphan_calls.take_over(call_id)

    async def resume(self, line: Line, resumption: Resumption) -> str:
        """Go on with a call that was taken over. Raises `CallFailed`."""
        state = resumption.state
        return await self._hold(
            CallSession(
                self._surroundings(),
                self.teams[state.team],
                line,
                call_id=state.call_id,
                caller=state.caller,
                callee=state.callee,
                resumption=resumption,
            )
        )

    async def give_back(self, resumption: Resumption) -> None:
        """Leave a call that was taken over to whoever comes."""
        call_id = resumption.state.call_id
        if call_id not in self.live and self.ownership.epoch_of(call_id) == resumption.epoch:
            await self.ownership.release(call_id)

    async def _hold(self, session: CallSession) -> str:
        call_id = session.call_id
        self.live[call_id] = session
        self.ownership.watch(call_id, session.lose)
        reason = "error"
        try:
            reason = await session.run()
        finally:
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
        """Whoever takes the call over must find every fact of it in the store; an outage cannot be waited for."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.writer.settled(), SETTLE_LIMIT_S)
        await self.ownership.release(call_id)

    def has_room(self) -> bool:
        """Whether the model's provider takes one more call."""
        return self.room()

    async def drain(self) -> None:
        """Let other processes know that this one takes no more calls."""
        await self.ownership.drain()

    async def others(self) -> bool:
        """Whether another process lives that takes calls."""
        return bool(await self.ownership.others())

    async def move(self, call_id: str, patience_ms: int) -> None:
        """Give a live call up at a quiet moment, for another process."""
        if call_id in self.live:
            await self.live[call_id].move(patience_ms)

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

    def ready(self) -> dict[str, object]:
        """Say whether calls can be taken, and what is waiting."""
        return {
            "model": f"{self.model.profile.name}/{self.model.profile.model}",
            "database": not self.writer.away,
            "calls": len(self.live),
            "facts_waiting": self.writer.backlog,
            "spool": self.writer.problem or "ok",
            "teams": sorted(self.teams),
        }

    async def settled(self) -> None:
        """Return when all facts so far are stored and all ended calls are analysed."""
        await self.writer.settled()
        await self.analytics.idle()

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
        )

    def _tell(self, fact: Fact) -> None:
        for listener in list(self._listeners):
            listener(fact)


@asynccontextmanager
async def open_house(
    settings: Settings,
    *,
    progress: Progress = lambda text: None,
    teams: Mapping[str, Team] | None = None,
    clock: Clock | None = None,
    with_voice: bool = False,
) -> AsyncIterator[House]:
    """Start everything that the settings ask for, and stop it in order at the end.

    `teams` are added to those of the verticals. `with_voice` loads the offline voices even when a remote model
    speaks, for a simulated caller. Raises `SettingsError`, `DataMissing` or `StoreUnavailable`.
    """
    stop_vendor_export()
    now = clock or SystemClock()
    async with AsyncExitStack() as stack:
        all_teams = _teams(settings, teams)
        url, (engine, voice) = await asyncio.gather(
            _open_database(settings, stack, now, progress),
            _open_speech(settings, stack, now, progress, all_teams, with_voice=with_voice),
        )
        database = Database(url, pool_size=10)
        stack.push_async_callback(database.close)
        store = PgCallStore(database)
        model = FailoverModel(backends(settings, engine), now)
        owner = name_of_this_process()
        leases = PgCallLeases(database)
        ownership = Ownership(leases, owner, now)
        writer = FactWriter(store, now, Spool(settings.data_dir / "spool", owner), epoch_of=ownership.epoch_of)
        job = AnalyticsJob(store, await _analyst(settings, stack, now), now)
        orphan_calls = OrphanCalls(
            store=store,
            leases=leases,
            ownership=ownership,
            outcomes=PgToolOutcomes(database),
            writer=writer,
            teams=all_teams,
            clock=now,
            is_dead=is_dead,
            longest_ms=int(settings.max_call_minutes * 60_000),
            on_buried=job.submit,
        )
        await _run_until_closed(stack, writer, job, ownership, orphan_calls)
        house = House(
            settings=settings,
            clock=now,
            database=database,
            database_url=url,
            store=store,
            teams=all_teams,
            model=model,
            engine=engine,
            voice=voice,
            writer=writer,
            ownership=ownership,
            orphan_calls=orphan_calls,
            callbacks=PgCallbacks(database),
            analytics=job,
            room=model.has_room,
            sinks=_sinks(settings, stack),
            standbys=Allowance(settings.standbys),
            phrases=await house_phrases(settings, progress, voice, all_teams.values(), model.profile),
        )
        yield house


@asynccontextmanager
async def open_records(settings: Settings, progress: Progress = lambda text: None) -> AsyncIterator[CallStore]:
    """Open only the store of calls, to read what is there. Raises `SettingsError` or `StoreUnavailable`."""
    async with AsyncExitStack() as stack:
        database = Database(await _open_database(settings, stack, SystemClock(), progress))
        stack.push_async_callback(database.close)
        yield PgCallStore(database)


def teams_of(settings: Settings) -> dict[str, Team]:
    """Return the teams of all verticals by name, as this house runs them."""
    return _teams(settings, None)


async def _open_speech(
    settings: Settings,
    stack: AsyncExitStack,
    clock: Clock,
    progress: Progress,
    teams: Mapping[str, Team],
    *,
    with_voice: bool,
) -> tuple[OfflineEngine | None, Voice | None]:
    """Load the offline engine when it is to answer, first or second, or only its voices for a simulated caller."""
    offline = "offline" in (settings.model_kind, settings.fallback)
    if not (offline or with_voice):
        return None, None
    voice = await open_voice(settings, stack, progress)
    if not offline:
        return None, voice
    return await open_engine(settings, stack, clock, progress, voice, teams.values()), voice


async def _open_database(settings: Settings, stack: AsyncExitStack, clock: Clock, progress: Progress) -> str:
    """Return the address of a database that is up to date. An embedded one is migrated and seeded here."""
    if settings.database_url is not None:
        if not await is_current(settings.database_url):
            raise SettingsError(
                "HUNTGROUP_DATABASE_URL: this database is not up to date; run `huntgroup db upgrade` once"
            )
        return settings.database_url
    progress("starting PostgreSQL")
    server = await stack.enter_async_context(EmbeddedPostgres(settings.postgres_dir, progress=progress))
    if not await is_current(server.url):
        progress("PostgreSQL: making the tables")
        await upgrade(server.url)
    await seed_verticals(server.url, clock, progress)
    return server.url


async def seed_verticals(url: str, clock: Clock, progress: Progress) -> None:
    """Fill the tables of every vertical that has demo data and none yet."""
    database = Database(url)
    try:
        for vertical in discover():
            module = f"{vertical.package}.seed"
            if importlib.util.find_spec(module) is None:
                continue
            if await importlib.import_module(module).seed(database, clock.utc_now()):
                progress(f"{vertical.name}: demo data written")
    finally:
        await database.close()


def _teams(settings: Settings, more: Mapping[str, Team] | None) -> dict[str, Team]:
    length_ms = int(settings.max_call_minutes * 60_000)
    found = {vertical.name: vertical.load() for vertical in discover()}
    return {
        name: replace(team, silence=_silence(settings, team.silence), max_call_ms=min(team.max_call_ms, length_ms))
        for name, team in {**found, **(more or {})}.items()
    }


def _silence(settings: Settings, policy: SilencePolicy) -> SilencePolicy:
    """Return the team's own policy, with the operator's times when there are any."""
    if settings.silence_seconds is None:
        return policy
    ms = int(settings.silence_seconds * 1000)
    return replace(policy, reprompt_ms=ms, narrow_ms=ms, goodbye_ms=ms)


async def _analyst(settings: Settings, stack: AsyncExitStack, clock: Clock) -> Analyst:
    rules = RulesAnalyst(clock)
    if settings.chat_url is None or settings.chat_model is None:
        return rules
    client = await stack.enter_async_context(httpx.AsyncClient())
    key = settings.chat_key.get_secret_value() if settings.chat_key is not None else None
    return ChatAnalyst(client, settings.chat_url, settings.chat_model, rules, key)


async def _run_until_closed(
    stack: AsyncExitStack, writer: FactWriter, job: AnalyticsJob, ownership: Ownership, orphan_calls: OrphanCalls
) -> None:
    """Start the long tasks; at the end facts are written first, then calls released, then the rest is analysed."""
    writing = asyncio.create_task(writer.run(), name="fact writer")
    owning = asyncio.create_task(ownership.run(), name="leases")
    burying = asyncio.create_task(orphan_calls.run(), name="abandoned calls")
    analysing = asyncio.create_task(job.run(), name="analytics")

    async def stop() -> None:
        # Two at once would drop facts: the task is gone before what is left is written.
        writing.cancel()
        owning.cancel()
        burying.cancel()
        await asyncio.gather(writing, owning, burying, return_exceptions=True)
        await writer.close()
        await ownership.close()
        await job.close()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(analysing, 5)

    stack.push_async_callback(stop)


def _sinks(settings: Settings, stack: AsyncExitStack) -> tuple[TraceSink, ...]:
    sinks: list[TraceSink] = [AgentsSdkSink()]
    if settings.otlp_endpoint is not None:
        provider = otlp_provider(settings.otlp_endpoint)
        stack.push_async_callback(asyncio.to_thread, provider.shutdown)
        sinks.append(OtelSink(provider))
    return tuple(sinks)
