"""A store that hangs is away, and not for good."""

import asyncio
from collections.abc import Sequence

from huntgroup.calls.record.spool import Entry
from huntgroup.calls.record.storing import MOST_LATE, Storing
from huntgroup.domain.facts import DtmfPressed, Fact
from huntgroup.testing.memory_store import MemoryCallStore

BATCH = [Entry(1, DtmfPressed(call_id="c", seq=0, t_ms=0, digit="1"))]


class HangingStore(MemoryCallStore):
    """Hangs as long as `hangs`, and in the clean-up of what hangs as well."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = True
        self.asked = 0
        self.over = asyncio.Event()

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        self.asked += 1
        if self.hangs:
            try:
                await asyncio.Event().wait()
            finally:
                await self.over.wait()
        return await super().append(facts, epochs=epochs)


async def nobody(lines: Sequence[bytes]) -> None:
    raise AssertionError("no fact is refused here")


async def test_attempts_that_hang_are_given_up_after_a_while_and_the_store_is_asked_again() -> None:
    store = HangingStore()
    storing = Storing(store, nobody, limit_s=0.01, late_limit_s=0.2)
    assert [await storing.store(BATCH) for _ in range(MOST_LATE + 2)] == [False] * (MOST_LATE + 2)
    assert store.asked == MOST_LATE
    store.hangs = False
    for _ in range(500):
        if await storing.store(BATCH):
            break
        await asyncio.sleep(0.02)
    store.over.set()
    assert await store.facts("c") == [BATCH[0].fact]
