"""A call at the engine is joined over real sockets, and its end there is the line's."""

import asyncio

import pytest

from huntgroup.calls.ports import LineEnded
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.engine.model import PROFILE as OFFLINE
from huntgroup.lines.vendor import VendorLine
from huntgroup.models.attached import AttachedModel, joining
from huntgroup.models.attachedsession import AttachedSession
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.models.speechrate import MOST_MS, SpeechRate
from huntgroup.wire import realtime as rt
from tests.engine.doubles import Bench
from tests.engine.served import served
from tests.server.routes.test_realtime_calls import Page


async def leave() -> None: ...


def joined(address: str, call_id: str) -> tuple[AttachedModel, VendorLine]:
    line = VendorLine(SystemClock(), leave)
    endpoint = Endpoint(joining(f"ws://{address}/v1/realtime", call_id), api_key="sk-own")
    return AttachedModel(OpenAIRealtimeModel(endpoint, joins=True), line), line


async def test_a_call_that_is_not_there_is_no_reason_to_try_again() -> None:
    async with served(Bench(clock=SystemClock()).engine) as address:
        model, line = joined(address, "rtc_none")
        with pytest.raises(ModelUnavailable, match="call_over") as refused:
            async with model.open():
                pass
        assert not refused.value.retryable
        assert await line.receive() == LineEnded("vendor_call_over", lost=True)


async def test_a_call_that_is_hung_up_at_the_server_ends_the_line_in_good_order() -> None:
    async with served(Bench(clock=SystemClock()).engine) as address:
        page = Page(address)
        await page.call({"type": "realtime"})
        model, line = joined(address, page.call_id)
        async with model.open() as session:
            assert isinstance(await session.receive(), rt.SessionCreated)
            await page.http.post(f"{page.location}/hangup")
            ended = await asyncio.wait_for(line.receive(), 10)
        assert ended == LineEnded("vendor_hung_up", lost=False)
        await page.close()


class Broken:
    """A session that fails as nobody foresaw."""

    profile = OFFLINE

    def send(self, event: rt.ClientEvent) -> None: ...

    async def receive(self) -> rt.ServerEvent:
        raise RuntimeError("Ann said something private")


async def test_a_session_that_fails_unforeseen_is_lost_and_nobody_waits_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = VendorLine(SystemClock(), leave)
    session = AttachedSession(Broken(), OFFLINE, line, SpeechRate(), lambda event: None)
    with pytest.raises(ModelLost, match="unreadable"):
        await asyncio.wait_for(session.receive(), 2)
    await session.close()
    assert "Ann" not in caplog.text


def test_the_pace_of_a_voice_is_learned_within_bounds_and_not_from_what_was_cut() -> None:
    rate = SpeechRate()
    first = rate.ms_for("r1", "x" * 100)
    rate.started("r1", 0)
    rate.stopped("r1", 8_000)
    assert first < rate.ms_for("r2", "x" * 100) < 8_000
    rate.started("r2", 0)
    rate.forget("r2")
    before = rate.ms_per_char
    rate.stopped("r2", 90_000)
    assert rate.ms_per_char == before < MOST_MS
