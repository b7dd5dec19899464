"""Calls by voice in the real house: `huntgroup serve` in a process of its own, offline engine, PostgreSQL, WebRTC.

The caller speaks when the page shows that it is his turn, so nothing here depends on how fast the machine is.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from benchmarks.browser.chrome import Microphone
from benchmarks.browser.house import ServedHouse
from benchmarks.browser.voice import spoken
from huntgroup.domain.clock import SystemClock
from huntgroup.openings import seed_verticals
from tests.browser.conftest import Opened
from tests.conftest import open_folder

pytestmark = pytest.mark.timeout(300)
SLOW_MS = 90_000
LISTEN = """(quiet_ms) => {
  clearInterval(window.listening?.timer);
  window.listening?.context.close();
  const context = new AudioContext();
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: document.getElementById("sound").srcObject });
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  const samples = new Float32Array(analyser.fftSize);
  source.connect(analyser);
  let loudAt = performance.now();
  document.body.dataset.quiet = false;
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > 0.02)) loudAt = performance.now();
    document.body.dataset.quiet = performance.now() - loudAt > quiet_ms;
  }, 20);
  window.listening = { context, source, timer };
}"""
CALL = "JSON.parse(sessionStorage.getItem('huntgroup.call'))"


@pytest.fixture(scope="module")
def house(module_database_url: str) -> Iterator[ServedHouse]:
    """One house for all tests here; the last one kills it."""
    asyncio.run(seed_verticals(module_database_url, SystemClock(), print))
    with open_folder() as folder:
        settings = {"MODEL": "offline", "DATABASE_URL": module_database_url, "SILENCE_SECONDS": "120"}
        with ServedHouse(folder, **{f"HUNTGROUP_{name}": value for name, value in settings.items()}) as served:
            yield served


class Caller:
    """Somebody in front of the page, with a voice."""

    def __init__(self, page: Any, microphone: Microphone) -> None:
        self.page = page
        self.captions = page.locator("#captions")
        self._microphone = microphone

    async def call(self) -> None:
        await self.page.click("#call")
        await self.hears("how can I help you?")

    async def hears(self, words: str) -> None:
        """Wait until these words were heard, and whoever says them has finished."""
        await expect(self.captions).to_contain_text(words, timeout=SLOW_MS)
        await expect(self.page.locator("#captions .growing")).to_have_count(0, timeout=SLOW_MS)
        await self.hears_nothing()

    async def hears_nothing(self, for_ms: int = 700) -> None:
        """Wait until no sound came out of the page for so long, by an ear of the test's own."""
        await self.page.evaluate(LISTEN, for_ms)
        await self.page.wait_for_selector("body[data-quiet=true]", timeout=SLOW_MS)

    async def says(self, words: str) -> None:
        await self._microphone.say(self.page, await spoken(words))

    async def types(self, words: str) -> None:
        await self.page.fill("#words", words)
        await self.page.press("#words", "Enter")

    async def has(self, agent: str) -> None:
        await expect(self.page.locator(".node.lit text")).to_have_text(agent, timeout=SLOW_MS)


@pytest.fixture
async def caller(house: ServedHouse, tmp_path: Path, open_page: Opened) -> Caller:
    microphone = Microphone(tmp_path / "caller.wav")
    page = await open_page(house.url, path="/demo/healthcare", sound=microphone.flag, script=microphone.script)
    return Caller(page, microphone)


def last_call(house: ServedHouse) -> dict[str, Any]:
    """The record of the call that began last."""
    newest = house.read("/api/calls?limit=1")["calls"][0]
    record: dict[str, Any] = house.read(f"/api/calls/{newest['call_id']}")
    return record


