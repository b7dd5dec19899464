"""The virtual clock wakes sleepers in order and only when told."""

import asyncio

from huntgroup.testing.virtual_clock import VirtualClock


async def test_sleepers_wake_in_order_of_time() -> None:
    clock = VirtualClock()
    woken: list[tuple[str, int]] = []

    async def sleeper(name: str, ms: int) -> None:
        await clock.sleep_ms(ms)
        woken.append((name, clock.now_ms()))

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(sleeper("late", 50))
        tasks.create_task(sleeper("early", 20))
        await clock.advance(100)
    assert woken == [("early", 20), ("late", 50)]
    assert clock.now_ms() == 100


async def test_a_task_that_sleeps_again_wakes_within_the_same_advance() -> None:
    clock = VirtualClock()
    ticks: list[int] = []

    async def ticker() -> None:
        for _ in range(5):
            await clock.sleep_ms(20)
            ticks.append(clock.now_ms())

    task = asyncio.create_task(ticker())
    await clock.advance(60)
    assert ticks == [20, 40, 60]
    task.cancel()


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = VirtualClock()
    task = asyncio.create_task(clock.sleep_ms(10))
    await clock.settle()
    task.cancel()
    await clock.advance(20)
    assert clock.sleeping == 0
