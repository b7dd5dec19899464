"""What was typed and never arrived is sent again when the call is there again, also by a page that was loaded anew."""

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.exchange import Exchange
from tests.browser.test_hung_up_early import until
from tests.browser.test_widget import shop
from tests.calls.desk import say
from tests.server.test_chat import TalkingHouse


class Line:
    """The page's sockets: they open while `free`, while `deaf` no words get through; `cut` breaks the one that is open."""

    def __init__(self) -> None:
        self.deaf = True
        self.free = asyncio.Event()
        self.free.set()
        self.words: list[str] = []
        self._open: WebSocketRoute | None = None

    async def tap(self, page: Page) -> None:
        await page.route_web_socket("**/chat/*", self._connect)

    async def _connect(self, route: WebSocketRoute) -> None:
        self._open = route
        await self.free.wait()
        server = route.connect_to_server()

        def passed(message: str | bytes) -> None:
            if json.loads(message)["type"] == "say":
                self.words.append(json.loads(message)["text"])
                if self.deaf:
                    return
            server.send(message)

        route.on_message(passed)

    async def cut(self) -> None:
        assert self._open is not None
        await self._open.close(code=1001)


@pytest.mark.parametrize("how", ["cut", "reload"])
async def test_the_demo_page_sends_words_again_that_nobody_got(visit: Visit, exchange: Exchange, how: str) -> None:
    page: Any = await visit(path="/demo/parrot")
    line = Line()
    await line.tap(page)
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")
    for words in ("First words", "Second words"):
        await page.fill("#words", words)
        await page.press("#words", "Enter")
    own = page.locator("#captions .caller")
    await expect(own).to_have_count(2)
    line.deaf = False
    await (line.cut() if how == "cut" else page.reload())
    await expect(page.locator("#captions .agent")).to_have_count(3)
    assert await own.locator(".words").all_text_contents() == ["First words", "Second words"]
    assert line.words == ["First words", "Second words"] * 2
    assert [one["text"] for one in exchange.calls[0].heard] == ["First words", "Second words"]
    assert await page.evaluate("JSON.parse(sessionStorage.getItem('huntgroup.words')).words") == []


@pytest.mark.parametrize("how", ["cut", "reload"])
async def test_the_chat_for_other_sites_sends_words_again_that_nobody_got(how: str) -> None:
    async with shop("At nine.") as page:
        line = Line()
        await line.tap(page)
        await page.get_by_role("button", name="Ask us").click()
        log = page.get_by_role("log")
        await expect(log).to_contain_text("Hello.")
        await page.get_by_label("Your message").fill("When?")
        await page.keyboard.press("Enter")
        await expect(log.locator(".waiting")).to_have_text("YouWhen?")
        line.deaf = False
        await (line.cut() if how == "cut" else page.reload())
        await expect(log).to_contain_text("At nine.")
        await expect(log.locator(".turn")).to_have_text(["DeskHello.", "YouWhen?", "DeskAt nine."])
        await expect(log.locator(".waiting")).to_have_count(0)
        assert line.words == ["When?"] * 2


async def test_a_chat_that_ends_with_words_on_their_way_says_so() -> None:
    async with shop() as page:
        line = Line()
        await line.tap(page)
        await page.get_by_role("button", name="Ask us").click()
        await expect(page.get_by_role("log")).to_contain_text("Hello.")
        await page.get_by_label("Your message").fill("When?")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="End chat").click()
        await expect(page.get_by_role("log")).to_contain_text("was not sent")


@pytest.mark.parametrize("when", ["connecting", "returning"])
async def test_a_chat_that_is_ended_without_a_connection_ends_at_the_server_too(when: str) -> None:
    house = TalkingHouse(say("Hello."), chat_origins="*")
    async with shop(house=house) as page:
        line = Line()
        await line.tap(page)
        if when == "connecting":
            line.free.clear()
        await page.get_by_role("button", name="Ask us").click()
        if when == "returning":
            await expect(page.get_by_role("log")).to_contain_text("Hello.")
            line.free.clear()
            await line.cut()
            await expect(page.get_by_role("status")).to_contain_text("Trying again")
        await page.get_by_role("button", name="End chat").click()
        await expect(page.get_by_role("log")).to_contain_text("This chat has ended.")
        await expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()
        line.free.set()
        await until(lambda: [type(s.log.facts[-1]).__name__ for s in house.sessions.values()] == ["CallEnded"])
