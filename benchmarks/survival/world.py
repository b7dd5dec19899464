"""One database, one scripted model, several real server processes, and callers that outlive them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.survival.team import GATE, NAME, TABLE, model
from huntgroup.calls.record.spool import read_chunk, spools_in
from huntgroup.domain.facts import Fact
from huntgroup.migrations.upgrade import upgrade
from huntgroup.storage.base import Database
from huntgroup.storage.calls import PgCallStore
from huntgroup.storage.embedded import EmbeddedPostgres
from huntgroup.testing.phone_caller import PhoneCaller
from huntgroup.testing.realtime_server import RealtimeServer

START_LIMIT_S = 180.0
HELD_UP = "select count(*) from pg_locks where relation = 'gate'::regclass and not granted"
HELD_LIMIT_S, HELD_LOOK_S = 60.0, 0.01
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class ServerProcess:
    """A server of its own."""

    url: str
    owner: str
    process: asyncio.subprocess.Process

    def freeze(self) -> None:
        """Let it do nothing more, so that what it has acknowledged can be counted."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def stop(self, limit_s: float = 120.0) -> int:
        """Ask it to leave, and return its exit code."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), limit_s)


@dataclass
class World:
    """What is shared by processes and callers. Made by `survival_world`."""

    folder: Path
    postgres: EmbeddedPostgres
    server: RealtimeServer
    database: Database
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[ServerProcess] = field(default_factory=list)

    @property
    def store(self) -> PgCallStore:
        return PgCallStore(self.database)

    async def start(self, count: int = 1) -> list[ServerProcess]:
        """Start server processes side by side."""
        started = await asyncio.gather(*(self._start() for _ in range(count)))
        self.processes += started
        return started

    async def _start(self) -> ServerProcess:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("HUNTGROUP", "OPENAI"))
        }
        environment |= {
            "HUNTGROUP_PORT": "0",
            "HUNTGROUP_DATA_DIR": str(self.folder / "data"),
            "HUNTGROUP_DATABASE_URL": self.postgres.url,
            "HUNTGROUP_MODEL": "openai",
            "HUNTGROUP_REALTIME_URL": self.server.url,
            "HUNTGROUP_PHONE_AUDIO": "passthrough",
            "HUNTGROUP_MAX_CALLS": "200",
            **self.settings,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.survival.process",
            env=environment,
            cwd=_ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START_LIMIT_S)
        return ServerProcess(process=process, **json.loads(line))

    def caller(self, at: ServerProcess, *others: ServerProcess) -> PhoneCaller:
        """A caller of one process, whom the carrier leads to the others when it dies."""
        return PhoneCaller(at.url, NAME, other_urls=[other.url for other in others])

    async def facts(self, call_id: str) -> list[Fact]:
        return await self.store.facts(call_id)

    async def acknowledged(self, call_ids: Sequence[str]) -> dict[str, set[int]]:
        """The numbers of the facts that would survive now: those in the database and those on disk."""
        known = {call_id: {fact.seq for fact in await self.facts(call_id)} for call_id in call_ids}
        for call_id, numbers in self.on_disk().items():
            known.setdefault(call_id, set()).update(numbers)
        return known

    def on_disk(self) -> dict[str, set[int]]:
        """The numbers of the facts in the spools, by call."""
        known: dict[str, set[int]] = {}
        for path in spools_in(self.folder / "data" / "spool"):
            for entry in read_chunk(path, 0, 1_000_000).entries:
                known.setdefault(entry.fact.call_id, set()).add(entry.fact.seq)
        return known

    async def rows(self, sql: str) -> list[Any]:
        async with self.database.session() as session:
            return list((await session.execute(text(sql))).all())

    async def ask(self, sql: str) -> Any:
        return (await self.rows(sql))[0][0]

    @asynccontextmanager
    async def held(self, table: str = "gate") -> AsyncIterator[None]:
        """As long as this lasts nothing is written to a table; a booking that waits for the `gate` is not done."""
        async with self.database.session() as session:
            await session.execute(text(f"lock table {table} in exclusive mode"))
            yield

    async def until_held_up(self, count: int) -> None:
        """Wait until so many bookings are in the middle of their writes. Raises `TimeoutError`."""
        async with asyncio.timeout(HELD_LIMIT_S):
            while await self.ask(HELD_UP) < count:  # noqa: ASYNC110
                await asyncio.sleep(HELD_LOOK_S)

    async def stop_database(self) -> None:
        """Stop PostgreSQL, cutting every connection."""
        await asyncio.to_thread(self.postgres.stop)

    async def start_database(self) -> None:
        await asyncio.to_thread(self.postgres.start)


@asynccontextmanager
async def survival_world(folder: Path, **settings: str) -> AsyncIterator[World]:
    """A world in `folder`, which every user of the machine must be able to pass through."""
    async with AsyncExitStack() as stack:
        postgres = EmbeddedPostgres(folder / "postgres", durable=False)
        stack.push_async_callback(asyncio.to_thread, postgres.stop)
        url = await asyncio.to_thread(postgres.start)
        await upgrade(url)
        database = Database(url)
        stack.push_async_callback(database.close)
        server = await stack.enter_async_context(RealtimeServer(model))
        world = World(folder, postgres, server, database, settings)
        async with database.session() as session:
            await session.execute(text(TABLE))
            await session.execute(text(GATE))
        try:
            yield world
        finally:
            for one in world.processes:
                with contextlib.suppress(ProcessLookupError):
                    one.process.kill()
                await one.process.wait()
