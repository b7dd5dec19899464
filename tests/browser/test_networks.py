"""Chromium's own ICE against the real routes: a restart, a page that only listens, names that nobody can resolve."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from huntgroup.calls.ports import LineReturned
from huntgroup.rtc import read_offer
from huntgroup.rtc.agent import IceAgent
from tests.browser.conftest import Opened
from tests.server.dummy_house import DummyHouse, served

Calling = Callable[..., Awaitable[Any]]
PAGE = """() => {
async function ask(path, body) {
  const answer = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"},
                                    body: JSON.stringify(body)});
  return {status: answer.status, ...(await answer.json())};
}
async function offer(gather) {
  await pc.setLocalDescription(await pc.createOffer());
  while (gather && pc.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 50));
  const answer = await ask("/webrtc/offer", {token: window.token, sdp: pc.localDescription.sdp, type: "offer"});
  if (answer.sdp) await pc.setRemoteDescription({type: "answer", sdp: answer.sdp});
  return answer.error ? [answer.status, answer.error.code] : [answer.status, "ok"];
}
async function call(microphone) {
  window.token = (await ask("/web/calls", {team: "parrot"})).token;
  window.pc = new RTCPeerConnection();
  window.states = [];
  pc.onconnectionstatechange = () => states.push(pc.connectionState);
  window.messages = [];
  window.channel = pc.createDataChannel("huntgroup");
  channel.onmessage = (event) => messages.push(event.data);
  if (microphone) {
    window.stream = await navigator.mediaDevices.getUserMedia({audio: true});
    window.sender = pc.addTrack(stream.getAudioTracks()[0], stream);
  } else pc.addTransceiver("audio", {direction: "recvonly"});
  await offer(!microphone);
  while (pc.connectionState !== "connected") await new Promise((done) => setTimeout(done, 50));
}
async function stats() {
  const all = [...(await pc.getStats()).values()];
  const transport = all.find((one) => one.type === "transport");
  const pair = all.find((one) => one.id === transport.selectedCandidatePairId);
  const heard = all.find((one) => one.type === "inbound-rtp");
  const of = (id) => { const one = all.find((found) => found.id === id); return `${one.address}:${one.port}`; };
  const address = of(pair.remoteCandidateId);
  const known = pc.currentRemoteDescription.sdp.includes(` ${address.split(":").pop()} typ`);
  return {ours: address, known, packets: heard?.packetsReceived ?? 0};
}
Object.assign(window, {offer, call, stats, ask});
}"""


@pytest.fixture
async def house() -> DummyHouse:
    return DummyHouse(max_calls=2)


@pytest.fixture
async def calling(house: DummyHouse, open_page: Opened) -> AsyncIterator[Calling]:
    """`await calling()` opens a page with a call of its own; with `microphone=False` it only listens."""
    async with served(house) as url:

        async def opened(*, microphone: bool = True) -> Any:
            page = await open_page(url, path="/demo/parrot", ask=microphone)
            await page.evaluate(PAGE)
            await page.evaluate("call", microphone)
            return page

        yield opened


async def until(page: Any, condition: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(30):
        while not condition(stats := await page.evaluate("stats()")):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return stats


async def _nowhere(data: bytes) -> None:
    """Send nothing."""


async def heard_more(page: Any) -> None:
    before = (await page.evaluate("stats()"))["packets"]
    await until(page, lambda stats: stats["packets"] > before + 50)


async def test_a_restart_keeps_the_connection_and_changes_the_path(calling: Calling, house: DummyHouse) -> None:
    page = await calling()
    first = await page.evaluate("pc.currentRemoteDescription.sdp")
    await page.evaluate("() => { pc.setConfiguration({iceServers: [{urls: 'stun:127.0.0.1:9'}]}); pc.restartIce(); }")
    assert await page.evaluate("offer()") == [200, "ok"]
    port = (await until(page, lambda stats: stats["known"]))["ours"].rpartition(":")[2]
    assert f" {port} typ" not in first
    await heard_more(page)
    assert "failed" not in await page.evaluate("states")
    assert await page.evaluate("channel.readyState") == "open"
    assert len(house.calls) == 1
    assert not any(isinstance(event, LineReturned) for event in house.events)


async def test_the_demo_page_comes_back_to_its_call_when_its_path_is_gone(house: DummyHouse, open_page: Opened) -> None:
    async with served(house) as url:
        page = await open_page(url, path="/demo/parrot")
        offers: list[Any] = []
        page.on("request", lambda asked: asked.url.endswith("/webrtc/offer") and offers.append(asked.post_data_json))
        await page.click("#call")
        await page.wait_for_selector("body[data-phase=live]")
        # Whatever carries the call in this process becomes deaf and dumb.
        for agent in [one for one in gc.get_objects() if isinstance(one, IceAgent)]:
            agent.send = _nowhere
            for protocol in agent._protocols:
                protocol.datagram_received = protocol.send_stun = lambda *datagram: None
        async with asyncio.timeout(30):
            while len(offers) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await page.wait_for_selector("body[data-phase=live]")
        # By a restart when the browser noticed first, by another connection when the page missed the sound before.
        first, again = [read_offer(asked["sdp"]) for asked in offers[:2]]
        assert again.restarts(first) or again.connection != first.connection
        assert len(house.calls) == 1


async def test_an_offer_without_a_restart_is_answered_and_the_sound_goes_on(
    calling: Calling, house: DummyHouse
) -> None:
    page = await calling()
    await page.evaluate("sender.replaceTrack(null)")
    assert await page.evaluate("offer()") == [200, "ok"]
    assert await page.evaluate("() => { pc.getTransceivers()[0].direction = 'recvonly'; return offer(); }") == [
        200,
        "ok",
    ]
    await heard_more(page)
    assert (await page.evaluate("stats()"))["known"]
    await page.evaluate("() => { pc.addTransceiver('video'); }")
    assert await page.evaluate("offer()") == [400, "unsupported_media"]


async def test_a_page_that_only_listens_behind_another_one_is_not_taken_for_gone(
    calling: Calling, house: DummyHouse
) -> None:
    page = await calling(microphone=False)
    assert ".local" in await page.evaluate("pc.localDescription.sdp")
    front = await page.context.new_page()
    await front.goto("about:blank")
    await front.bring_to_front()
    await front.wait_for_timeout(12_000)
    assert not any(isinstance(event, LineReturned) for event in house.events)
    assert not house.over.is_set()
    await heard_more(page)
