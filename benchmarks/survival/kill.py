"""A process is killed under live calls: how many go on, how soon, and whether anything is lost or done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.survival.phones import get_going, press
from benchmarks.survival.team import BOOKING_S, HELD, team
from benchmarks.survival.world import ServerProcess, World, survival_world
from huntgroup.analytics.metrics import percentile
from huntgroup.calls.processes.rebuild import rebuild
from huntgroup.domain.facts import CallResumed, Fact, HandoffReturned, ToolAnswered, ToolCalled
from huntgroup.testing.phone_caller import NoAnswer, PhoneCaller

RESUME_LIMIT_S = 60.0
PRESSING_S = 0.8
WRITING = "select count(*) from pg_locks where locktype = 'advisory' and granted"


@dataclass
class Outcome:
    """What became of the calls of a killed process."""

    calls: int
    resumed: int = 0
    first_sound_s: list[float] = field(default_factory=list)
    cut_off_s: list[float] = field(default_factory=list)
    lost_facts: int = 0
    holes: int = 0
    wrong_bookings: int = 0
    refused: int = 0
    keys_lost: int = 0
    open_writes: int = 0
    untold_writes: int = 0
    two_owners: int = 0
    wrong_state: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every call goes on and nothing was lost or done twice."""
        bad = self.lost_facts + self.holes + self.wrong_bookings + self.two_owners + self.wrong_state
        return self.resumed == self.calls and not bad and not self.problems

    def figures(self) -> dict[str, Any]:
        sound_ms = [round(value * 1000) for value in self.first_sound_s]
        cut_ms = [round(value * 1000) for value in self.cut_off_s]
        return {
            "calls under the killed process": self.calls,
            "resumed": self.resumed,
            "new stream to first sound, ms, p50": percentile(sound_ms, 50),
            "new stream to first sound, ms, max": max(sound_ms, default=None),
            "within 2 s of the new stream": sum(value <= 2.0 for value in self.first_sound_s),
            "stream lost to new stream, ms, p50": percentile(cut_ms, 50),
            "stream lost to new stream, ms, max": max(cut_ms, default=None),
            "acknowledged facts lost": self.lost_facts,
            "holes in records": self.holes,
            "writes under way at the kill": self.open_writes,
            "writes done at the kill, and not yet told": self.untold_writes,
            "bookings done twice, or not as they were told": self.wrong_bookings,
            "bookings that were said not to be done": self.refused,
            "callers whose last key went with the process": self.keys_lost,
            "calls with two owners": self.two_owners,
            "agents, claims or returns not as they were": self.wrong_state,
            "problems": ", ".join(self.problems) or "none",
        }


async def killed(folder: Path, *, calls: int, tell: Callable[[str], None]) -> Outcome:
    """Place `calls` calls at one of two processes, kill it in the middle of writes, and look at everything after."""
    async with survival_world(folder) as world:
        tell("starting two servers")
        victim, heir = await world.start(2)
        phones = [world.caller(victim, heir) for _ in range(calls)]
        outcome = Outcome(calls)
        try:
            tell(f"placing {calls} calls")
            await _all(phones, get_going)
            tell("kill -9 in the middle of writes")
            before = await _kill_in_the_middle(world, victim, phones, outcome)
            await _all(phones, lambda phone: _wait_until_resumed(phone, outcome))
            tell("checking that every call goes on where it was")
            await _all(phones, lambda phone: _go_on(phone, outcome))
        finally:
            for phone in phones:
                await phone.hang_up()
                await phone.put_away()
        await _judge(world, heir, phones, before, outcome)
        return outcome


async def _all(phones: list[PhoneCaller], work: Callable[[PhoneCaller], Awaitable[None]]) -> None:
    await asyncio.gather(*(work(phone) for phone in phones))


async def _kill_in_the_middle(
    world: World, victim: ServerProcess, phones: list[PhoneCaller], outcome: Outcome
) -> dict[str, set[int]]:
    """Kill it while some writes are asked for, some under way, some done, and some answered; one is held under way."""
    spread_s = 2 * BOOKING_S
    async with world.held():
        asking = [
            asyncio.create_task(_press_later(phone, _booking(number), spread_s * number / len(phones)))
            for number, phone in enumerate(phones)
        ]
        await asyncio.sleep(spread_s + PRESSING_S)
        await world.until_held_up(1)
        victim.freeze()
        # What the database was told before the stop is let in before the count.
        await asyncio.sleep(0.2)
        before = await world.acknowledged([phone.call_id for phone in phones])
        outcome.open_writes = await world.ask(WRITING)
        await victim.kill()
    await asyncio.gather(*asking)
    return before


