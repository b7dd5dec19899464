"""Somebody in front of the demo page, who types or speaks."""

from __future__ import annotations

import re
from typing import Any

PATIENCE_MS = 60_000
_MS = re.compile(r"(\d+) ms")
SEEN = "localStorage.setItem('huntgroup.guide', 'seen')"


class Visitor:
    """One page in a browser of its own profile. Made by `visit`."""

    def __init__(self, page: Any) -> None:
        self.page = page

    async def call(self) -> int:
        """Press the button, and return after how many ms the first sound was there, as the page says."""
        await self.page.click("#call")
        await self.page.wait_for_selector("#figures dd", timeout=PATIENCE_MS)
        return (await self.figures("First sound"))[0]

    async def hang_up(self) -> None:
        """End the call."""
        await self.page.click("#hang-up")
        await self.page.wait_for_selector("body[data-phase=ended]")

    async def types(self, words: str) -> None:
        """Say something in writing."""
        await self.page.fill("#words", words)
        await self.page.press("#words", "Enter")

    async def is_handed_to(self, agent: str) -> None:
        """Ask for an agent by the menu, and wait until he has the call: he is no choice then."""
        await self.page.select_option("#to", agent)
        await self.page.click("#transfer")
        await self.page.wait_for_selector(f"#to option[value={agent}]", state="detached")

    async def is_spoken_to(self) -> bool:
        """Whether an agent's line is growing."""
        return bool(await self.page.locator("#captions .agent.growing").count())

    async def figures(self, name: str, after: str = "") -> list[int]:
        """The figures of the page whose name begins so, in ms: those behind `after`, where they have several parts."""
        rows = await self.page.evaluate(
            "[...document.querySelectorAll('#figures dt')].map(one => [one, one.nextSibling].map(it => it.textContent))"
        )
        values = [value.partition(after)[2] if after else value for row, value in rows if row.startswith(name)]
        return [int(found[1]) for value in values if (found := _MS.search(value))]


async def visit(browser: Any, url: str, script: str = "") -> Visitor:
    """Open the page at `url` as somebody who knows it, with a script before its own."""
    context = await browser.new_context()
    await context.add_init_script(SEEN)
    if script:
        await context.add_init_script(script)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(url)
    await page.wait_for_selector("body[data-phase=idle]")
    return Visitor(page)
