"""STUN and TURN servers, and ports: a real coturn on this machine, skipped where there is none."""

import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from huntgroup.rtc import Network, OfferRefused, Peer
from huntgroup.rtc.agent import GATHER_LIMIT_S
from huntgroup.server.iceservers import turn_login
from tests.rtc.browser import pitch, tone
from tests.rtc.test_peer import Ours, Pair, until
from tests.rtc.turnserver import PASSWORD, SECRET, TURNSERVER, USER, turnserver

relayed = pytest.mark.skipif(TURNSERVER is None, reason="no turnserver: install Debian's coturn, as ./run test does")
LOGIN = {"username": USER, "credential": PASSWORD}


class Relayed(Pair):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.ours.peer = Peer(self.ours, network)


@pytest.fixture
async def pairs() -> AsyncIterator[list[Pair]]:
    made: list[Pair] = []
    yield made
    for pair in made:
        await pair.close()


def over(pairs: list[Pair], url: str, login: dict[str, str] | None = None, **network: Any) -> Pair:
    pairs.append(Relayed(Network([{"urls": [url]} | (LOGIN if login is None else login)], **network)))
    return pairs[-1]


async def both_hear(pair: Pair) -> None:
    pair.browser.microphone.speech += tone(1_500, 500)
    pair.ours.queue += tone(1_500, 900)
    await until(lambda: pitch(bytes(pair.ours.taken[-24_000:])) in range(495, 506))
    await until(lambda: pitch(bytes(pair.browser.heard[-24_000:])) in range(895, 906))


@relayed
async def test_sound_goes_over_the_relay_alone(tmp_path: Path, pairs: list[Pair]) -> None:
    async with turnserver(tmp_path) as url:
        pair = over(pairs, url, relay_only=True)
        await pair.connect(await pair.browser.offer())
        assert set(re.findall(r"typ (\w+)", pair.answer)) == {"relay"}
        assert pair.ours.peer.relay == "ready"
        await both_hear(pair)


@relayed
async def test_a_login_for_one_call_is_taken_until_its_end_and_not_after(tmp_path: Path, pairs: list[Pair]) -> None:
    async with turnserver(tmp_path, by_secret=True) as url:
        good = over(pairs, url, turn_login(SECRET, "2147483647:call_1"), relay_only=True)
        await good.connect(await good.browser.offer())
        await both_hear(good)
        late = over(pairs, url, turn_login(SECRET, "1000000000:call_2"))
        await late.ours.peer.answer(await late.browser.offer())
        assert late.ours.peer.relay == "refused"


@relayed
async def test_a_wrong_password_is_told_and_the_call_stands_without(
    tmp_path: Path, pairs: list[Pair], caplog: pytest.LogCaptureFixture
) -> None:
    async with turnserver(tmp_path) as url:
        pair = over(pairs, url, {"username": USER, "credential": "wrong"})
        await pair.connect(await pair.browser.offer())
        assert pair.ours.peer.relay == "refused"
        assert "refuses us with error 401" in caplog.text
        await both_hear(pair)


@relayed
async def test_our_address_is_told_by_a_stun_server(tmp_path: Path, pairs: list[Pair]) -> None:
    async with turnserver(tmp_path) as url:
        pair = over(pairs, url.replace("turn:", "stun:"), {})
        answer = await pair.ours.peer.answer(await pair.browser.offer())
        assert "typ host" in answer
        assert pair.ours.peer.relay == "none"


@pytest.mark.parametrize("scheme", ["turn:{}", "turn:{}?transport=tcp", "stun:{}"])
async def test_a_server_that_is_dead_costs_a_moment_and_its_own_candidate(
    scheme: str, pairs: list[Pair], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        pair = over(pairs, scheme.format(f"127.0.0.1:{deaf.getsockname()[1]}"))
        await pair.connect(await pair.browser.offer())
        assert f"within {GATHER_LIMIT_S} s" in caplog.text or "cannot be reached" in caplog.text
        assert pair.ours.peer.relay == ("none" if scheme.startswith("stun") else "unreachable")
        await both_hear(pair)


async def test_candidates_are_of_the_range_and_a_full_one_is_told(pairs: list[Pair]) -> None:
    ports = range(43_100, 43_104)
    offers = [Pair() for _ in range(6)]
    pairs += offers
    took: list[int] = []
    refused: list[str] = []
    for pair in offers:
        pair.ours.peer = Peer(pair.ours, Network(ports=ports))
        try:
            answer = await pair.ours.peer.answer(await pair.browser.offer())
        except OfferRefused as error:
            refused.append(error.code)
        else:
            took += [int(port) for port in re.findall(r"candidate:\S+ 1 udp \d+ \d+\.\S+ (\d+) typ host", answer)]
    assert set(refused) == {"no_port"}
    assert set(took) <= set(ports)
    assert took


async def test_ports_of_a_range_are_free_again_after_the_call(pairs: list[Pair]) -> None:
    for _ in range(5):
        ours = Ours()
        ours.peer = Peer(ours, Network(ports=range(43_110, 43_111)))
        pair = Pair()
        pairs.append(pair)
        assert "43110" in await ours.peer.answer(await pair.browser.offer())
        await ours.peer.close()
