"""The figures of the demo page: what it weighs, when it sounds, what a call costs, what a handoff is at the ear."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from benchmarks.browser.chrome import Microphone, launch
from benchmarks.browser.house import ServedHouse
from benchmarks.browser.processes import cpu_of
from benchmarks.browser.visitor import Visitor, visit
from benchmarks.browser.weight import weight_of
from huntgroup.analytics.metrics import percentile
from huntgroup.testing.realtime_server import RealtimeServer
from huntgroup.wire import realtime as rt

Tell = Callable[[str], None]
LONG_QUESTION = "What are your office hours?"
PAGE = "/demo/healthcare"
GAP = "Silence before Clinical"
AT_THE_EAR = "at your ear"
REMOTE_REPLY_MS = 8_000
LIMIT_S = 20.0
SETTLE_S = 5.0
SETTLE_LIMIT_S = 60.0
IDLE_SHARE = 0.05
WARM_UP_S = 10.0
"""By then the first words are synthesised and cached, and the standby sessions are open."""


async def browser_figures(folder: Path, *, calls: int, handoffs: int, seconds: float, tell: Tell) -> dict[str, Any]:
    """Return the figures by subject. `calls` are begun one after the other, `seconds` is how long CPU is weighed."""
    figures: dict[str, Any] = {"browser: machine": {"load before": os.getloadavg()[0]}}
    async with _chromium(folder) as browser:
        async with _house(folder / "offline", HUNTGROUP_MODEL="offline") as house:
            figures["page"] = await weight_of(browser, house.url + PAGE)
            tell("page: weighed")
            figures["click to first sound, ms"] = _spread(await _first_sounds(browser, house, calls))
            tell("first sound: done")
            figures |= await _gaps(browser, house, handoffs)
            tell("handoffs: done")
            figures["CPU of a browser call with the engine"] = await _cpu(browser, house, seconds)
        async with RealtimeServer(_script, sound_ms=REMOTE_REPLY_MS) as server:
            remote = {"HUNTGROUP_MODEL": "openai", "HUNTGROUP_REALTIME_URL": server.url, "OPENAI_API_KEY": "none"}
            async with _house(folder / "remote", **remote) as house:
                figures["CPU of a browser call without the engine"] = await _cpu(browser, house, seconds)
    figures["browser: machine"]["load after"] = os.getloadavg()[0]
    return figures


@asynccontextmanager
async def _chromium(folder: Path) -> Any:
    silence = Microphone(folder / "silence.wav")
    async with async_playwright() as playwright:
        browser = await launch(playwright, silence.flag)
        yield browser
        await browser.close()


@asynccontextmanager
async def _house(folder: Path, **settings: str) -> Any:
    await asyncio.to_thread(folder.mkdir, mode=0o711)
    house = ServedHouse(folder, **settings, HUNTGROUP_WEB_CALLS_PER_ADDRESS="32", HUNTGROUP_SILENCE_SECONDS="300")
    await asyncio.to_thread(house.start)
    try:
        yield house
    finally:
        await asyncio.to_thread(house.stop)


async def _first_sounds(browser: Any, house: ServedHouse, calls: int) -> list[int]:
    found = []
    for _ in range(calls):
        visitor = await visit(browser, house.url + PAGE)
        found.append(await visitor.call())
        await visitor.hang_up()
        await visitor.page.context.close()
    return found


async def _gaps(browser: Any, house: ServedHouse, handoffs: int) -> dict[str, Any]:
    """Hand a call over by hand while an agent is speaking: what is silent then is only the change of hands."""
    ear: list[int] = []
    ledger: list[int] = []
    for _ in range(handoffs):
        visitor = await visit(browser, house.url + PAGE)
        await visitor.call()
        await _until_spoken_to(visitor)
        await visitor.is_handed_to("clinical")
        with contextlib.suppress(TimeoutError):  # a gap that the ear has missed is told by the count
            await _until(partial(_has_gap_at_the_ear, visitor))
        ear += await visitor.figures(GAP, after=AT_THE_EAR)
        ledger += await visitor.figures(GAP)
        await visitor.hang_up()
        await visitor.page.context.close()
    return {"handoff, at the ear of the page, ms": _spread(ear), "handoff, by the ledger, ms": _spread(ledger)}


async def _has_gap_at_the_ear(visitor: Visitor) -> bool:
    return bool(await visitor.figures(GAP, after=AT_THE_EAR))


async def _until_spoken_to(visitor: Visitor) -> None:
    """Have a long answer under way."""
    await visitor.types(LONG_QUESTION)
    await _until(visitor.is_spoken_to)


async def _cpu(browser: Any, house: ServedHouse, seconds: float) -> dict[str, Any]:
    """Share of a core, in percent: of one call in which agents speak nearly all the time, without an idle server's."""
    settled = await _settled(house.pid)
    idle = await _share(house.pid, seconds)
    visitor = await visit(browser, house.url + PAGE)
    await visitor.call()
    talking = asyncio.create_task(_keep_talking(visitor))
    await asyncio.sleep(WARM_UP_S)
    busy = await _share(house.pid, seconds)
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    await visitor.hang_up()
    await visitor.page.context.close()
    return {"% of a core": round(100 * (busy - idle), 1), "% idle": round(100 * idle, 1), "settled": settled}


async def _settled(pid: int) -> bool:
    """Wait until a server has done what it does after its start and after calls: True once it works hardly at all."""
    for _ in range(int(SETTLE_LIMIT_S / SETTLE_S)):
        if await _share(pid, SETTLE_S) < IDLE_SHARE:
            return True
    return False


async def _share(pid: int, seconds: float) -> float:
    clock = asyncio.get_running_loop().time
    before, began = cpu_of(pid), clock()
    await asyncio.sleep(seconds)
    return (cpu_of(pid) - before) / (clock() - began)


async def _keep_talking(visitor: Visitor) -> None:
    while True:
        if not await visitor.is_spoken_to():
            await visitor.types(LONG_QUESTION)
        await asyncio.sleep(1)


async def _until(done: Callable[[], Any]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not await done():  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # a page tells nobody when it has drawn


def _script(items: Sequence[rt.Item]) -> rt.Item | str:
    return "We are open from nine to five on every day of the week, and on some days longer than that."


def _spread(values: list[int]) -> dict[str, Any]:
    return {"count": len(values), "p50": percentile(values, 50), "max": max(values, default=None)}
