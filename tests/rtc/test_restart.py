"""ICE begins anew below a connection that stands."""

import asyncio

import pytest

from huntgroup.rtc import OfferRefused, read_offer
from tests.rtc.browser import Browser, pitch, tone
from tests.rtc.test_peer import Pair, pair, until  # noqa: F401

pytestmark = pytest.mark.usefixtures("pair")


async def connected(pair: Pair) -> Browser:  # noqa: F811
    await pair.connect(await pair.browser.offer())
    await until(lambda: pair.ours.peer.soundless_frames is not None)
    return pair.browser


async def test_a_restart_moves_sound_and_messages_to_another_path(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    await browser.restart_ice(pair.ours.peer.answer)
    browser.cut_off()
    browser.microphone.speech += tone(1_000, 500)
    pair.ours.queue += tone(2_000, 900)
    await until(lambda: pitch(bytes(pair.ours.taken[-24_000:])) in range(495, 506))
    await until(lambda: pitch(bytes(browser.heard[-24_000:])) in range(895, 906))
    browser.channel.send("still here")
    await until(lambda: pair.ours.said == ["still here"])
    assert pair.ours.peer.is_open
    assert not pair.ours.gone.is_set()


async def test_the_answer_to_a_restart_has_other_names_and_the_same_fingerprint(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    answers = [pair.answer]

    async def ask(offer: str) -> str:
        answers.append(await pair.ours.peer.answer(offer))
        return answers[-1]

    await browser.restart_ice(ask)
    await browser.restart_ice(ask)
    lines = [{line for line in answer.splitlines() if line.startswith(("a=ice-ufrag", "a=fing"))} for answer in answers]
    assert len(set.union(*lines)) - len(set.intersection(*lines)) == 3
    assert any("fingerprint" in line for line in set.intersection(*lines))


async def test_the_path_before_is_let_go_of_when_the_other_stands(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    before = pair.ours.peer._ice._agent
    await browser.restart_ice(pair.ours.peer.answer)
    await until(lambda: not before.local_candidates)
    assert pair.ours.peer._ice._agent.local_candidates


async def test_a_restart_that_comes_to_nothing_leaves_the_call_where_it_was(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    offer = browser.sent_offer.replace("a=ice-ufrag:", "a=ice-ufrag:more")
    for _ in range(3):
        await pair.ours.peer.answer(offer)
        offer = offer.replace("a=ice-ufrag:", "a=ice-ufrag:more")
    browser.microphone.speech += tone(1_000, 500)
    await until(lambda: pitch(bytes(pair.ours.taken[-24_000:])) in range(495, 506))
    await asyncio.wait_for(pair.ours.peer.close(), 5)


async def test_an_offer_that_changes_nothing_of_the_path_is_answered_by_the_same(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    again = await pair.ours.peer.answer(browser.sent_offer)
    assert _path(again) == _path(pair.answer)
    browser.microphone.speech += tone(1_000, 500)
    await until(lambda: pitch(bytes(pair.ours.taken[-24_000:])) in range(495, 506))


async def test_an_offer_of_another_connection_is_not_for_this_peer(pair: Pair) -> None:  # noqa: F811
    await connected(pair)
    other = Browser()
    offer = await other.offer()
    assert not pair.ours.peer.continues(read_offer(offer))
    with pytest.raises(OfferRefused, match="connection_gone"):
        await pair.ours.peer.answer(offer)
    await other.close()


async def test_a_connection_that_is_over_cannot_be_gone_on_with(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    await pair.ours.peer.close()
    assert pair.ours.peer.continues(read_offer(browser.sent_offer))
    with pytest.raises(OfferRefused, match="connection_gone"):
        await pair.ours.peer.answer(browser.sent_offer)


def _path(answer: str) -> list[str]:
    return [line for line in answer.splitlines() if line.startswith(("a=ice-ufrag", "a=ice-pwd", "a=candidate"))]


async def test_a_call_that_ends_while_the_path_before_is_let_go_of_keeps_no_socket(pair: Pair) -> None:  # noqa: F811
    browser = await connected(pair)
    ice = pair.ours.peer._ice
    before = ice._agent
    restarting = asyncio.create_task(browser.restart_ice(pair.ours.peer.answer))
    while ice._agent is before:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.wait_for(pair.ours.peer.close(), 5)
    assert not before._protocols
    assert not ice._watching
    restarting.cancel()
    await asyncio.gather(restarting, return_exceptions=True)
