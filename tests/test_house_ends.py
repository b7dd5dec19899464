"""A call that is over stays with its house until its facts are stored; a house without its tasks takes no calls."""

import asyncio
from dataclasses import MISSING, fields
from typing import Any

from huntgroup.calls.longtasks import LongTasks
from huntgroup.calls.processes.ownership import Ownership
from huntgroup.calls.record.recorder import FactWriter
from huntgroup.house import House
from huntgroup.testing.memory_leases import MemoryLeases
from huntgroup.testing.memory_store import MemoryCallStore
from huntgroup.testing.virtual_clock import VirtualClock
from tests.calls.scripted import ScriptedCall
from tests.calls.test_approvals import team


class SlowWriter:
    """Has a fact of every call, as long as `full`."""

    full = True

    def holds(self, call_id: str) -> bool:
        return self.full

    async def settled(self) -> None:
        if self.full:
            raise TimeoutError


def house_with(**parts: Any) -> House:
    """A house in which only these parts are there."""
    nothing: dict[str, Any] = {
        spec.name: None for spec in fields(House) if spec.default is MISSING and spec.default_factory is MISSING
    }
    return House(**{**nothing, **parts})


async def test_an_outage_at_the_end_of_a_call_leaves_the_call_ours_until_its_facts_are_stored() -> None:
    writer, ownership = SlowWriter(), Ownership(MemoryLeases(), "a", VirtualClock())
    house = house_with(writer=writer, ownership=ownership)
    ownership.hold("c")
    await house._let_go("c")
    assert ownership.calls == {"c"}
    writer.full = False
    await house._let_go("c")
    assert ownership.calls == frozenset()


async def test_a_house_whose_task_has_died_is_not_ready() -> None:
    tasks = LongTasks()
    async with ScriptedCall(team()) as call:
        model = call.session._around.model
        writer = FactWriter(MemoryCallStore(), VirtualClock())
        house = house_with(tasks=tasks, model=model, writer=writer, teams={})
        assert house.ready()["tasks"] is True
        tasks.start("brief", asyncio.sleep(0))
        await asyncio.sleep(0.01)
        assert house.ready()["tasks"] is False
