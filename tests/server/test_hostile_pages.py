"""What a page may send that is no page of ours: everything is named, bounded and given back."""

import asyncio
import gc
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiortc.rtcsctptransport import SCTP_DATA_FIRST_FRAG, DataChunk

from huntgroup.calls.ports import LineAudio
from huntgroup.rtc import Peer
from huntgroup.rtc.offers import MOST_CANDIDATES, OfferRefused, read_offer
from huntgroup.server.browsercalls import MOST_OFFERS
from tests.rtc.browser import Browser
from tests.rtc.test_peer import Ours
from tests.server.dummy_house import DummyHouse, served
from tests.server.test_webrtc_offer import Caller, until

AUDIO = "m=audio"


@pytest.fixture
async def offer() -> str:
    browser = Browser()
    text = await browser.offer()
    await browser.close()
    return text


@pytest.fixture
def house() -> DummyHouse:
    return DummyHouse(max_calls=4)


@pytest.fixture
async def caller(house: DummyHouse) -> AsyncIterator[Caller]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, timeout=60) as http:
        made = Caller(http)
        yield made
        for browser in made.browsers:
            await browser.close()


def sockets() -> int:
    """How many sockets this process holds."""
    gc.collect()
    return sum(1 for one in Path("/proc/self/fd").iterdir() if _target(one).startswith("socket:"))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


async def at_rest(before: int) -> None:
    async with asyncio.timeout(20):
        while sockets() > before:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("seed", range(150))
def test_a_mutilated_offer_is_read_or_refused_by_name(offer: str, seed: int) -> None:
    chance, lines = random.Random(seed), offer.splitlines()
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at : at + 1] = chance.choice(
            [[], [line, line], [line[:cut]], [line[:cut] + "\x00🎲" + line[cut:]], [line[:cut] + "9" * 40]]
        )
    try:
        assert len(read_offer("\r\n".join(lines) + "\r\n").candidates) <= MOST_CANDIDATES
    except OfferRefused as refused:
        named = refused.code
        assert named in {"bad_offer", "unsupported_media"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda sdp: sdp.replace("a=fingerprint:", "a=thumb:"), "bad_offer"),
        (lambda sdp: sdp.replace("a=ice-ufrag:", "a=x:"), "bad_offer"),
        (lambda sdp: sdp + "a=x\r\n" * 8_000, "bad_offer"),
        (lambda sdp: sdp + sdp[sdp.index(AUDIO) :], "unsupported_media"),
        (lambda sdp: sdp.replace("m=application", "m=video"), "bad_offer"),
    ],
)
async def test_an_offer_that_cannot_be_a_call_builds_nothing(caller: Caller, offer: str, change, code: str) -> None:  # type: ignore[no-untyped-def]
    await caller.ring()
    before = sockets()
    answer = await caller.offer(change(offer))
    assert (answer.status_code, answer.json()["error"]["code"]) in {(400, code), (400, "unsupported_media")}
    assert sockets() <= before + 1


async def test_a_wrong_fingerprint_never_comes_to_a_call() -> None:
    house, browser = DummyHouse(max_calls=2, web_return_seconds=1), Browser()
    async with served(house) as url, httpx.AsyncClient(base_url=url) as http:
        caller = Caller(http)
        await caller.ring()
        sdp = await browser.offer()
        for line in [line for line in sdp.splitlines() if line.startswith("a=fingerprint:")]:
            sdp = sdp.replace(line, line[:-2] + ("00" if line[-2:] != "00" else "11"))
        await browser.accept((await caller.offer(sdp)).json()["sdp"])
        await asyncio.wait_for(house.over.wait(), 20)
        assert not browser.heard
        assert not any(isinstance(event, LineAudio) for event in house.events)
    await browser.close()


async def test_hosts_of_strangers_are_not_flooded(offer: str) -> None:
    many = "".join(f"a=candidate:{n} 1 udp 1 198.51.100.{n % 250} {1024 + n} typ host\r\n" for n in range(400))
    assert len(read_offer(offer + many).candidates) == MOST_CANDIDATES


