"""Whoever hangs up before the call stands has hung up: nothing comes after it, and no microphone stays open."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.exchange import Exchange

# Everything that the page has open, so that a test can see it closed.
OPENED = """
  window.opened = { peers: [], tracks: [] };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...how) { super(...how); window.opened.peers.push(this); }
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    window.opened.tracks.push(...stream.getTracks());
    return stream;
  };
"""
ALL_CLOSED = """() => opened.peers.every((one) => one.signalingState === "closed")
  && opened.tracks.every((one) => one.readyState === "ended")"""


# Whoever is asked for the microphone thinks about it until `allow()`.
ASKED = """
  const before = navigator.mediaDevices.getUserMedia;
  const answered = new Promise((done) => (window.allow = done));
  navigator.mediaDevices.getUserMedia = (wish) => answered.then(() => before(wish));
"""


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def held(page: Any, pattern: str) -> tuple[asyncio.Event, asyncio.Event]:
    """Requests for `pattern` come at the first event, and go on at the second."""
    came, go = asyncio.Event(), asyncio.Event()

    async def hold(route: Any) -> None:
        came.set()
        await go.wait()
        await route.continue_()

    await page.route(pattern, hold)
    return came, go


@pytest.mark.parametrize("by", ["#call", "#type-instead"])
async def test_a_call_that_is_hung_up_while_it_is_announced_is_never_opened(
    visit: Visit, exchange: Exchange, by: str
) -> None:
    page = await visit(path="/demo/parrot", script=OPENED)
    came, go = await held(page, "**/web/calls")
    await page.click(by)
    await came.wait()
    await page.click("#hang-up")
    async with page.expect_response("**/web/calls"):
        go.set()
    await page.wait_for_function(ALL_CLOSED)
    await until(lambda: exchange.desk.seats.taken == 0)
    await expect(page.locator("#status")).to_contain_text("You hung up.")
    assert exchange.calls == [] and page.troubles == []


async def test_who_hangs_up_while_the_microphone_is_asked_for_has_no_call_and_it_is_not_used(
    visit: Visit, exchange: Exchange
) -> None:
    page = await visit(path="/demo/parrot", script=OPENED + ASKED)
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=asking]")
    await page.click("#hang-up")
    await expect(page.locator("#status")).to_contain_text("You hung up.")
    await page.evaluate("allow()")
    await page.wait_for_function("() => opened.tracks.length === 1")
    await page.wait_for_function(ALL_CLOSED)
    assert not [one for one in page.requests if "/web/calls" in one]
    assert exchange.desk.seats.taken == 0 and page.troubles == []


async def test_an_answer_that_comes_after_the_caller_hung_up_changes_nothing(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot", script=OPENED)
    came, go = await held(page, "**/webrtc/offer")
    await page.click("#call")
    await came.wait()
    await page.click("#hang-up")
    await page.wait_for_function(ALL_CLOSED)
    async with page.expect_response("**/webrtc/offer"):
        go.set()
    await until(lambda: exchange.desk.seats.taken == 0)
    await expect(page.locator("#status")).to_contain_text("You hung up.")
    assert await page.evaluate("opened.peers.length") == 1


async def test_a_caller_whose_sound_finds_no_way_is_told_so_and_offered_to_type(visit: Visit) -> None:
    nowhere = """
      window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(how) { super({ ...how, iceTransportPolicy: "relay" }); }
      };
    """
    page = await visit(path="/demo/parrot", script=nowhere + OPENED)
    await page.clock.install()
    async with page.expect_response("**/webrtc/offer"):
        await page.click("#call")
        await page.clock.run_for(2_000)
    await page.clock.run_for(15_000)
    await page.wait_for_selector("body[data-phase=failed]")
    await expect(page.locator("#trouble-words")).to_contain_text("could not get through this network")
    await page.wait_for_function(ALL_CLOSED)
    await page.click("#trouble-type")
    await page.wait_for_selector("body[data-phase=live]")


async def test_a_call_that_comes_back_keeps_the_focus_and_what_is_half_typed(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live]")
    await page.fill("#words", "I was just about")
    await exchange.lose()
    await page.wait_for_selector("body[data-phase=returning]")
    await page.wait_for_selector("body[data-phase=live]")
    await expect(page.locator("#words")).to_be_focused()
    await expect(page.locator("#words")).to_have_value("I was just about")


async def test_what_is_typed_while_a_call_comes_back_is_said_when_it_is_there(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#call")
    await page.wait_for_selector("body[data-phase=live]")
    exchange.away = True
    await exchange.lose()
    await page.wait_for_selector("body[data-phase=returning]")
    await page.fill("#words", "Are you there?")
    await page.press("#words", "Enter")
    await expect(page.locator("#captions .caller")).to_contain_text("is sent when the call is back")
    exchange.away = False
    await expect(page.locator("#captions .caller em")).to_be_hidden()
    assert [one["text"] for one in exchange.calls[0].heard] == ["Are you there?"]


async def test_the_focus_goes_to_the_next_thing_to_do_when_a_call_ends(visit: Visit, exchange: Exchange) -> None:
    page = await visit(path="/demo/parrot")
    await page.click("#type-instead")
    await page.wait_for_selector("body[data-phase=live]")
    await page.click("#keys-open")
    await page.keyboard.press("#")
    await page.wait_for_selector("body[data-phase=ended]")
    await expect(page.locator("#call")).to_be_focused()
