"""Two processes behind one address, and two pages whose process is killed: each comes back to its call by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from benchmarks.survival.world import World, survival_world
from huntgroup.domain.facts import CallResumed
from tests.browser.conftest import Opened

pytestmark = pytest.mark.timeout(300)
SLOW_MS = 60_000


@asynccontextmanager
async def one_address(*urls: str) -> AsyncIterator[str]:
    """An address that leads to the first of the processes that answers, as a balancer does."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for url in urls:
            host, _, port = url.removeprefix("http://").partition(":")
            with contextlib.suppress(OSError):
                there, back = await asyncio.open_connection(host, int(port))
                await asyncio.wait(
                    [asyncio.create_task(pipe(reader, back)), asyncio.create_task(pipe(there, writer))],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                back.close()
                break
        writer.close()

    server = await asyncio.start_server(forward, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


async def greeted(page: Any, button: str) -> None:
    await page.click(button)
    await expect(page.locator("#captions")).to_contain_text("Hello. What is it?", timeout=SLOW_MS)


async def until_on_record(world: World, greetings: int) -> None:
    """Wait until the greetings are stored: a call that is not on record yet begins anew when its process is killed."""
    async with asyncio.timeout(SLOW_MS / 1000):
        while await world.ask("select count(*) from huntgroup.facts where type = 'AgentSpoke'") < greetings:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_pages_come_back_to_their_calls_when_the_process_is_killed(
    open_page: Opened, server_folder: Path
) -> None:
    async with survival_world(server_folder) as world:
        victim, heir = await world.start(2)
        async with one_address(victim.url, heir.url) as url:
            pages = [await open_page(url, path="/demo/survival") for _ in range(2)]
            for page, button in zip(pages, ("#call", "#type-instead"), strict=True):
                await greeted(page, button)
            await until_on_record(world, len(pages))
            await victim.kill()
            for page in pages:
                await expect(page.locator("#captions")).to_contain_text("cut off for a moment", timeout=SLOW_MS)
                await page.wait_for_selector("body[data-phase=live]")
                await page.click("#hang-up")
        rows = await world.rows("select distinct call_id from huntgroup.facts where type = 'CallStarted'")
        records = [await world.facts(row[0]) for row in rows]
    resumed = [fact for record in records for fact in record if isinstance(fact, CallResumed)]
    assert [(fact.reason, fact.process) for fact in resumed] == [("process_lost", heir.owner)] * 2
