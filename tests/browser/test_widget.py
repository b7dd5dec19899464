"""The chat on another site's page: under that page's own strict policy, by keyboard alone, in light and dark."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI, Response
from playwright.async_api import Page, async_playwright, expect

from benchmarks.browser.chrome import CHROMIUM, FLAGS
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from tests.calls.desk import say
from tests.server.test_chat import TalkingHouse

PAGE = """<!doctype html><html lang="en"><head><title>Shop</title><link rel="icon" href="data:,"></head>
<body><main><h1>Shop</h1></main>
<script src="{url}/chat.js" data-team="office" data-title="Ask us" defer></script></body></html>"""
POLICY = "default-src 'none'; script-src {url}; img-src data:; connect-src {socket}; style-src 'self'"


@asynccontextmanager
async def shop(*answers: str, house: TalkingHouse | None = None, **context: object) -> AsyncIterator[Page]:
    """A page of another site with the chat on it; nothing that its policy forbids may happen."""
    site = FastAPI()
    async with AsyncExitStack() as stack:
        shop_url = (await stack.enter_async_context(running(site))).url
        house = house or TalkingHouse(say("Hello."), *map(say, answers), chat_origins=shop_url)
        url = (await stack.enter_async_context(running(create_app(house)))).url  # type: ignore[arg-type]
        policy = POLICY.format(url=url, socket="ws" + url.removeprefix("http"))

        @site.get("/")
        async def front() -> Response:
            return Response(PAGE.format(url=url), media_type="text/html", headers={"Content-Security-Policy": policy})

        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        stack.push_async_callback(browser.close)
        page = await (await browser.new_context(**context)).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(10_000)
        troubles: list[str] = []
        asked: list[str] = []
        page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{shop_url}/")
        yield page
        assert troubles == []
        assert [one for one in asked if not one.startswith((url, shop_url))] == []


async def test_a_chat_by_keyboard_alone() -> None:
    async with shop("At nine.") as page:
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        log = page.get_by_role("log")
        await expect(log).to_contain_text("Hello.")
        await expect(page.get_by_label("Your message")).to_be_focused()
        await page.keyboard.type("When do you open?")
        await page.keyboard.press("Enter")
        await expect(log).to_contain_text("At nine.")
        await expect(log.locator(".caller")).to_have_text("YouWhen do you open?")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Ask us")).to_be_focused()


async def test_a_page_that_is_loaded_anew_goes_on_with_its_chat_until_it_is_ended() -> None:
    async with shop("At nine.", "By the side door.") as page:
        await page.get_by_role("button", name="Ask us").click()
        await expect(page.get_by_role("log")).to_contain_text("Hello.")
        await page.get_by_label("Your message").fill("When?")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("log")).to_contain_text("At nine.")
        await page.reload()
        await expect(page.get_by_role("log")).to_contain_text("At nine.")
        await page.get_by_label("Your message").fill("Where?")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_role("log")).to_contain_text("By the side door.")
        await page.get_by_role("button", name="End chat").click()
        await expect(page.get_by_role("log")).to_contain_text("This chat has ended.")
        await expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()


async def test_nothing_is_sent_before_a_new_chat_is_open() -> None:
    async with shop() as page:
        await page.get_by_role("button", name="Ask us").click()
        await expect(page.get_by_role("log")).to_contain_text("Hello.")
        await expect(page.get_by_role("button", name="Send")).to_be_enabled()
        await page.get_by_role("button", name="End chat").click()
        again = page.get_by_role("button", name="Start a new chat")
        # In one turn of the page, so that the new chat cannot be open yet.
        sends = "again => { again.click(); return !again.getRootNode().querySelector('[type=submit]').disabled; }"
        assert not await again.evaluate(sends)


LOSE = """
  window.WebSocket = class extends WebSocket {
    constructor(...how) { super(...how); window.lose = () => this.close(); }
  };
"""


async def test_a_chat_that_lost_its_socket_says_nothing_twice_and_ends_with_the_focus_in_it() -> None:
    async with shop("At nine.") as page:
        await page.add_init_script(LOSE)
        await page.reload()
        await page.get_by_role("button", name="Ask us").click()
        log = page.get_by_role("log")
        await expect(log).to_contain_text("Hello.")
        await log.locator(".turn").first.evaluate("turn => { turn.dataset.seen = 'yes'; }")
        await page.evaluate("lose()")
        await expect(page.get_by_role("status")).to_contain_text("Trying again")
        await expect(page.get_by_role("status")).to_have_text("")
        await page.get_by_label("Your message").fill("When?")
        await page.keyboard.press("Enter")
        await expect(log).to_contain_text("At nine.")
        await expect(log.locator("[data-seen]")).to_have_text("DeskHello.")
        await expect(log.locator(".turn", has_text="Hello.")).to_have_count(1)
        await page.get_by_label("Your message").focus()
        await page.evaluate(
            "document.querySelector('#huntgroup-chat').shadowRoot.querySelectorAll('.plain')[0].click()"
        )
        await expect(page.get_by_role("button", name="Start a new chat")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_the_chat(scheme: str) -> None:
    async with shop("At nine.", color_scheme=scheme, viewport={"width": 360, "height": 640}, bypass_csp=True) as page:
        await page.get_by_role("button", name="Ask us").click()
        await expect(page.get_by_role("log")).to_contain_text("Hello.")
        await page.get_by_label("Your message").fill("When?")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("At nine.")
        found = (await Axe().run(page)).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
