"""The demo page in a browser, on a call that follows cues."""

import re
from typing import Any

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.exchange import GREETING, Exchange

expect.set_options(timeout=30_000)


async def call_by_text(page: Any) -> None:
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")


async def type_words(page: Any, words: str) -> None:
    await page.fill("#words", words)
    await page.press("#words", "Enter")


async def test_the_page_asks_nobody_else_and_has_nothing_to_complain_about(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot", guide=True)
    await expect(page.locator("#guide")).to_be_visible()
    await page.click("#guide-close")
    assert await page.input_value("#team") == "parrot"
    assert [url for url in page.requests if not url.startswith(exchange.url + "/")] == []
    assert page.troubles == []


async def test_a_call_by_voice_changes_hands_on_the_page(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await expect(page.locator("#captions .agent").first).to_contain_text(GREETING)
    for side in ("agent", "caller"):
        await expect(page.locator(f"#level-{side} .bar")).to_have_attribute("width", re.compile(r"[2-9]\d|100"))
    await expect(page.locator("#captions .caller").first).to_contain_text("I need a refill.")
    await expect(page.locator(".node.lit text")).to_have_text("Clinical")
    await expect(page.locator(".edge text")).to_have_text("180 ms")
    await expect(page.locator("#figures")).to_contain_text("First sound after the click")
    assert page.troubles == []


async def test_a_tool_shows_what_it_did_with_personal_data_covered(visit: Visit) -> None:
    page = await visit(path="/demo/parrot")
    await call_by_text(page)
    await type_words(page, "a refill")
    tool = page.locator(".tool.done")
    await expect(tool).to_contain_text("Lookup patient")
    await expect(tool).to_contain_text("done, 31 ms")
    assert "Miller" not in await page.content()


async def test_a_change_of_hands_stands_where_it_happened_also_after_a_reload(visit: Visit) -> None:
    page = await visit(path="/demo/parrot")
    await call_by_text(page)
    await expect(page.locator("#captions .agent")).to_have_count(1)
    await type_words(page, "a refill")
    lines = page.locator("#captions li")
    order = [re.compile(kind) for kind in ("agent", "caller", "handoff", "agent")]
    await expect(lines).to_have_class(order)
    await page.reload()
    await expect(lines).to_have_class(order)


async def test_talking_over_the_agent_is_marked_on_the_answer_that_was_cut_by_a_voice(
    visit: Visit, exchange: Exchange
) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live]")
    await type_words(page, "a long one")
    cut = page.locator("#captions .agent", has_text=re.compile(r"It is a long(?! story)"))
    await expect(cut).to_have_class(re.compile("interrupted"))
    await expect(page.locator("#figures")).to_contain_text("Times you interrupted")
    assert set(exchange.calls[0].cuts) == {"speech"}


async def test_a_reload_comes_back_to_the_same_call(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await expect(page.locator("#captions .agent").first).to_contain_text(GREETING)
    await page.reload()
    await page.wait_for_selector("body[data-phase=live]")
    await expect(page.locator("#captions .agent").first).to_contain_text(GREETING)
    assert len(exchange.calls) == 1 and exchange.calls[0].returns == 1


async def test_a_broken_connection_comes_back_by_itself(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live]")
    await exchange.lose()
    await page.wait_for_selector("body[data-phase=returning]")
    await page.wait_for_selector("body[data-phase=live]")
    assert len(exchange.calls) == 1 and exchange.calls[0].returns == 1


async def test_a_dead_server_is_said_and_can_be_tried_again(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live]")
    exchange.away = True
    await exchange.lose()
    await expect(page.locator("#trouble-words")).to_contain_text("server cannot be reached")
    exchange.away = False
    await page.click("#retry")
    await page.wait_for_selector("body[data-phase=live]")
    assert len(exchange.calls) == 1


async def test_a_denied_microphone_offers_typing(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot", ask=False)
    await page.click("#call")
    await expect(page.locator("#trouble-words")).to_contain_text("microphone is blocked")
    await page.click("#trouble-type")
    await expect(page.locator("#captions .agent").first).to_contain_text(GREETING)


async def test_limits_and_draining_have_words(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    for _ in range(2):
        exchange.desk.web.admit("parrot", "127.0.0.1")
    await page.click("#type-instead")
    await expect(page.locator("#trouble-words")).to_contain_text("several calls open")
    exchange.desk.draining = True
    await page.click("#retry")
    await expect(page.locator("#trouble-words")).to_contain_text("restarting")


async def test_everything_can_be_done_by_keyboard(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.focus("#type-instead")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("body[data-phase=live]")
    await expect(page.locator("#hang-up")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.focus("#keys-open")
    await page.keyboard.press("Enter")
    await page.keyboard.press("5")
    await page.keyboard.press("Escape")
    await expect(page.locator("#keys")).to_be_hidden()
    await page.focus("#to")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".node.lit text")).to_have_text("Clinical")
    kinds = [message["type"] for message in exchange.calls[0].heard]
    assert kinds == ["interrupt", "key", "transfer"]
