"""The demo page with its sound at the vendor, here the offline engine: the page shows the call as on any other line."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from huntgroup.calls.ports import Line
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import Fact
from huntgroup.engine.ports import CallTool, Say
from huntgroup.house.vendor import AttachedLine, VendorAudio
from huntgroup.models.endpoint import Endpoint
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from tests.browser.conftest import Opened
from tests.calls.teams import TEAM
from tests.engine.doubles import Bench
from tests.server.dummy_house import DummyHouse

expect.set_options(timeout=30_000)
ANSWERS = (
    [Say("Good morning.")],
    [CallTool("transfer_to_expert", '{"question": "rain"}')],
    [Say("It will rain all day.")],
)


class VendorHouse(DummyHouse):
    """A house whose only calls have their sound at its engine."""

    def __init__(self) -> None:
        super().__init__(max_calls=4)
        self.clock = SystemClock()
        self.teams = {"duo": TEAM}
        self.engine = Bench(*ANSWERS, clock=self.clock).engine  # type: ignore[assignment]
        self.vendor = VendorAudio(None, self.teams, self.clock, 10_000, {})  # type: ignore[assignment]
        self.held: list[CallSession] = []

    async def answer(self, line: Line, team: str, call_id: str, *_: Any, **__: Any) -> str:
        assert isinstance(line, AttachedLine)
        tell, hearer = self.followers.tell_fact, self.followers.hearer
        around = Surroundings(model=line.model, clock=self.clock, listeners=(tell,), hearer=hearer)
        self.held.append(CallSession(around, self.teams[team], line, call_id=call_id))
        return await self.held[-1].run()

    def facts_of(self, call_id: str) -> list[Fact]:
        return list(self.held[-1].log.facts) if self.held else []

    def hand(self, call_id: str) -> Any:
        return self.held[-1] if self.held else None


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with running(create_app(VendorHouse())) as there:  # type: ignore[arg-type]
        yield there.url


async def test_the_page_shows_a_call_whose_sound_is_at_the_vendor(address: str, open_page: Opened) -> None:
    page = await open_page(address, path="/demo/duo?audio=vendor")
    await page.click("#call")
    await expect(page.locator("#captions .agent").first).to_contain_text("Good morning.")
    await page.wait_for_function("document.querySelector('#sound').srcObject?.active")
    await page.fill("#words", "Will it rain?")
    await page.press("#words", "Enter")
    await expect(page.locator(".node.lit text")).to_have_text("Expert")
    await expect(page.locator("#captions .agent").last).to_contain_text("It will rain all day.")
    await page.click("#hang-up")
    await page.wait_for_selector("body[data-phase=ended]")
    assert page.troubles == []
    assert [url for url in page.requests if not url.startswith(address + "/")] == []


async def test_a_page_may_speak_to_the_vendor_of_its_house_and_to_nobody_else() -> None:
    house = VendorHouse()
    house.vendor = VendorAudio(  # type: ignore[assignment]
        Endpoint("wss://api.example.com/v1/realtime"), house.teams, house.clock, 10_000, {}
    )
    async with running(create_app(house)) as there, httpx.AsyncClient(base_url=there.url) as http:  # type: ignore[arg-type]
        policy = (await http.get("/demo")).headers["content-security-policy"]
    assert "connect-src 'self' https://api.example.com;" in policy