async def test_a_peer_with_ipv6_only_is_answered(offer: str) -> None:
    ours = Ours()
    only = [line for line in offer.splitlines() if not line.startswith("a=candidate") or ":" in line.split()[4]]
    only.append("a=candidate:9 1 udp 1 2001:db8::1 9 typ host")
    assert "a=ice-ufrag" in await ours.peer.answer("\r\n".join(only) + "\r\n")
    await ours.peer.close()


async def test_one_token_is_answered_so_often_and_no_more(caller: Caller, offer: str) -> None:
    await caller.ring()
    before, most, codes = sockets(), 0, Counter[int]()
    for batch in range(20):
        asked = [caller.offer(offer.replace("o=- ", f"o=- {batch}{number}")) for number in range(50)]
        codes.update(answer.status_code for answer in await asyncio.gather(*asked))
        most = max(most, sockets() - before)
    # A call that nobody comes to is over before a slow machine is through with all.
    assert codes[200] <= MOST_OFFERS
    assert sum(codes[status] for status in (200, 429, 403, 503)) == 1_000
    assert most < 2 * 50 + 20


async def test_two_hundred_quick_calls_leave_no_socket_behind() -> None:
    browser = Browser()
    offer, before = await browser.offer(), sockets()
    for _ in range(200):
        ours = Ours()
        await ours.peer.answer(offer)
        await ours.peer.close()
    await at_rest(before)
    await browser.close()


async def test_calls_that_stood_leave_no_socket_behind() -> None:
    before = sockets()
    for _ in range(10):
        ours, browser = Ours(), Browser()
        await browser.accept(await ours.peer.answer(await browser.offer()))
        await asyncio.wait_for(ours.opened.wait(), 20)
        await browser.restart_ice(ours.peer.answer)
        await ours.peer.close()
        await browser.close()
    await at_rest(before)


async def test_a_flood_on_the_channel_is_answered_and_the_call_goes_on(caller: Caller, house: DummyHouse) -> None:
    await caller.ring()
    browser = await caller.connect()
    await until(lambda: browser.messages)
    for number in range(2_000):
        browser.channel.send(random.Random(number).randbytes(50) if number % 2 else '{"type":"key","digit":"x"}')
    browser.channel.send("{" * 60_000)
    await until(lambda: not browser.channel.bufferedAmount)
    heard = len(browser.heard)
    await until(lambda: len(browser.heard) > heard + 48_000)
    assert len(house.calls) == 1
    assert len(browser.messages) < 2_100


async def test_a_message_without_an_end_is_the_end_of_its_connection() -> None:
    ours, browser = Ours(), Browser()
    await browser.accept(await ours.peer.answer(await browser.offer()))
    await asyncio.wait_for(ours.opened.wait(), 20)
    looking = asyncio.create_task(ours.run())
    sctp = browser.connection.sctp
    assert sctp is not None
    async with asyncio.timeout(60):
        while not ours.gone.is_set():
            chunk = DataChunk(flags=SCTP_DATA_FIRST_FRAG if not sctp._outbound_stream_seq.get(9) else 0)
            sctp._outbound_stream_seq[9] = 1
            chunk.tsn, chunk.stream_id, chunk.user_data = sctp._local_tsn, 9, bytes(1_100)
            chunk.stream_seq, chunk.protocol = 0, 51
            sctp._local_tsn += 1
            await sctp._send_chunk(chunk)
            await asyncio.sleep(0)
    looking.cancel()
    await ours.peer.close()
    await browser.close()


async def test_channels_that_nobody_asked_for_are_closed() -> None:
    ours, browser = Ours(), Browser()
    await browser.accept(await ours.peer.answer(await browser.offer()))
    await asyncio.wait_for(ours.opened.wait(), 20)
    others = [browser.connection.createDataChannel(f"other {number}") for number in range(50)]
    await until(lambda: all(one.readyState == "closed" for one in others))
    assert isinstance(ours.peer, Peer)
    assert ours.peer.can_say
    await ours.peer.close()
    await browser.close()
