"""A process that is told to stop takes no calls, and leaves when its own are finished or have moved."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from huntgroup.server.addresses import Address
from huntgroup.server.app import create_app
from huntgroup.server.serve import Signals, on_signals, serve
from huntgroup.testing.phone_caller import PhoneCaller
from tests.server.dummy_house import DummyHouse


class Serving:
    """A server that a signal can stop; `task` is done when it has left."""

    def __init__(self, url: str, task: "asyncio.Task[None]") -> None:
        self.url = url
        self.task = task

    async def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.05)

    async def status(self) -> tuple[int, str]:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{self.url}/readyz")
            return answer.status_code, answer.json()["status"]


@asynccontextmanager
async def serving(
    house: DummyHouse, app: FastAPI | None = None, signals: Signals | None = None
) -> AsyncIterator[Serving]:
    ready: asyncio.Future[Address] = asyncio.get_running_loop().create_future()
    app = app or create_app(house)  # type: ignore[arg-type]
    task = asyncio.create_task(serve(app, "127.0.0.1", 0, ready, signals))
    try:
        yield Serving((await asyncio.wait_for(ready, 5)).url, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_without_calls_it_leaves_at_once() -> None:
    async with serving(DummyHouse()) as server:
        await server.stop()
        await asyncio.wait_for(server.task, 10)


async def test_a_live_call_finishes_and_nobody_new_is_taken() -> None:
    house = DummyHouse()
    async with serving(house) as server, PhoneCaller(server.url, "parrot") as phone:
        await asyncio.wait_for(house.begun.wait(), 5)
        await server.stop()
        assert await server.status() == (503, "draining")
        busy = await phone.exchange.dial("parrot", caller="+12025550143", called="+12025550100")
        assert (busy.stream_url, "busy" in busy.said) == (None, True)
        assert not server.task.done()
        await phone.hang_up()
        await asyncio.wait_for(server.task, 10)
    assert (house.told_to_drain, house.moves) == (True, [])


async def test_a_live_call_moves_when_there_is_another_process() -> None:
    house = DummyHouse()
    house.others_live = True
    async with serving(house) as server, PhoneCaller(server.url, "parrot") as phone:
        await asyncio.wait_for(house.begun.wait(), 5)
        await server.stop()
        elsewhere = await phone.exchange.dial("parrot", caller="+12025550143", called="+12025550100")
        assert (elsewhere.stream_url, elsewhere.pause_s) == (None, 1)
        await asyncio.wait_for(server.task, 20)
    assert set(house.moves) == {phone.call_id}


async def test_at_the_deadline_it_leaves_whoever_is_on_the_line() -> None:
    house = DummyHouse(drain_seconds=0.3)
    async with serving(house) as server, PhoneCaller(server.url, "parrot"):
        await asyncio.wait_for(house.begun.wait(), 5)
        await server.stop()
        await asyncio.wait_for(server.task, 20)
        assert house.over.is_set()


class SlowToClose:
    """An application that is asked something and answers when it may."""

    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def answer(self) -> str:
        self.asked.set()
        await self.may_answer.wait()
        return "answered"


async def test_signals_while_the_server_closes_break_nothing_off() -> None:
    house, slow = DummyHouse(), SlowToClose()
    app = create_app(house)  # type: ignore[arg-type]
    app.add_api_route("/slow", slow.answer)
    async with serving(house, app) as server, httpx.AsyncClient(trust_env=False, timeout=20) as http:
        answer = asyncio.create_task(http.get(f"{server.url}/slow"))
        await slow.asked.wait()
        for _ in range(3):
            await server.stop()
        assert not server.task.done()
        slow.may_answer.set()
        await asyncio.wait_for(server.task, 20)
        assert (await answer).json() == "answered"


async def test_signals_belong_to_whoever_closes_more_than_the_server() -> None:
    with on_signals() as signals:
        async with serving(DummyHouse(), signals=signals) as server:
            await server.stop()
            await asyncio.wait_for(server.task, 20)
        await server.stop()
        assert signals.hurry.is_set()


async def test_a_second_signal_ends_the_waiting() -> None:
    house = DummyHouse(drain_seconds=600)
    async with serving(house) as server, PhoneCaller(server.url, "parrot"):
        await asyncio.wait_for(house.begun.wait(), 5)
        await server.stop()
        assert not server.task.done()
        await server.stop()
        await asyncio.wait_for(server.task, 20)
