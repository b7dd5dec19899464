"""Packets that come late, twice, out of order or never."""

import random

import pytest

from huntgroup.rtc.arrivals import MOST_WAITING, PREFILL, Arrivals


def packet(number: int) -> bytes:
    return b"%d" % number


def fed(*numbers: int, start: int = 0) -> Arrivals:
    arrivals = Arrivals()
    for number in numbers:
        arrivals.push((start + number) % 65536, packet(number))
    return arrivals


def pulled(arrivals: Arrivals, times: int) -> list[bytes | None]:
    return [arrivals.pull() for _ in range(times)]


def test_nothing_is_played_before_a_few_packets_are_there() -> None:
    arrivals = fed(*range(PREFILL - 1))
    assert arrivals.pull() is None
    arrivals.push(PREFILL - 1, b"x")
    assert arrivals.pull() == packet(0)
    assert arrivals.lost == 0


@pytest.mark.parametrize("start", [0, 32_766, 65_534])
def test_packets_are_put_in_order_around_the_wrap(start: int) -> None:
    assert pulled(fed(1, 0, 3, 2, 2, start=start), 4) == [packet(n) for n in range(4)]


def test_one_that_never_comes_costs_its_own_time_only() -> None:
    arrivals = fed(0, 1, 3, 4)
    assert pulled(arrivals, 5) == [packet(0), packet(1), None, packet(3), packet(4)]
    assert arrivals.lost == 1


def test_one_that_comes_after_its_time_is_dropped() -> None:
    arrivals = fed(0, 1, 3)
    pulled(arrivals, 3)
    arrivals.push(2, packet(2))
    assert arrivals.pull() == packet(3)


def test_a_flood_keeps_the_delay_bounded() -> None:
    arrivals = fed(*range(100))
    assert arrivals.pull() == packet(100 - MOST_WAITING)


def test_a_clock_that_runs_faster_than_ours_is_followed() -> None:
    arrivals, sent = fed(*range(8)), 8
    for _ in range(500):
        arrivals.pull()
        arrivals.push(sent, packet(sent))
        sent += 1
    assert sum(one is not None for one in pulled(arrivals, 20)) <= 4
    assert arrivals.lost == 0


def test_another_numbering_begins_anew() -> None:
    arrivals = fed(0, 1, 2)
    pulled(arrivals, 2)
    for number in (40_000, 40_001):
        arrivals.push(number, packet(number))
    assert pulled(arrivals, 2) == [packet(40_000), packet(40_001)]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_network_does_order_is_kept_and_nothing_comes_twice(seed: int) -> None:
    chance, arrivals, got = random.Random(seed), Arrivals(), []
    late: list[int] = []
    for number in range(400):
        fate = chance.random()
        if fate < 0.1:
            late.append(number)
        elif fate > 0.05:
            arrivals.push(number, packet(number))
        if late and chance.random() < 0.3:
            arrivals.push(late[0], packet(late.pop(0)))
        got.append(arrivals.pull())
    played = [int(one) for one in got if one is not None]
    assert played == sorted(set(played))
    assert len(played) > 300
