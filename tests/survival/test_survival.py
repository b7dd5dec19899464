"""Whole server processes on one real database, killed, drained and cut off from it under live calls."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.survival.kill import killed
from benchmarks.survival.outage import outage
from benchmarks.survival.world import World, survival_world
from huntgroup.domain.facts import CallEnded, CallMoved, CallResumed, Fact

# Real processes on a machine that may be busy with other tests.
pytestmark = pytest.mark.timeout(400)


async def whole_record(world: World, call_id: str) -> list[Fact]:
    """The facts of a call that has just ended, in a process that tells nobody."""
    for _ in range(200):
        facts = await world.facts(call_id)
        if isinstance(facts[-1], CallEnded):
            break
        await asyncio.sleep(0.05)
    return facts


async def test_a_process_is_killed_and_every_call_goes_on_in_another_with_nothing_lost_or_done_twice(
    server_folder: Path,
) -> None:
    outcome = await killed(server_folder, calls=6, tell=lambda line: None)
    assert outcome.is_whole, outcome.figures()
    assert outcome.open_writes


async def test_calls_go_on_without_a_database_and_their_facts_arrive_in_order(server_folder: Path) -> None:
    outcome = await outage(server_folder, calls=2, seconds=3.0, tell=lambda line: None)
    assert outcome.is_whole, outcome.figures()
    assert outcome.bytes_on_disk > 0


async def test_a_process_that_is_killed_without_a_database_loses_nothing_that_it_had_acknowledged(
    server_folder: Path,
) -> None:
    outcome = await outage(server_folder, calls=2, seconds=3.0, tell=lambda line: None, kill=True)
    assert outcome.is_whole, outcome.figures()
    assert outcome.resumed == 2


async def test_a_process_that_is_told_to_stop_moves_its_calls_and_leaves(server_folder: Path) -> None:
    async with survival_world(server_folder) as world:
        leaving, staying = await world.start(2)
        phone = world.caller(leaving, staying)
        await phone.dial()
        await phone.wait_for_agent(quiet_ms=200)
        assert await leaving.stop() == 0
        await asyncio.wait_for(phone.until(lambda: len(phone.streams) == 2 and not phone.is_over), 120)
        await phone.wait(500)
        await phone.hang_up()
        await phone.put_away()
        facts = await whole_record(world, phone.call_id)
    assert [type(fact) for fact in facts if isinstance(fact, CallMoved | CallResumed | CallEnded)] == [
        CallMoved,
        CallResumed,
        CallEnded,
    ]
    (resumed,) = (fact for fact in facts if isinstance(fact, CallResumed))
    assert (resumed.reason, resumed.process, resumed.epoch) == ("moved", staying.owner, 2)
