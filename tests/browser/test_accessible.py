"""What the page is for those who do not see it, or see it small, dark or without motion."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.conftest import Visit

SERIOUS = {"serious", "critical"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious_in_a_call(visit: Visit, scheme: str) -> None:
    page = await visit(path="/demo/parrot", color_scheme=scheme, viewport={"width": 390, "height": 844})
    await page.click("#type-instead")
    await page.fill("#words", "a refill, my number is 202 555 0143")
    await page.press("#words", "Enter")
    await expect(page.locator(".tool.done")).to_be_visible()
    await page.click("#keys-open")
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_callers_own_numbers_are_covered_until_he_wants_to_see_them(visit: Visit) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")
    await page.fill("#words", "my number is 202 555 0143")
    await page.press("#words", "Enter")
    await expect(page.locator("#captions .caller .words")).to_have_text("my number is •••")
    await page.check("#reveal")
    await expect(page.locator("#captions .caller .words")).to_have_text("my number is 202 555 0143")


async def test_with_reduced_motion_nothing_moves(visit: Visit) -> None:
    page = await visit(path="/demo/parrot", reduced_motion="reduce")
    assert await page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    await page.click("#type-instead")
    await page.wait_for_selector(".edge path", state="attached")
    await page.evaluate("document.querySelector('.edge path').classList.add('moving')")
    assert await page.evaluate("getComputedStyle(document.querySelector('.edge path')).animationName") == "none"
