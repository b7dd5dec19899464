"""Two peers in one process, over real sockets on this machine."""

import asyncio
import re
from collections.abc import AsyncIterator

import numpy as np
import pytest

from huntgroup.rtc import OfferRefused, Peer
from huntgroup.rtc.opus import FRAME_BYTES
from tests.rtc.browser import Browser, pitch, tone

LIMIT_S = 20


class Ours:
    """Holds a peer as a line does: every 20 ms a frame goes each way."""

    def __init__(self) -> None:
        self.peer = Peer(self)
        self.keys: list[str] = []
        self.said: list[str | bytes] = []
        self.opened, self.gone = asyncio.Event(), asyncio.Event()
        self.queue = bytearray()
        self.taken = bytearray()

    def peer_opened(self, peer: Peer) -> None:
        self.opened.set()

    def peer_pressed(self, peer: Peer, key: str) -> None:
        self.keys.append(key)

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        self.said.append(message)

    def peer_gone(self, peer: Peer) -> None:
        self.gone.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s += 0.02
            await asyncio.sleep(due_s - loop.time())
            self.peer.play(bytes(self.queue[:FRAME_BYTES]).ljust(FRAME_BYTES, b"\0"))
            if self.peer.is_sending:
                del self.queue[:FRAME_BYTES]
            self.taken += self.peer.take() or b""


class Pair:
    def __init__(self) -> None:
        self.ours, self.browser = Ours(), Browser()
        self.offer = self.answer = ""
        self._task: asyncio.Task[None] | None = None

    async def connect(self, offer: str) -> None:
        self.offer = offer
        self.answer = await self.ours.peer.answer(offer)
        await self.browser.accept(self.answer)
        self._task = asyncio.create_task(self.ours.run())
        await asyncio.wait_for(self.ours.opened.wait(), LIMIT_S)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self.ours.peer.close()
        await self.browser.close()


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    made = Pair()
    yield made
    await made.close()


async def until(condition, limit_s: float = LIMIT_S) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_sound_goes_both_ways(pair: Pair) -> None:
    await pair.connect(await pair.browser.offer())
    pair.browser.microphone.speech += tone(1_000, 500)
    pair.ours.queue += tone(1_000, 900)
    await until(lambda: pitch(bytes(pair.ours.taken[-24_000:])) in range(495, 506))
    await until(lambda: pitch(bytes(pair.browser.heard[-24_000:])) in range(895, 906))


async def test_lost_packets_cost_their_own_time_only(pair: Pair) -> None:
    await pair.connect(await pair.browser.offer())
    await until(lambda: pair.ours.peer.soundless_frames is not None)
    pair.browser.lose(0.1)
    pair.browser.microphone.speech += tone(2_000, 500)
    await until(lambda: not pair.browser.microphone.speech)
    await asyncio.sleep(0.3)
    frames = [pair.ours.taken[at : at + FRAME_BYTES] for at in range(0, len(pair.ours.taken), FRAME_BYTES)]
    loud = [np.abs(np.frombuffer(bytes(frame), "<i2")).max() > 1_000 for frame in frames]
    assert pair.ours.peer.lost_packets > 3
    assert sum(loud) > 80


async def test_each_press_of_a_key_is_told_once(pair: Pair) -> None:
    await pair.connect(await pair.browser.offer())
    assert "a=rtpmap:110 telephone-event/48000" in pair.answer
    await until(lambda: pair.ours.peer.soundless_frames is not None)
    for event in (1, 1, 11):
        await pair.browser.press(event)
        await asyncio.sleep(0.01)
    await until(lambda: len(pair.ours.keys) == 3)
    assert pair.ours.keys == ["1", "1", "#"]


async def test_who_has_no_microphone_hears_and_is_silent(pair: Pair) -> None:
    await pair.browser.connection.close()
    pair.browser = Browser(may_speak=False)
    await pair.connect(await pair.browser.offer())
    pair.ours.queue += tone(1_000, 900)
    await until(lambda: pitch(bytes(pair.browser.heard[-24_000:])) in range(895, 906))
    assert pair.ours.peer.soundless_frames is None
    assert pair.ours.peer.silent_frames is not None
    assert not pair.ours.taken


async def test_messages_go_both_ways(pair: Pair) -> None:
    await pair.connect(await pair.browser.offer())
    await until(lambda: pair.browser.channel.readyState == "open")
    pair.browser.channel.send("hello")
    assert pair.ours.peer.say("good morning")
    await until(lambda: pair.ours.said == ["hello"] and pair.browser.messages == ["good morning"])


async def test_an_offer_that_leaves_candidates_for_later_connects(pair: Pair) -> None:
    offer = await pair.browser.offer()
    trickling = re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", offer)
    await pair.connect(trickling)


async def test_a_browser_that_closes_is_gone(pair: Pair) -> None:
    await pair.connect(await pair.browser.offer())
    await pair.browser.close()
    await asyncio.wait_for(pair.ours.gone.wait(), LIMIT_S)
    assert not pair.ours.peer.say("anybody?")


@pytest.mark.parametrize("offer", ["", "v=0\r\n", "m=audio 9 nonsense", "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"])
async def test_what_is_no_offer_is_refused(pair: Pair, offer: str) -> None:
    with pytest.raises(OfferRefused):
        await pair.ours.peer.answer(offer)


async def test_an_offer_without_opus_is_refused(pair: Pair) -> None:
    with pytest.raises(OfferRefused):
        await pair.ours.peer.answer((await pair.browser.offer()).replace("opus/48000", "speex/16000"))
