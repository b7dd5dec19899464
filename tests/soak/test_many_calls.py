"""Many short calls through one house over the real wires, and that nothing of them is left."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.media.model import ScriptedServer
from benchmarks.media.sockets import ServerSocket
from benchmarks.media.team import our_team
from benchmarks.soak.calls import Callers
from benchmarks.soak.census import census
from benchmarks.soak.slopes import Checkpoint, growing, slopes
from huntgroup.bootstrap import open_house
from huntgroup.house import House
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from huntgroup.settings import load_settings

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what Linux tells of a process")


@asynccontextmanager
async def answering(database_url: str, folder: Path) -> AsyncIterator[tuple[House, Callers]]:
    """A house whose model is scripted, on real sockets, and callers who can reach it."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: ServerSocket(ScriptedServer("short").accept), "127.0.0.1", 0)
    model = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/realtime"
    settings = load_settings(model="openai", realtime_url=model, database_url=database_url, data_dir=folder)
    async with open_house(settings, teams={"bench": our_team()}) as house, running(create_app(house)) as address:
        yield house, Callers("127.0.0.1", urlsplit(address.url).port or 0)
    server.close()


COUNTED = ("tasks", "sockets", "handles", "live", "facts_waiting", "ours")


FEWEST_OF_A_KIND = 15
"""Of sixty calls a quarter ends in the rarest way: what each of them leaves is more than a pool that grows."""


async def settled_census(house: House, wanted: dict[str, object] | None = None) -> dict[str, object]:
    """What is alive once facts are stored and closed sockets are gone: as `wanted`, or as it stays."""
    await house.settled()
    found = census(house)
    for _ in range(50):
        await asyncio.sleep(0.1)
        last, found = found, census(house)
        if all(found[what] == (wanted or last)[what] for what in COUNTED):
            break
    return found


def grown(before: Any, after: Any) -> int:
    """How many more there are; of things counted by class, of the class that grew most."""
    if isinstance(before, dict):
        return max((count - before.get(name, 0) for name, count in after.items()), default=0)
    return int(after - before)


async def test_nothing_of_a_hundred_calls_is_left(database_url: str, tmp_path: Path) -> None:
    async with answering(database_url, tmp_path) as (house, callers):
        await callers.place(40, at_once=10)
        before = await settled_census(house)
        await callers.place(60, at_once=10)
        after = await settled_census(house, before)
    met = {who: callers.ends[who] for who in ("agent", "caller", "network")}
    assert sum(met.values()) >= 95, callers.ends
    for what in COUNTED:
        more = grown(before[what], after[what])
        assert more <= 0 if what in ("live", "facts_waiting") else more < FEWEST_OF_A_KIND, what


async def test_a_task_and_a_file_that_are_forgotten_are_seen(database_url: str, tmp_path: Path) -> None:
    async with answering(database_url, tmp_path) as (house, callers):
        await callers.place(4, at_once=4)
        before = await settled_census(house)
        forgotten = asyncio.create_task(asyncio.sleep(60))
        reading, writing = os.pipe()
        after = await settled_census(house)
    forgotten.cancel()
    os.close(reading)
    os.close(writing)
    assert grown(before["tasks"], after["tasks"]) >= 1
    assert grown(before["handles"], after["handles"]) >= 2


def test_slopes_leave_the_warm_up_out() -> None:
    fixed = {"tasks": 5, "sockets": 1, "objects": 9, "memory_kb": 100}
    grown = [
        Checkpoint(n * 1000, {**fixed, "handles": 90 if n == 1 else n, "ours": {"Leak": 2000 * n, "Fixed": 7}})
        for n in (1, 2, 3)
    ]
    assert slopes(grown) == {"tasks": 0, "handles": 1, "sockets": 0, "objects": 0, "memory_kb": 0}
    assert growing(grown) == {"Leak": 2000}