def _booking(number: int) -> str:
    """What a caller books; the first one's booking is the one that can be held."""
    return HELD if number == 0 else f"3{number:03d}"


async def _press_later(phone: PhoneCaller, keys: str, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await phone.press(f"{keys}#")


async def _wait_until_resumed(phone: PhoneCaller, outcome: Outcome) -> None:
    try:
        async with asyncio.timeout(RESUME_LIMIT_S):
            await phone.until(lambda: len(phone.streams) > 1 and phone.streams[-1].first_sound_s is not None)
    except TimeoutError:
        outcome.problems.append("a call was not resumed in time")
        return
    if phone.is_over:
        outcome.problems.append(f"a call ended: {phone.afterwards.said if phone.afterwards else 'no answer'}")
        return
    lost, now = phone.streams[-2], phone.streams[-1]
    assert now.first_sound_s is not None
    outcome.resumed += 1
    outcome.first_sound_s.append(now.first_sound_s - now.began_s)
    outcome.cut_off_s.append(now.began_s - (lost.ended_s or now.began_s))


async def _go_on(phone: PhoneCaller, outcome: Outcome) -> None:
    """Hear the rest of what is owed, book once more (the claim and the agent are needed for that), and go back."""
    try:
        await phone.wait(1_500)
        for keys in ("3#", "5#"):
            await press(phone, keys)
    except NoAnswer as silent:
        outcome.problems.append(str(silent))


async def _judge(
    world: World, heir: ServerProcess, phones: list[PhoneCaller], before: dict[str, set[int]], outcome: Outcome
) -> None:
    await asyncio.sleep(1.0)
    rows = await world.rows("select call_id, what, count(*) from bookings group by 1, 2")
    booked = {(row.call_id, row.what): row.count for row in rows}
    owners = {row.call_id: row for row in await world.rows("select call_id, owner, epoch from huntgroup.call_leases")}
    for number, phone in enumerate(phones):
        facts = await world.facts(phone.call_id)
        numbers = [fact.seq for fact in facts]
        outcome.lost_facts += len(before[phone.call_id] - set(numbers))
        outcome.holes += numbers != list(range(len(numbers)))
        told = _told_of(facts)
        outcome.keys_lost += _booking(number) not in told
        for what in (_booking(number), "3"):
            outcome.wrong_bookings += booked.get((phone.call_id, what), 0) != told.get(what, False)
            outcome.refused += told.get(what) is False
        lease = owners[phone.call_id]
        outcome.untold_writes += _found_done(facts)
        takeovers = [fact for fact in facts if isinstance(fact, CallResumed)]
        outcome.two_owners += len(takeovers) != 1 or (lease.owner, lease.epoch) != (heir.owner, 2)
        outcome.wrong_state += not _went_back(facts)
    outcome.two_owners += await world.ask("select count(*) from huntgroup.stray_facts")


def _found_done(facts: list[Fact]) -> bool:
    """Whether the heir found, under its key, that a booking had been done."""
    at = next((index for index, fact in enumerate(facts) if isinstance(fact, CallResumed)), len(facts))
    called = {fact.tool_call_id for fact in facts[:at] if isinstance(fact, ToolCalled) and fact.tool == "book"}
    later = (fact for fact in facts[at:] if isinstance(fact, ToolAnswered) and fact.ok)
    return any(fact.tool_call_id in called for fact in later)


def _told_of(facts: list[Fact]) -> dict[str, bool]:
    """What was to be booked, and whether the model was told of one of its attempts that it was done."""
    done = {fact.tool_call_id for fact in facts if isinstance(fact, ToolAnswered) and fact.ok}
    told: dict[str, bool] = {}
    for fact in facts:
        if isinstance(fact, ToolCalled) and fact.tool == "book":
            what = str(fact.arguments["what"])
            told[what] = told.get(what, False) or fact.tool_call_id in done
    return told


def _went_back(facts: list[Fact]) -> bool:
    """Whether the call returned along its edge after the take-over, with nothing open and no claim missing."""
    at = next((index for index, fact in enumerate(facts) if isinstance(fact, CallResumed)), len(facts))
    later, state = facts[at:], rebuild(facts, team())
    refused = [fact for fact in later if isinstance(fact, ToolAnswered) and fact.error == "claim_missing"]
    open_calls = {fact.tool_call_id for fact in facts if isinstance(fact, ToolCalled)} - {
        fact.tool_call_id for fact in facts if isinstance(fact, ToolAnswered)
    }
    returned = any(isinstance(fact, HandoffReturned) for fact in later)
    return returned and state.owner == "front" and not refused and not open_calls
