"""A process keeps its calls, and learns when one is somebody else's."""

import asyncio
from collections.abc import Mapping

from huntgroup.calls.processes.ownership import LIFETIME_MS, RENEW_EVERY_MS, Ownership
from huntgroup.testing.memory_leases import MemoryLeases
from huntgroup.testing.virtual_clock import VirtualClock


class Pair:
    """Two processes on one clock; `lost` is what the first was told to have lost."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.leases = MemoryLeases(self.clock)
        self.a = Ownership(self.leases, "a", self.clock)
        self.b = Ownership(self.leases, "b", self.clock)
        self.lost: list[str] = []
        self._tasks = [asyncio.create_task(process.run()) for process in (self.a, self.b)]

    async def __aenter__(self) -> "Pair":
        self.a.hold("c")
        self.a.watch("c", lambda: self.lost.append("c"))
        await self.clock.advance(1)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def test_a_call_that_is_renewed_cannot_be_taken() -> None:
    async with Pair() as pair:
        await pair.clock.advance(10 * LIFETIME_MS)
        assert await pair.b.take("c") is None
        assert pair.lost == []


async def test_a_call_is_announced_as_soon_as_it_begins() -> None:
    async with Pair() as pair:
        pair.a.hold("d")
        await pair.clock.settle()
        assert pair.leases.epoch_of("d") == 1


async def test_an_outage_drops_no_call_and_its_lease_revives() -> None:
    async with Pair() as pair:
        pair.leases.away = True
        await pair.clock.advance(10 * LIFETIME_MS)
        assert pair.lost == []
        pair.leases.away = False
        await pair.clock.advance(RENEW_EVERY_MS)
        assert await pair.b.take("c") is None


async def test_a_call_that_was_taken_meanwhile_is_lost_once() -> None:
    async with Pair() as pair:
        pair.leases.away = True
        await pair.clock.advance(LIFETIME_MS + RENEW_EVERY_MS)
        pair.leases.away = False
        assert await pair.b.take("c") == 2
        await pair.clock.advance(3 * RENEW_EVERY_MS)
        assert pair.lost == ["c"]
        assert (pair.a.epoch_of("c"), pair.b.epoch_of("c")) == (1, 2)


async def test_a_released_call_can_be_taken_at_once_and_costs_nothing_while_the_database_is_away() -> None:
    async with Pair() as pair:
        await pair.a.release("c")
        assert await pair.b.take("c") == 2
        pair.leases.away = True
        await pair.b.release("c")
        assert pair.b.calls == frozenset()


async def test_a_call_that_is_over_stays_ours_until_it_may_go() -> None:
    stored: list[bool] = []
    async with Pair() as pair:
        await pair.a.release_when("c", lambda: bool(stored))
        await pair.clock.advance(3 * LIFETIME_MS)
        assert await pair.b.take("c") is None
        stored.append(True)
        await pair.clock.advance(RENEW_EVERY_MS)
        assert await pair.b.take("c") == 2
        assert pair.lost == []


async def test_a_call_that_is_taken_anew_here_is_not_released_for_its_past() -> None:
    async with Pair() as pair:
        await pair.a.release_when("c", lambda: pair.a.epoch_of("c") == 2)
        assert await pair.a.take("c", gone="a") == 2
        await pair.clock.advance(3 * RENEW_EVERY_MS)
        assert pair.a.calls == {"c"}


class SlowLeases(MemoryLeases):
    """A renewal is on its way until `arrives` is set."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.sent, self.arrives = asyncio.Event(), asyncio.Event()

    async def renew(
        self, owner: str, held: Mapping[str, int], *, lifetime_ms: int, draining: bool = False
    ) -> frozenset[str]:
        self.sent.set()
        await self.arrives.wait()
        return await super().renew(owner, held, lifetime_ms=lifetime_ms, draining=draining)


async def test_a_renewal_on_its_way_does_not_revive_what_is_released_meanwhile() -> None:
    leases = SlowLeases(VirtualClock())
    process = Ownership(leases, "a", VirtualClock())
    process.hold("c")
    renewing = asyncio.create_task(process.renew())
    await leases.sent.wait()
    releasing = asyncio.create_task(process.release("c"))
    await asyncio.sleep(0)
    leases.arrives.set()
    await asyncio.gather(renewing, releasing)
    assert await leases.take("c", "b", lifetime_ms=LIFETIME_MS) == 2


async def test_how_long_the_database_has_answered_begins_anew_after_an_outage() -> None:
    async with Pair() as pair:
        await pair.clock.advance(LIFETIME_MS)
        assert pair.a.answered_for_ms == LIFETIME_MS + 1
        pair.leases.away = True
        await pair.clock.advance(RENEW_EVERY_MS)
        assert pair.a.answered_for_ms == 0
        pair.leases.away = False
        await pair.clock.advance(2 * RENEW_EVERY_MS)
        assert pair.a.answered_for_ms in range(1, 2 * RENEW_EVERY_MS + 1)


async def test_processes_see_each_other_until_they_drain_or_leave() -> None:
    async with Pair() as pair:
        assert (await pair.a.others(), await pair.b.others()) == (["b"], ["a"])
        await pair.b.drain()
        assert await pair.a.others() == []
        await pair.a.close()
        assert await pair.b.others() == []
        pair.leases.away = True
        assert await pair.b.others() == []
