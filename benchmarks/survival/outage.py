"""PostgreSQL goes away under live calls, and comes back: do calls go on, and do their facts arrive?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.survival.phones import get_going, press
from benchmarks.survival.world import ServerProcess, World, survival_world
from huntgroup.calls.record.spool import spools_in
from huntgroup.domain.facts import AgentSpoke, CallResumed, DtmfPressed, Fact, ToolAnswered
from huntgroup.testing.phone_caller import PhoneCaller

ARRIVAL_LIMIT_S = 60.0
ROUND_S = 1.0


@dataclass
class Outcome:
    """What became of calls while the database was away for `away_s`."""

    calls: int
    away_s: float
    answered: int = 0
    asked: int = 0
    bytes_on_disk: int = 0
    lost_facts: int = 0
    holes: int = 0
    unheard_keys: int = 0
    not_saved: int = 0
    writes_asked: int = 0
    bookings: int = 0
    resumed: int = 0
    arrival_s: float = 0.0

    @property
    def is_whole(self) -> bool:
        bad = self.lost_facts + self.holes + self.unheard_keys + self.bookings
        return not bad and self.answered == self.asked and self.not_saved == self.writes_asked

    def figures(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "database away, s": round(self.away_s, 1),
            "keys answered while it was away": f"{self.answered} of {self.asked}",
            "writes that were said not to be saved": f"{self.not_saved} of {self.writes_asked}",
            "writes that were done all the same": self.bookings,
            "facts on disk at the end, bytes": self.bytes_on_disk,
            "until every fact was in the database again, s": round(self.arrival_s, 2),
            "acknowledged facts lost": self.lost_facts,
            "holes in records": self.holes,
            "calls resumed by another process": self.resumed,
        }


async def outage(
    folder: Path, *, calls: int, seconds: float, tell: Callable[[str], None], kill: bool = False
) -> Outcome:
    """Hold `calls` calls while the database is stopped for `seconds`; with `kill` their process dies meanwhile too."""
    async with survival_world(folder) as world:
        tell("starting two servers")
        first, second = await world.start(2)
        phones = [world.caller(first, second) for _ in range(calls)]
        outcome = Outcome(calls, seconds)
        try:
            await asyncio.gather(*(get_going(phone) for phone in phones))
            tell(f"stopping PostgreSQL for {seconds:g} s")
            before = await _away(world, first, phones, outcome, kill=kill)
            tell("PostgreSQL is back")
            if kill:
                await asyncio.gather(*(_resumed(phone) for phone in phones))
            await _arrived(world, phones, before, outcome)
            await _judge(world, phones, before, outcome)
        finally:
            for phone in phones:
                await phone.hang_up()
                await phone.put_away()
        return outcome


async def _away(
    world: World, process: ServerProcess, phones: list[PhoneCaller], outcome: Outcome, *, kill: bool
) -> dict[str, set[int]]:
    """The time without a database. Returns the numbers of the facts that were acknowledged by its end."""
    known = await world.acknowledged([phone.call_id for phone in phones])
    await world.stop_database()
    began_s = time.monotonic()
    await asyncio.gather(*(_talk(phone, began_s + outcome.away_s, outcome) for phone in phones))
    if kill:
        process.freeze()
    spool = world.folder / "data" / "spool"
    outcome.bytes_on_disk = sum(path.stat().st_size for path in spools_in(spool))
    for call_id, numbers in world.on_disk().items():
        known[call_id] |= numbers
    if kill:
        await process.kill()
    outcome.away_s = time.monotonic() - began_s
    await world.start_database()
    return known


async def _talk(phone: PhoneCaller, until_s: float, outcome: Outcome) -> None:
    """Ask for a write, which cannot be, and then for other things, as long as the database is away."""
    keys = "3#"
    while time.monotonic() < until_s:
        outcome.asked += 1
        outcome.writes_asked += keys == "3#"
        await press(phone, keys)
        outcome.answered += 1
        keys = "4#"
        await asyncio.sleep(ROUND_S)


async def _resumed(phone: PhoneCaller) -> None:
    async with asyncio.timeout(ARRIVAL_LIMIT_S):
        await phone.until(lambda: len(phone.streams) > 1 and phone.streams[-1].first_sound_s is not None)


async def _arrived(world: World, phones: list[PhoneCaller], known: dict[str, set[int]], outcome: Outcome) -> None:
    began_s = time.monotonic()
    while time.monotonic() < began_s + ARRIVAL_LIMIT_S:
        stored = {phone.call_id: {fact.seq for fact in await world.facts(phone.call_id)} for phone in phones}
        if all(known[call_id] <= numbers for call_id, numbers in stored.items()):
            break
        await asyncio.sleep(0.05)
    outcome.arrival_s = time.monotonic() - began_s


async def _judge(world: World, phones: list[PhoneCaller], known: dict[str, set[int]], outcome: Outcome) -> None:
    for phone in phones:
        facts = await world.facts(phone.call_id)
        numbers = [fact.seq for fact in facts]
        outcome.lost_facts += len(known[phone.call_id] - set(numbers))
        outcome.holes += numbers != list(range(len(numbers)))
        outcome.unheard_keys += not _heard(facts)
        outcome.not_saved += sum(isinstance(fact, ToolAnswered) and fact.error == "not_saved" for fact in facts)
        outcome.resumed += any(isinstance(fact, CallResumed) for fact in facts)
    outcome.bookings = await world.ask("select count(*) from bookings")


def _heard(facts: list[Fact]) -> bool:
    """Whether keys of the time without a database are on record, and the agent's words about them too."""
    pressed = any(isinstance(fact, DtmfPressed) and fact.digit == "4" for fact in facts)
    return pressed and any(isinstance(fact, AgentSpoke) and "You pressed 4" in fact.heard_text for fact in facts)
