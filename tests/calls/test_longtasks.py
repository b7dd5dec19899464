"""A long task that ends unasked is noticed."""

import asyncio

import pytest

from huntgroup.calls.longtasks import LongTasks


async def forever() -> None:
    await asyncio.Event().wait()


async def breaks() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(forever())
        raise ValueError("+12025550143 said something private")


async def ends() -> None:
    await asyncio.sleep(0)


async def test_a_task_that_dies_is_named_with_the_kind_of_its_error(caplog: pytest.LogCaptureFixture) -> None:
    tasks = LongTasks()
    tasks.start("lasting", forever())
    tasks.start("breaking", breaks())
    tasks.start("ending", ends())
    for _ in range(10):
        await asyncio.sleep(0)
    assert set(tasks.dead) == {"breaking", "ending"}
    assert "ValueError" in caplog.text
    assert "private" not in caplog.text
    await tasks.stop("lasting", "breaking")


async def test_a_task_that_is_told_to_end_is_no_loss() -> None:
    tasks = LongTasks()
    for name in ("one", "two"):
        tasks.start(name, forever())
    tasks.start("three", ends())
    await tasks.stop("one")
    await tasks.finish("three", limit_s=10)
    await tasks.finish("two", limit_s=0.01)
    assert tasks.dead == ()
    assert len(asyncio.all_tasks()) == 1
