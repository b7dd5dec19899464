"""What is kept no longer is deleted, every hour, whatever the database does meanwhile."""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

from huntgroup.calls.record.retention import EVERY_MS, Retention
from huntgroup.calls.record.spool import set_aside
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.testing.virtual_clock import VirtualClock


class Records:
    """`left` are deleted two at a time; `days` is how long things are kept."""

    def __init__(self, days: int | None = None) -> None:
        self.left = 5
        self.away = False
        self.days = days

    async def forget_expired(self, now: datetime) -> int:
        if self.away:
            raise StoreUnavailable("the records are told to be away")
        forgotten = min(2, self.left)
        self.left -= forgotten
        return forgotten

    async def shortest_days(self) -> int | None:
        return self.days


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_all_that_is_due_is_deleted_every_hour_and_an_outage_only_delays_it(tmp_path: Path) -> None:
    clock, records = VirtualClock(), Records()
    records.away = True
    running = asyncio.create_task(Retention([records], records, tmp_path, clock).run())
    await clock.advance(EVERY_MS - 1)
    assert records.left == 5
    records.away = False
    await clock.advance(1)
    assert records.left == 0
    records.left = 1
    await clock.advance(EVERY_MS)
    assert records.left == 0
    running.cancel()


async def test_facts_that_were_set_aside_go_with_the_calls(tmp_path: Path) -> None:
    clock = VirtualClock()
    for name, days in (("old", 31), ("young", 29)):
        set_aside(tmp_path / f"{name}.jsonl", [b"{"])
        at = (clock.utc_now() - timedelta(days=days)).timestamp()
        os.utime(tmp_path / f"{name}.unreadable", (at, at))
    await Retention([], Records(days=None), tmp_path, clock).forget()
    assert names_in(tmp_path) == ["old.unreadable", "young.unreadable"]
    await Retention([], Records(days=30), tmp_path, clock).forget()
    assert names_in(tmp_path) == ["young.unreadable"]
