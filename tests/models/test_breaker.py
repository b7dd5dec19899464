"""A breaker opens after failures in a row, allows one trial after a rest, and rests longer when that fails."""

from huntgroup.models.breaker import Breaker
from huntgroup.testing.virtual_clock import VirtualClock


def broken(clock: VirtualClock) -> Breaker:
    breaker = Breaker(clock, failures=3, rest_ms=1_000, most_rest_ms=3_000)
    for _ in range(3):
        breaker.failed()
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    breaker = Breaker(VirtualClock(), failures=3)
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allows()
    assert broken(VirtualClock()).state == "open"
    assert not broken(VirtualClock()).allows()


def test_what_no_other_try_would_mend_opens_it_at_once() -> None:
    breaker = Breaker(VirtualClock())
    breaker.failed(fatal=True)
    assert breaker.state == "open"


async def test_after_a_rest_one_trial_is_allowed() -> None:
    clock = VirtualClock()
    breaker = broken(clock)
    await clock.advance(1_000)
    assert breaker.state == "half_open"
    assert [breaker.allows(), breaker.allows()] == [True, False]


async def test_a_trial_that_opens_closes_it_and_the_next_failure_opens_it_again() -> None:
    clock = VirtualClock()
    breaker = broken(clock)
    await clock.advance(1_000)
    breaker.allows()
    breaker.opened()
    assert breaker.state == "closed"
    breaker.failed()
    assert breaker.state == "open"


async def test_a_failed_trial_doubles_the_rest_up_to_a_limit() -> None:
    clock = VirtualClock()
    breaker = broken(clock)
    rests = []
    for _ in range(3):
        waited = 0
        while not breaker.allows():
            await clock.advance(100)
            waited += 100
        breaker.failed()
        rests.append(waited)
    assert rests == [1_000, 2_000, 3_000]
