"""What was typed and never arrived is sent again when the call is there again, also by a page that was loaded anew."""

import asyncio
import json
from typing import Any

from playwright.async_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.exchange import Exchange
from tests.browser.test_hung_up_early import until
from tests.browser.test_widget import shop
from tests.calls.desk import say
from tests.server.test_chat import TalkingHouse


class Line:
    """The page's sockets: they open while `free`; while `deaf` no words get through; `cut` breaks the last one.

    `refuse` answers the last words that did not get through.
    """

    def __init__(self) -> None:
        self.deaf = True
        self.free = asyncio.Event()
        self.free.set()
        self.words: list[str] = []
        self.last_id = ""
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
                self.last_id = json.loads(message)["id"]
                if self.deaf:
                    return
            server.send(message)

        route.on_message(passed)

    def refuse(self) -> None:
        assert self._open is not None
        self._open.send(json.dumps({"type": "error", "code": "blank", "message": "Not so.", "id": self.last_id}))

    async def cut(self) -> None:
        assert self._open is not None
        await self._open.close(code=1001)


async def types(page: Any, field: Any, *turns: str) -> None:
    for words in turns:
        await field.fill(words)
        await field.press("Enter")


async def chatting(page: Any) -> tuple[Line, Any, Any]:
    """A chat that was greeted: the line that is tapped, the log, and the field for words."""
    line = Line()
    await line.tap(page)
    await page.get_by_role("button", name="Ask us").click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Hello.")
    return line, log, page.get_by_label("Your message")


async def test_the_demo_page_sends_words_again_that_nobody_got(visit: Visit, exchange: Exchange) -> None:
    page: Any = await visit(path="/demo/parrot")
    line = Line()
    await line.tap(page)
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")
    await types(page, page.locator("#words"), "First words", "Second words")
    own = page.locator("#captions .caller")
    await expect(own).to_have_count(2)
    line.deaf = False
    await line.cut()
    await expect(page.locator("#captions .agent")).to_have_count(3)
    line.deaf = True
    await types(page, page.locator("#words"), "Third words")
    await expect(own).to_have_count(3)
    line.deaf = False
    await page.reload()
    await expect(page.locator("#captions .agent")).to_have_count(4)
    assert await own.locator(".words").all_text_contents() == ["First words", "Second words", "Third words"]
    assert line.words == ["First words", "Second words"] * 2 + ["Third words"] * 2
    assert [one["text"] for one in exchange.calls[0].heard] == ["First words", "Second words", "Third words"]
    assert await page.evaluate("JSON.parse(sessionStorage.getItem('huntgroup.words')).words") == []


async def test_the_chat_for_other_sites_sends_words_again_that_nobody_got_or_says_that_they_were_not_sent() -> None:
    async with shop("At nine.", "At ten.") as page:
        line, log, field = await chatting(page)
        await types(page, field, "When?")
        await expect(log.locator(".waiting")).to_have_text("YouWhen?")
        line.deaf = False
        await line.cut()
        await expect(log).to_contain_text("At nine.")
        line.deaf = True
        await types(page, field, "And on Sundays?")
        await expect(log.locator(".waiting")).to_have_count(1)
        line.deaf = False
        await page.reload()
        await expect(log).to_contain_text("At ten.")
        said = ["DeskHello.", "YouWhen?", "DeskAt nine.", "YouAnd on Sundays?", "DeskAt ten."]
        await expect(log.locator(".turn")).to_have_text(said)
        await expect(log.locator(".waiting")).to_have_count(0)
        assert line.words == ["When?"] * 2 + ["And on Sundays?"] * 2
        line.deaf = True
        await types(page, field, "Thanks")
        await page.get_by_role("button", name="End chat").click()
        await expect(log).to_contain_text("was not sent")


async def test_a_chat_that_is_ended_without_a_connection_ends_at_the_server_too() -> None:
    house = TalkingHouse(say("Hello."), say("Hello."), chat_origins="*")

    def ends() -> list[str]:
        return [type(session.log.facts[-1]).__name__ for session in house.sessions.values()]

    async with shop(house=house) as page:
        line = Line()
        await line.tap(page)
        line.free.clear()
        await page.get_by_role("button", name="Ask us").click()
        await page.get_by_role("button", name="End chat").click()
        await expect(page.get_by_role("log")).to_contain_text("This chat has ended.")
        line.free.set()
        await until(lambda: ends() == ["CallEnded"])
        await page.get_by_role("button", name="Start a new chat").click()
        await expect(page.get_by_role("log")).to_contain_text("Hello.")
        line.free.clear()
        await line.cut()
        await expect(page.get_by_role("status")).to_contain_text("Trying again")
        await page.get_by_role("button", name="End chat").click()
        await expect(page.get_by_role("log")).to_contain_text("This chat has ended.")
        line.free.set()
        await until(lambda: ends() == ["CallEnded", "CallEnded"])


async def test_refused_words_stay_in_sight_in_the_chat_where_others_are_typed_already() -> None:
    async with shop() as page:
        line, log, field = await chatting(page)
        await types(page, field, "When?")
        await field.fill("And on Sun")
        await until(lambda: line.words == ["When?"])
        line.refuse()
        await expect(log.locator(".caller")).to_have_text("YouWhen?was not sent")
        await expect(field).to_have_value("And on Sun")
        await types(page, field, "Where?")
        await until(lambda: line.words == ["When?", "Where?"])
        line.refuse()
        await expect(field).to_have_value("Where?")
        await expect(log.locator(".caller")).to_have_text("YouWhen?was not sent")


async def test_refused_words_stay_in_sight_on_the_demo_page_where_others_are_typed_already(visit: Visit) -> None:
    page: Any = await visit(path="/demo/parrot")
    line = Line()
    await line.tap(page)
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")
    own, field = page.locator("#captions .caller"), page.locator("#words")
    await types(page, field, "First words")
    await field.fill("More")
    await until(lambda: line.words == ["First words"])
    line.refuse()
    await expect(own).to_contain_text("was not sent")
    await expect(own.locator(".words")).to_have_text("First words")
    await expect(field).to_have_value("More")
    await types(page, field, "Second words")
    await until(lambda: line.words == ["First words", "Second words"])
    line.refuse()
    await expect(field).to_have_value("Second words")
    await expect(own).to_have_count(1)
