"""Parts of a house that take several steps to open, for `bootstrap`: database, speech, teams, observers, tasks."""

import asyncio
import importlib
import importlib.util
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx

from huntgroup.analytics import AnalyticsJob, ChatAnalyst, RulesAnalyst
from huntgroup.analytics.ports import Analyst
from huntgroup.calls.longtasks import LongTasks
from huntgroup.calls.ports import Clock
from huntgroup.calls.processes.orphancalls import OrphanCalls
from huntgroup.calls.processes.ownership import Ownership
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.record.retention import Retention
from huntgroup.calls.telemetry.agents_sdk import AgentsSdkSink
from huntgroup.calls.telemetry.otel import OtelSink, otlp_provider
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.domain.errors import SettingsError
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.ports import Voice
from huntgroup.engine.weights import Progress
from huntgroup.lines.taping import Taping
from huntgroup.migrations.upgrade import is_current, upgrade
from huntgroup.offline import open_engine, open_voice
from huntgroup.settings import Settings
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.storage.latewords import LateWords
from huntgroup.storage.recordings import Recordings
from huntgroup.storage.retention import KeptDays, RecordRetention, SoundRetention
from huntgroup.storage.tapes import TapeRoom
from huntgroup.teams import SilencePolicy, Team
from huntgroup.verticals import discover

# What a team without a manifest is taken to allow.
KEEP_SOUND_DAYS = 30


async def open_database(settings: Settings, stack: AsyncExitStack, clock: Clock, progress: Progress) -> str:
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


async def open_speech(
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


def teams_of(settings: Settings, more: Mapping[str, Team] | None = None) -> dict[str, Team]:
    """Return the teams of all verticals by name, and `more`, as this house runs them."""
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


def open_sinks(settings: Settings, stack: AsyncExitStack) -> tuple[TraceSink, ...]:
    """Return the Agents SDK's tracing, and OpenTelemetry when the settings name a collector."""
    sinks: list[TraceSink] = [AgentsSdkSink()]
    if settings.otlp_endpoint is not None:
        provider = otlp_provider(settings.otlp_endpoint)
        stack.push_async_callback(asyncio.to_thread, provider.shutdown)
        sink = OtelSink(provider)
        stack.push_async_callback(asyncio.to_thread, sink.close)
        sinks.append(sink)
    return tuple(sinks)


def sound_days() -> dict[str, int]:
    """Return for how many days each vertical allows the sound of its calls to be kept."""
    return {vertical.name: vertical.manifest().retention_days.audio for vertical in discover()}


def record_retention(database: Database, store: PgCallStore) -> RecordRetention:
    """Return what forgets the records of calls, as the manifests say."""
    days = {vertical.name: vertical.manifest().retention_days for vertical in discover()}
    kept = {name: KeptDays(facts=each.facts, analytics=each.analytics) for name, each in days.items()}
    return RecordRetention(database, store, kept)


async def open_taping(settings: Settings, stack: AsyncExitStack) -> Taping | None:
    """Return what keeps the sound of calls, when the settings ask for it."""
    if not settings.record_sound:
        return None
    room = TapeRoom(settings.recordings_dir)
    stack.push_async_callback(room.close)
    return Taping(room, sound_days(), KEEP_SOUND_DAYS)


def sound_retention(settings: Settings, database: Database, store: PgCallStore) -> SoundRetention:
    """Return what forgets the sound of calls."""
    recordings = Recordings(settings.recordings_dir)
    return SoundRetention(store, PgArchive(database), recordings, sound_days(), KEEP_SOUND_DAYS)


async def open_analyst(settings: Settings, stack: AsyncExitStack, clock: Clock) -> Analyst:
    """Return the chat model that the settings name, with plain rules for what it does not judge; else the rules."""
    rules = RulesAnalyst(clock)
    if settings.chat_url is None or settings.chat_model is None:
        return rules
    client = await stack.enter_async_context(httpx.AsyncClient())
    key = settings.chat_key.get_secret_value() if settings.chat_key is not None else None
    return ChatAnalyst(client, settings.chat_url, settings.chat_model, rules, key)


async def run_until_closed(
    stack: AsyncExitStack,
    writer: FactWriter,
    job: AnalyticsJob,
    ownership: Ownership,
    orphan_calls: OrphanCalls,
    retention: Retention,
    late_words: LateWords,
) -> LongTasks:
    """Start the long tasks; at the end facts are written first, then calls released, then the rest is analysed."""
    tasks = LongTasks()
    tasks.start("fact writer", writer.run())
    tasks.start("leases", ownership.run())
    tasks.start("abandoned calls", orphan_calls.run())
    tasks.start("retention", retention.run())
    tasks.start("late words", late_words.run())
    tasks.start("analytics", job.run())

    async def stop() -> None:
        # Two at once would drop facts: the task is gone before what is left is written.
        await tasks.stop("fact writer", "leases", "abandoned calls", "retention", "late words")
        await writer.close()
        await ownership.close()
        await job.close()
        await tasks.finish("analytics", limit_s=5)

    stack.push_async_callback(stop)
    return tasks
