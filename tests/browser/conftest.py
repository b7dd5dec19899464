"""A browser on the page, with a WAV for its microphone. Without Chromium these tests are skipped."""

import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from benchmarks.browser.chrome import CHROMIUM, launch
from huntgroup.server.serve import running
from tests.browser.exchange import Exchange, speech_like

PATIENCE_MS = 30_000
Opened = Callable[..., Awaitable[Any]]
Visit = Callable[..., Awaitable[Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install Debian's chromium, as ./run test does"))


@pytest.fixture(scope="session")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of silence, a second of speech, silence: Chromium plays it over and over."""
    path = tmp_path_factory.mktemp("sound") / "caller.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(96_000 * 3) + speech_like(1500) + bytes(96_000 * 3))
    return path


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    made = Exchange(max_calls=4, web_calls_per_address=2)
    async with running(made.app) as address:
        made.url = address.url
        yield made
        await made.close()


@pytest.fixture
async def open_page(wav: Path) -> AsyncIterator[Opened]:
    """`await open_page(url)` opens the page in a browser of its own; `ask=False` has no microphone allowed.

    `page.troubles` are its complaints, `page.requests` what it asked for; `more` goes to the browser's context.
    """
    async with async_playwright() as playwright, AsyncExitStack() as stack:

        async def opened(url, *, ask=True, sound="", path="/demo", guide=False, script="", **more):  # type: ignore[no-untyped-def]
            browser: Browser = await launch(playwright, sound or wav, ask=ask)
            stack.push_async_callback(browser.close)
            context = await browser.new_context(**more)
            if not guide:
                await context.add_init_script("localStorage.setItem('huntgroup.guide', 'seen')")
            if script:
                await context.add_init_script(script)
            page: Any = await context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.troubles, page.requests = [], []
            page.on("console", lambda said: said.type in {"error", "warning"} and page.troubles.append(said.text))
            page.on("pageerror", lambda error: page.troubles.append(str(error)))
            page.on("request", lambda asked: page.requests.append(asked.url))
            page.on("websocket", lambda asked: page.requests.append(asked.url.replace("ws", "http", 1)))
            await page.goto(url + path)
            await page.wait_for_selector("body[data-phase=idle]")
            return page

        yield opened


@pytest.fixture
async def visit(exchange: Exchange, open_page: Opened) -> Visit:
    """`await visit()` opens the page of the scripted exchange."""
    return partial(open_page, exchange.url)