def of(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [fact for fact in record["facts"] if fact["type"] == kind]


async def test_a_whole_call_by_voice_changes_hands_twice_and_ends_with_goodbye(
    caller: Caller, house: ServedHouse
) -> None:
    page = caller.page
    await caller.call()
    await caller.says("Hello, I have a question about my medication. How many refills do I have left?")
    await caller.has("Clinical")
    await caller.hears("date of birth, please?")
    await caller.says("James Wilson, September 30th, 1978.")
    await caller.hears("Anything else about your health?")
    await expect(caller.captions).to_contain_text("You take atorvastatin")
    await expect(page.locator(".tool.done", has_text="Get medication history")).to_be_visible()
    await expect(page.locator("#figures")).to_contain_text("Silence before Clinical")
    await caller.says("That answers my question.")
    await caller.has("Front desk")
    await caller.hears("Anything else I can help you with?")
    await caller.says("That is all, goodbye.")
    await page.wait_for_selector("body[data-phase=ended]", timeout=SLOW_MS)
    await page.check("#reveal")
    record = last_call(house)
    gaps = [f"{fact['gap_ms']} ms" for fact in of(record, "HandoffHeard")]
    assert len(gaps) == 2 and await page.locator("#captions .handoff").count() == 2
    assert [gap in await page.inner_text("#figures") for gap in gaps] == [True, True]
    shown = await page.locator("#captions .agent .words").all_inner_texts()
    assert shown == [fact["heard_text"] for fact in of(record, "AgentSpoke") if fact["heard_text"]]
    assert page.troubles == [] and [url for url in page.requests if not url.startswith(house.url)] == []


async def test_a_spoken_barge_in_stops_the_agent_and_the_caption_says_what_was_heard(
    caller: Caller, house: ServedHouse
) -> None:
    await caller.call()
    await caller.types("What are your office hours?")
    answer = caller.captions.locator(".agent.growing .words")
    await expect(answer).to_contain_text("Monday", timeout=SLOW_MS)
    await caller.says("Sorry, which dentists do you have?")
    cut = caller.captions.locator(".interrupted .words")
    await expect(cut).to_have_count(1, timeout=SLOW_MS)
    await caller.hears_nothing()
    heard = await cut.inner_text()
    await caller.hears("Dr. Miller and Dr. Taylor")
    await caller.page.click("#hang-up")
    record = last_call(house)
    (fact,) = [one for one in of(record, "Interrupted") if one["heard_ms"]]
    assert fact["cause"] == "speech" and fact["heard_ms"] < fact["generated_ms"]
    (spoken_,) = [one for one in of(record, "AgentSpoke") if one["item_id"] == fact["item_id"]]
    assert heard == spoken_["heard_text"] and spoken_["text"].startswith(heard) and heard != spoken_["text"]


async def test_a_reload_comes_back_to_the_same_call(caller: Caller, house: ServedHouse) -> None:
    await caller.call()
    before = await caller.page.evaluate(CALL)
    await caller.page.reload()
    await caller.page.wait_for_selector("body[data-phase=live]")
    if await caller.page.is_visible("#hear"):
        await caller.page.click("#hear")
    await caller.hears("how can I help you?")
    assert (await caller.page.evaluate(CALL))["token"] == before["token"]
    await caller.says("When are you open tomorrow?")
    await expect(caller.page.locator(".tool.done")).to_contain_text("Get office hours", timeout=SLOW_MS)
    await caller.page.click("#hang-up")
    await caller.page.wait_for_selector("body[data-phase=ended]")
    record = last_call(house)
    assert len(of(record, "LineReturned")) == 1 and len(of(record, "CallStarted")) == 1


async def test_who_has_no_microphone_goes_on_in_writing(house: ServedHouse, open_page: Opened) -> None:
    page = await open_page(house.url, path="/demo/healthcare", ask=False)
    await page.click("#call")
    await expect(page.locator("#trouble-words")).to_contain_text("microphone is blocked")
    await page.click("#trouble-type")
    await expect(page.locator("#captions")).to_contain_text("how can I help you?", timeout=SLOW_MS)
    await page.fill("#words", "When are you open tomorrow?")
    await page.press("#words", "Enter")
    await expect(page.locator(".tool.done")).to_contain_text("Get office hours", timeout=SLOW_MS)
    await page.click("#hang-up")


async def test_a_killed_server_is_said_and_the_same_call_goes_on_when_it_is_back(
    caller: Caller, house: ServedHouse
) -> None:
    await caller.call()
    before = await caller.page.evaluate(CALL)
    house.kill()
    await caller.page.wait_for_selector("body[data-phase=returning]", timeout=SLOW_MS)
    await expect(caller.page.locator("#trouble-words")).to_contain_text("server cannot be reached", timeout=SLOW_MS)
    house.start()
    await caller.page.click("#retry")
    await caller.page.wait_for_selector("body[data-phase=live]", timeout=SLOW_MS)
    assert (await caller.page.evaluate(CALL))["token"] == before["token"]
    await caller.types("When are you open tomorrow?")
    await expect(caller.page.locator(".tool.done")).to_contain_text("Get office hours", timeout=SLOW_MS)
    record = last_call(house)
    assert len(of(record, "CallStarted")) == 1 and of(record, "CallEnded") == []
    await caller.page.click("#hang-up")  # a server that is told to leave waits for its calls
    await caller.page.wait_for_selector("body[data-phase=ended]")
