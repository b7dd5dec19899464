"""`python -m tests.browser.screenshots FOLDER`: a picture of each state of the demo page, to be looked at.

Each in light and dark, wide and narrow. The calls are those of the scripted exchange, so that every state holds still.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from benchmarks.browser.chrome import launch
from huntgroup.server.serve import running
from tests.browser.exchange import Exchange, silent_wav

Steps = Callable[[Any, Exchange], Awaitable[None]]
SIZES = {"narrow": {"width": 390, "height": 844}, "wide": {"width": 1280, "height": 900}}
SEEN = "localStorage.setItem('huntgroup.guide', 'seen')"
NEVER = "void (navigator.mediaDevices.getUserMedia = () => new Promise(() => {}))"
DENIED = """void (navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("", "NotAllowedError");
})"""


async def start(page: Any, exchange: Exchange) -> None:
    """The page before anything."""


async def guide(page: Any, exchange: Exchange) -> None:
    await page.click("#guide-open")


async def asking(page: Any, exchange: Exchange) -> None:
    await page.evaluate(NEVER)
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=asking]")


async def denied(page: Any, exchange: Exchange) -> None:
    await page.evaluate(DENIED)
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=failed]")


async def connecting(page: Any, exchange: Exchange) -> None:
    await page.route("**/webrtc/offer", _never)
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=connecting]")


async def talking(page: Any, exchange: Exchange) -> None:
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live] #captions .agent")
    await page.wait_for_selector("#level-agent .bar:not([width='0'])", state="attached")


async def tool_running(page: Any, exchange: Exchange) -> None:
    await talking(page, exchange)
    exchange.calls[-1].start_a_tool()
    await page.wait_for_selector(".tool.running")


async def moving(page: Any, exchange: Exchange) -> None:
    await talking(page, exchange)
    exchange.calls[-1].start_to_hand_over("clinical")
    await page.wait_for_selector(".edge .moving", state="attached")


async def handoff(page: Any, exchange: Exchange) -> None:
    await talking(page, exchange)
    await say(page, "I need a refill, my number is 202 555 0143.")
    await page.wait_for_selector(".tool.done")


async def interrupted(page: Any, exchange: Exchange) -> None:
    await talking(page, exchange)
    await say(page, "a long one")
    await page.wait_for_selector("#captions .agent:nth-child(3)")
    await page.click("#stop")
    await page.wait_for_selector("#captions .interrupted")


async def typing(page: Any, exchange: Exchange) -> None:
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live] #captions .agent")
    await page.fill("#words", "When are you open tomorrow?")


async def keypad(page: Any, exchange: Exchange) -> None:
    await typing(page, exchange)
    await page.click("#keys-open")
    await page.keyboard.press("5")


async def reconnecting(page: Any, exchange: Exchange) -> None:
    await handoff(page, exchange)
    exchange.away = True
    await exchange.lose()
    await page.wait_for_selector("body[data-phase=returning]")


async def held(page: Any, exchange: Exchange) -> None:
    await handoff(page, exchange)
    exchange.away = True
    await exchange.lose()
    await page.wait_for_selector("body[data-phase=returning]")
    await say(page, "Is it ready today?")


async def ended(page: Any, exchange: Exchange) -> None:
    await handoff(page, exchange)
    await page.click("#hang-up")
    await page.wait_for_selector("body[data-phase=ended]")


async def too_many(page: Any, exchange: Exchange) -> None:
    while len(exchange.desk.web) < exchange.desk.house.settings.web_calls_per_address:
        exchange.desk.web.admit("parrot", "127.0.0.1")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=failed]")


async def server_gone(page: Any, exchange: Exchange) -> None:
    await reconnecting(page, exchange)
    await page.wait_for_selector("body[data-phase=failed]")


STATES: tuple[Steps, ...] = (
    start,
    guide,
    asking,
    denied,
    connecting,
    talking,
    tool_running,
    moving,
    handoff,
    interrupted,
    typing,
    keypad,
    reconnecting,
    held,
    ended,
    too_many,
    server_gone,
)


async def _never(route: Any) -> None:
    """An answer that does not come while the picture is taken."""


async def say(page: Any, words: str) -> None:
    """Type words and send them."""
    await page.fill("#words", words)
    await page.press("#words", "Enter")


async def picture(browser: Browser, steps: Steps, size: str, scheme: Any, folder: Path) -> None:
    """Bring a fresh page into one state and keep what is to be seen of it."""
    exchange = Exchange(max_calls=4, web_calls_per_address=2)
    async with running(exchange.app) as address:
        context = await browser.new_context(viewport=SIZES[size], color_scheme=scheme)  # type: ignore[arg-type]
        await context.add_init_script(SEEN)
        page = await context.new_page()
        await page.goto(f"{address.url}/demo/parrot")
        await page.wait_for_selector("body[data-phase=idle]")
        await steps(page, exchange)
        await page.wait_for_timeout(300)  # transitions of colour come to their end
        name = f"{STATES.index(steps):02}_{steps.__name__}_{size}_{scheme}.png"
        await page.screenshot(path=folder / name, full_page=size == "narrow")
        await context.close()
        await exchange.close()


async def main(folder: Path, wanted: list[str]) -> None:
    async with async_playwright() as playwright:
        browser = await launch(playwright, silent_wav(folder / "silence.wav"))
        for steps in STATES:
            if wanted and steps.__name__ not in wanted:
                continue
            for size in SIZES:
                for scheme in ("light", "dark"):
                    await picture(browser, steps, size, scheme, folder)
        await browser.close()


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
