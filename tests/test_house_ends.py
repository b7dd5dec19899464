"""A call that is over stays with its house until its facts are stored."""

from dataclasses import MISSING, fields
from typing import Any

from huntgroup.calls.ownership import Ownership
from huntgroup.house import House
from huntgroup.testing.memory_leases import MemoryLeases
from huntgroup.testing.virtual_clock import VirtualClock


class SlowWriter:
    """Has a fact of every call, as long as `full`."""

    full = True

    def holds(self, call_id: str) -> bool:
        return self.full

    async def settled(self) -> None:
        if self.full:
            raise TimeoutError


async def test_an_outage_at_the_end_of_a_call_leaves_the_call_ours_until_its_facts_are_stored() -> None:
    nothing: dict[str, Any] = {
        spec.name: None for spec in fields(House) if spec.default is MISSING and spec.default_factory is MISSING
    }
    writer, ownership = SlowWriter(), Ownership(MemoryLeases(), "a", VirtualClock())
    house = House(**{**nothing, "writer": writer, "ownership": ownership})
    ownership.hold("c")
    await house._let_go("c")
    assert ownership.calls == {"c"}
    writer.full = False
    await house._let_go("c")
    assert ownership.calls == frozenset()
