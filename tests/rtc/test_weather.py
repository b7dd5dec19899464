"""Loss, jitter, packets that overtake each other, clocks that run apart: minutes of it, in no time."""

from struct import pack

import pytest

from huntgroup.rtc.keys import KeyEvents
from tests.rtc.weather import Weather, delays_ms

MINUTE_MS = 60_000
LOSSES = [(0.0, 1), (0.05, 1), (0.2, 1), (0.05, 5), (0.2, 5)]


@pytest.mark.parametrize("ppm", [-200, 0, 200])
@pytest.mark.parametrize(("loss", "burst"), LOSSES)
def test_the_delay_does_not_grow_over_five_minutes(ppm: float, loss: float, burst: int) -> None:
    played = delays_ms(Weather(loss=loss, burst=burst, jitter_ms=60, ppm=ppm), 5)
    worst = [max(delay for at, delay in played if at // MINUTE_MS == minute) for minute in range(5)]
    # The network's 110 ms at most, and the backlog from which packets are dropped.
    assert max(worst) <= 50 + 60 + 4 * 20 + 20


@pytest.mark.parametrize(("loss", "burst"), LOSSES)
def test_only_what_is_lost_is_missing(loss: float, burst: int) -> None:
    weather = Weather(loss=loss, burst=burst, jitter_ms=60)
    assert len(delays_ms(weather, 5)) >= 0.98 * len(weather.carry(15_000))


def test_a_packet_between_two_long_losses_makes_nothing_late() -> None:
    played = delays_ms(Weather(loss=0.3, burst=15), 5)
    assert max(delay for _, delay in played) <= 50 + 3 * 20


@pytest.mark.parametrize(("loss", "burst"), LOSSES)
def test_keys_are_told_once_each_in_any_weather(loss: float, burst: int) -> None:
    keys, told, presses = KeyEvents(), [], 200
    for number in Weather(loss=loss, burst=burst, jitter_ms=60, seed=4).carry(presses * 40):
        press, packet = divmod(number[1], 40)
        # Five packets while the key is down, three that end it (RFC 4733, section 2.5.1.4), then a pause.
        if packet < 8:
            key = keys.take(press * 1_600, pack("!BBH", press % 10, 0x8A if packet > 4 else 0x0A, 160 * packet))
            told += [(press, key)] if key is not None else []
    assert all(int(key) == press % 10 for press, key in told)
    assert len(told) == len({press for press, _ in told})
    # Only a loss that outlasts a whole press takes it away.
    assert len(told) == presses if burst == 1 else len(told) >= 0.98 * presses


def test_a_key_of_which_only_the_last_packet_arrives_is_told() -> None:
    assert KeyEvents().take(1_600, pack("!BBH", 5, 0x8A, 800)) == "5"
