"""A whole call by voice: Chromium with a spoken WAV, the real server, the offline engine, PostgreSQL."""

import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from huntgroup.bootstrap import open_house
from huntgroup.cli.stage import fresh_data, spoken
from huntgroup.house import House
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from huntgroup.settings import Settings
from tests.browser.conftest import Opened

pytestmark = pytest.mark.timeout(240)
RATE_HZ = 24_000
SLOW_MS = 90_000
SPOKEN = (
    (8, "Hello, I have a question about my medication. How many refills do I have left?"),
    (14, "James Wilson, September 30th, 1978."),
)


@pytest.fixture
async def house(server_folder: Path) -> AsyncIterator[House]:
    settings = Settings(model="offline", data_dir=server_folder, silence_seconds=60.0, port=0)
    async with open_house(settings, with_voice=True) as opened:
        await fresh_data(opened, "healthcare")
        yield opened


async def recorded(house: House, path: Path) -> Path:
    """The caller's sentences with the pauses before them; nothing of it is said twice."""
    parts = [bytes(2 * RATE_HZ * pause_s) + await spoken(house, words, "pico-hugh") for pause_s, words in SPOKEN]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(b"".join(parts) + bytes(2 * RATE_HZ))
    return path


async def type_words(page: Any, words: str) -> None:
    await page.fill("#words", words)
    await page.press("#words", "Enter")


async def talk(page: Any) -> None:
    """Speak as the WAV does, be handed to the specialist and back, and hang up."""
    await page.click("#call")
    await expect(page.locator("#captions")).to_contain_text("how can I help you", timeout=SLOW_MS)
    await expect(page.locator(".node.lit text")).to_have_text("Clinical", timeout=SLOW_MS)
    await expect(page.locator("#captions")).to_contain_text("atorvastatin", timeout=SLOW_MS)
    await expect(page.locator("#figures")).to_contain_text("Silence before Clinical", timeout=SLOW_MS)
    await type_words(page, "Thank you, that answers my question.")
    await expect(page.locator(".node.lit text")).to_have_text("Front desk", timeout=SLOW_MS)
    await page.click("#hang-up")
    await page.wait_for_selector("body[data-phase=ended]")


async def write(page: Any) -> None:
    """The same line in writing."""
    await page.click("#type-instead")
    await expect(page.locator("#captions")).to_contain_text("how can I help you", timeout=SLOW_MS)
    await type_words(page, "When are you open tomorrow?")
    await expect(page.locator(".tool.done")).to_contain_text("Get office hours", timeout=SLOW_MS)
    await page.click("#hang-up")


async def test_a_call_to_the_clinic_by_voice_changes_hands_and_one_in_writing_follows(
    house: House, tmp_path: Path, open_page: Opened
) -> None:
    wav = await recorded(house, tmp_path / "caller.wav")
    async with running(create_app(house)) as address:
        page = await open_page(address.url, path="/demo/healthcare", sound=f"{wav}%noloop")
        await talk(page)
        await write(page)
        assert page.troubles == []
    await house.settled()
    calls = await house.store.calls(limit=5)
    assert [(call.line, call.end_reason) for call in calls] == [
        ("chat", "caller_hung_up"),
        ("webrtc", "caller_hung_up"),
    ]
