"""Several backends as one: new calls and live ones reach what works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.models.failover import FailoverModel
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import ScriptedModel
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt

FIRST, SECOND = Profile(name="first", model="m"), Profile(name="second", model="m")


class Pair:
    """Two scripted backends behind one."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.first, self.second = ScriptedModel(profile=FIRST), ScriptedModel(profile=SECOND)
        self.model = FailoverModel([self.first, self.second], self.clock)

    def fail(self, times: int, *, retryable: bool = True) -> None:
        self.first.failures += [ModelUnavailable("server_error", retryable=retryable) for _ in range(times)]

    async def reached(self) -> str:
        """Which backend the next session is of."""
        async with self.model.open() as session:
            return session.profile.name


class HangingModel(ScriptedModel):
    """A backend that takes a connection and never greets."""

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        await asyncio.Event().wait()
        async with super()._open() as session:
            yield session


async def test_the_first_backend_is_preferred() -> None:
    assert await Pair().reached() == "first"


async def test_one_that_cannot_be_opened_costs_no_call_its_session() -> None:
    pair = Pair()
    pair.fail(1)
    assert [await pair.reached(), await pair.reached()] == ["second", "first"]


async def test_an_open_breaker_sends_new_calls_to_the_second_without_a_try() -> None:
    pair = Pair()
    pair.fail(4)
    assert [await pair.reached() for _ in range(6)] == ["second"] * 6
    assert len(pair.first.failures) == 1
    assert pair.model.profile.name == "second"


async def test_after_a_rest_one_call_tries_the_first_again() -> None:
    pair = Pair()
    pair.fail(3)
    for _ in range(3):
        await pair.reached()
    await pair.clock.advance(15_000)
    assert await pair.reached() == "first"


async def test_a_wrong_key_leaves_the_first_alone_at_once() -> None:
    pair = Pair()
    pair.fail(2, retryable=False)
    assert [await pair.reached(), await pair.reached()] == ["second", "second"]
    assert len(pair.first.failures) == 1


async def test_when_none_answers_the_reason_is_the_firsts() -> None:
    pair = Pair()
    pair.fail(1, retryable=False)
    pair.second.failures.append(ModelUnavailable("unreachable"))
    with pytest.raises(ModelUnavailable, match="server_error") as caught:
        await pair.reached()
    assert caught.value.retryable


async def test_all_breakers_open_is_no_reason_not_to_try() -> None:
    clock, only = VirtualClock(), ScriptedModel(profile=FIRST)
    model = FailoverModel([only], clock)
    only.failures += [ModelUnavailable("server_error") for _ in range(5)]
    for _ in range(5):
        with pytest.raises(ModelUnavailable):
            await model.open().__aenter__()
    async with model.open() as session:
        assert session.profile == FIRST


async def test_one_that_hangs_is_given_up_for_the_next() -> None:
    clock = VirtualClock()
    model = FailoverModel([HangingModel(profile=FIRST), ScriptedModel(profile=SECOND)], clock)
    opening = asyncio.create_task(model.open().__aenter__())
    await clock.advance(2_500)
    assert (await asyncio.wait_for(opening, 5)).profile == SECOND


async def test_sessions_that_break_open_the_breaker_but_their_limit_does_not() -> None:
    pair = Pair()
    for reason in ("session_expired", "connection_lost", "connection_lost", "connection_lost"):
        async with pair.model.open() as session:
            pair.first.session.end(reason)
            with pytest.raises(ModelLost):
                while True:
                    await session.receive()
    assert await pair.reached() == "second"


async def test_rate_limits_say_whether_there_is_room() -> None:
    clock, only = VirtualClock(), ScriptedModel()
    model = FailoverModel([only], clock)
    async with model.open() as session:
        assert model.has_room()
        short = rt.RateLimit(name="tokens", limit=40_000, remaining=500, reset_seconds=20.0)
        only.session.push(rt.RateLimitsUpdated(rate_limits=[short]))
        await until(session, rt.RateLimitsUpdated)
        assert not model.has_room()
        await clock.advance(20_000)
        assert model.has_room()


async def test_a_refusal_for_the_rate_closes_admission_for_a_while() -> None:
    clock, only = VirtualClock(), ScriptedModel()
    model = FailoverModel([only], clock)
    async with model.open() as session:
        only.session.push(make.error("rate_limit_exceeded"))
        await until(session, rt.Error)
        assert not model.has_room()
        await clock.advance(10_000)
        assert model.has_room()


async def test_the_seconds_room_counts_while_the_first_is_left_alone() -> None:
    pair = Pair()
    pair.first.failures.append(ModelUnavailable("rate_limited"))
    await pair.reached()
    assert pair.model.has_room()


async def until(session: ModelSession, kind: type) -> None:
    while not isinstance(await session.receive(), kind):
        pass


async def test_a_caller_who_hangs_up_during_a_trial_leaves_the_backend_its_next() -> None:
    clock = VirtualClock()
    first = HangingModel(profile=FIRST)
    model = FailoverModel([first, ScriptedModel(profile=SECOND)], clock)
    breaker = model.routes[0].breaker
    breaker.failed(fatal=True)
    await clock.advance(15_000)
    opening = asyncio.create_task(model.open().__aenter__())
    await clock.settle()
    assert not breaker.would_allow
    opening.cancel()
    await clock.settle()
    assert breaker.would_allow


async def test_a_trial_is_not_spent_on_a_backend_that_is_not_tried() -> None:
    pair = Pair()
    second = pair.model.routes[1].breaker
    second.failed(fatal=True)
    await pair.clock.advance(15_000)
    assert await pair.reached() == "first"
    assert second.would_allow
