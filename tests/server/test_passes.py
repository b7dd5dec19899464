"""Tokens that every process of one database reads, and nobody else makes."""

import pytest

from huntgroup.server.passes import Passes
from huntgroup.testing.virtual_clock import VirtualClock

LIFETIME_MS = 60_000


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def passes(clock: VirtualClock, key: bytes = b"shared") -> Passes:
    return Passes(key, clock, LIFETIME_MS)


async def test_another_process_reads_what_this_one_gave_out(clock: VirtualClock) -> None:
    token = passes(clock).issue("call_1", "<odd&name>", "where")
    await clock.advance(500)
    other = passes(clock)
    found = other.read(token)
    assert found is not None
    assert (found.call_id, found.team, found.address, other.age_ms(found)) == ("call_1", "<odd&name>", "where", 500)


async def test_a_token_is_of_no_use_when_no_call_can_be_left(clock: VirtualClock) -> None:
    token = passes(clock).issue("call_1", "office", "where")
    await clock.advance(LIFETIME_MS + 1)
    assert passes(clock).read(token) is None


def test_who_has_another_key_makes_no_tokens(clock: VirtualClock) -> None:
    assert passes(clock).read(passes(clock, b"other").issue("call_1", "office", "where")) is None


def test_no_letter_of_a_token_can_be_changed(clock: VirtualClock) -> None:
    token = passes(clock).issue("call_1", "office", "where")
    # The last letter has bits that stand for nothing.
    for place, letter in enumerate(token[:-1]):
        other = "A" if letter != "A" else "B"
        assert passes(clock).read(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("rubbish", ["", "x", "wrong", "ä", "\ud800", "A" * 43, "A" * 100_000, "=" * 44, "a b"])
def test_rubbish_is_no_token(clock: VirtualClock, rubbish: str) -> None:
    assert passes(clock).read(rubbish) is None


def test_an_address_is_the_same_everywhere_and_not_to_be_read(clock: VirtualClock) -> None:
    assert passes(clock).anonymous("192.0.2.1") == passes(clock).anonymous("192.0.2.1")
    assert passes(clock).anonymous("192.0.2.1") != passes(clock).anonymous("192.0.2.2")
    assert passes(clock, b"other").anonymous("192.0.2.1") != passes(clock).anonymous("192.0.2.1")
