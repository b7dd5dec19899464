"""One call on the page, by sound and in writing in turn; the real server and call, a scripted mind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import expect

from huntgroup.domain import facts
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from tests.browser.conftest import Opened
from tests.calls.desk import say
from tests.server.test_chat import TalkingHouse

expect.set_options(timeout=30_000)
HERE = "We can go on here. What is it?"


@asynccontextmanager
async def house_with(*answers: str) -> AsyncIterator[tuple[TalkingHouse, str]]:
    house = TalkingHouse(*map(say, answers))
    async with running(create_app(house)) as address:  # type: ignore[arg-type]
        yield house, address.url


def lines(house: TalkingHouse) -> list[str]:
    """On which lines the one call of the house was held."""
    (session,) = house.sessions.values()
    begun = (facts.CallStarted, facts.CallResumed)
    return [fact.line for fact in session.log.facts if isinstance(fact, begun)]


async def says(page: Any, words: str) -> None:
    await page.fill("#words", words)
    await page.press("#words", "Enter")


async def test_the_same_call_goes_on_by_voice_and_in_writing_again(open_page: Opened) -> None:
    async with house_with("Hello. What is it?", HERE, "Going on. What is it?", "At nine.") as (house, url):
        page = await open_page(url, path="/demo/office")
        await page.click("#type-instead")
        await expect(page.locator("#captions")).to_contain_text("Hello. What is it?")
        await page.click("#speak")
        await page.wait_for_selector("body[data-phase=live][data-by=voice]")
        await expect(page.locator("#captions")).to_contain_text(HERE)
        await expect(page.locator("#captions")).to_contain_text("Hello. What is it?")
        await expect(page.locator("#speak")).to_be_hidden()
        await page.click("#type-instead")
        await page.wait_for_selector("body[data-phase=live][data-by=text]")
        await expect(page.locator("#captions")).to_contain_text("Going on.")
        await says(page, "When do you open?")
        await expect(page.locator("#captions")).to_contain_text("At nine.")
        assert lines(house) == ["chat", "webrtc", "chat"]
        await page.click("#hang-up")
        await page.wait_for_selector("body[data-phase=ended]")
        assert page.troubles == []


async def test_without_a_microphone_the_call_stays_in_writing(open_page: Opened) -> None:
    async with house_with("Hello.", "At nine.") as (house, url):
        page = await open_page(url, path="/demo/office", ask=False)
        await page.click("#type-instead")
        await expect(page.locator("#captions")).to_contain_text("Hello.")
        await page.click("#speak")
        await expect(page.locator("#status")).to_contain_text("microphone is blocked")
        await says(page, "When do you open?")
        await expect(page.locator("#captions")).to_contain_text("At nine.")
        assert lines(house) == ["chat"]


async def test_a_page_whose_call_went_on_elsewhere_does_not_fetch_it_back(open_page: Opened) -> None:
    async with house_with("Hello.", "We can go on here.") as (house, url):
        page = await open_page(url, path="/demo/office")
        await page.click("#call")
        await expect(page.locator("#captions")).to_contain_text("Hello.")
        kept = await page.evaluate("sessionStorage.getItem('huntgroup.call')")
        other = await open_page(url, path="/demo/office")
        await other.evaluate("kept => sessionStorage.setItem('huntgroup.call', kept.replace('voice', 'text'))", kept)
        await other.reload()
        await expect(other.locator("#captions")).to_contain_text("We can go on here.")
        await expect(page.locator("#trouble-words")).to_contain_text("goes on elsewhere")
        assert lines(house) == ["webrtc", "chat"]


@pytest.mark.parametrize("by", ["#call", "#type-instead"])
async def test_a_page_asks_again_while_its_call_is_on_the_way(open_page: Opened, by: str) -> None:
    async with house_with("Hello.", "Sorry, we were cut off.") as (house, url):
        page = await open_page(url, path="/demo/office")
        await page.click(by)
        await expect(page.locator("#captions")).to_contain_text("Hello.")
        house.late = 3
        (call_id,) = house.sessions
        await house.move(call_id, 0)
        await page.wait_for_selector("body[data-phase=returning]")
        await expect(page.locator("#captions")).to_contain_text("Sorry, we were cut off.")
        assert house.late == 0
        assert page.troubles == [] or all("503" in one for one in page.troubles)
