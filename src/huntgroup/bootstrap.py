"""The composition root: the one place that chooses concrete classes and wires them together.

What takes several steps to open is beside it, each in a module of its own: `backends`, `offline`, `openings`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from huntgroup.analytics import AnalyticsJob
from huntgroup.backends import backends, first_endpoint, house_phrases
from huntgroup.calls.ports import CallStore, Clock
from huntgroup.calls.processes.orphancalls import OrphanCalls
from huntgroup.calls.processes.ownership import Ownership
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.calls.record.retention import Retention
from huntgroup.calls.record.spool import Spool
from huntgroup.calls.session import CallSession
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.telemetry.agents_sdk import stop_vendor_export
from huntgroup.domain.clock import SystemClock
from huntgroup.engine.weights import Progress
from huntgroup.house import Desk, House
from huntgroup.house.vendor import VendorAudio
from huntgroup.models.failover import FailoverModel
from huntgroup.openings import (
    open_analyst,
    open_database,
    open_encoder,
    open_meaning,
    open_sinks,
    open_speech,
    open_taping,
    record_retention,
    run_until_closed,
    sound_retention,
    teams_of,
)
from huntgroup.settings import Settings
from huntgroup.storage.archive import PgArchive
from huntgroup.storage.base import Database
from huntgroup.storage.callbacks import PgCallbacks
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.deskdoor import PgDeskDoor
from huntgroup.storage.figures import PgFigures
from huntgroup.storage.intercom import PgIntercom
from huntgroup.storage.keys import shared_key
from huntgroup.storage.latewords import LateWords
from huntgroup.storage.leases import PgCallLeases
from huntgroup.storage.livecalls import PgLiveCalls
from huntgroup.storage.outcomes import PgToolOutcomes
from huntgroup.storage.process import is_dead, name_of_this_process
from huntgroup.storage.recordings import Recordings
from huntgroup.teams import Team


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
        all_teams = teams_of(settings, teams)
        encoder = await open_encoder(progress)
        url, (engine, voice) = await asyncio.gather(
            open_database(settings, stack, now, progress),
            open_speech(settings, stack, now, progress, all_teams, encoder, with_voice=with_voice),
        )
        database = Database(url, pool_size=10)
        resources = {Database: database, **open_meaning(stack, encoder)}
        stack.push_async_callback(database.close)
        store = PgCallStore(database)
        model = FailoverModel(backends(settings, engine), now)
        owner = name_of_this_process()
        leases = PgCallLeases(database)
        ownership = Ownership(leases, owner, now)
        spools = settings.data_dir / "spool"
        writer = FactWriter(store, now, Spool(spools, owner), epoch_of=ownership.epoch_of)
        job = AnalyticsJob(store, await open_analyst(settings, stack, now), now)
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
        callbacks = PgCallbacks(database)
        sound = sound_retention(settings, database, store)
        records = record_retention(database, store)
        retention = Retention((store, callbacks, records, sound), records, spools, now)
        tasks = await run_until_closed(stack, writer, job, ownership, orphan_calls, retention, LateWords(database, now))
        live: dict[str, CallSession] = {}
        intercom = PgIntercom(database, owner, now)
        tasks.start("intercom", intercom.run())
        stack.push_async_callback(tasks.stop, "intercom")
        house = House(
            settings=settings,
            clock=now,
            database=database,
            resources=resources,
            database_url=url,
            store=store,
            teams=all_teams,
            model=model,
            engine=engine,
            voice=voice,
            writer=writer,
            ownership=ownership,
            orphan_calls=orphan_calls,
            callbacks=callbacks,
            analytics=job,
            tasks=tasks,
            desk=Desk(
                door=PgDeskDoor(database, now),
                intercom=intercom,
                live_calls=PgLiveCalls(database, owner, now),
                archive=PgArchive(database),
                figures=PgFigures(database),
                recordings=Recordings(settings.recordings_dir),
                sound=sound,
                live=live,
            ),
            live=live,
            web_key=await shared_key(database, "web"),
            taping=await open_taping(settings, stack),
            vendor=_vendor(settings, all_teams, now, resources),
            room=model.has_room,
            sinks=open_sinks(settings, stack),
            standbys=Allowance(settings.standbys),
            phrases=await house_phrases(settings, progress, voice, all_teams.values(), model.profile),
        )
        yield house


def _vendor(
    settings: Settings, teams: Mapping[str, Team], clock: Clock, resources: Mapping[type, object]
) -> VendorAudio | None:
    if not settings.vendor_audio:
        return None
    return_ms = int(settings.web_return_seconds * 1000)
    return VendorAudio(first_endpoint(settings), teams, clock, return_ms, resources)


@asynccontextmanager
async def open_records(settings: Settings, progress: Progress = lambda text: None) -> AsyncIterator[CallStore]:
    """Open only the store of calls, to read what is there. Raises `SettingsError` or `StoreUnavailable`."""
    async with AsyncExitStack() as stack:
        database = Database(await open_database(settings, stack, SystemClock(), progress))
        stack.push_async_callback(database.close)
        yield PgCallStore(database)
