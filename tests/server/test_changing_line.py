"""A chat goes on as a call and a call as a chat: the same record, the same claims, and nobody is greeted twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from huntgroup.domain import facts
from huntgroup.domain.clock import SystemClock
from huntgroup.server.app import create_app
from huntgroup.server.changingline import leave_line, line_for
from huntgroup.server.chatcalls import ChatCall
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.serve import running
from huntgroup.server.webcalls import WebRefused
from huntgroup.wire import live
from tests.calls.desk import say
from tests.server.test_chat import LIMIT_S, TalkingHouse, page
from tests.server.test_web_calls import ServedLoopback


@asynccontextmanager
async def desk_with(*answers: str) -> AsyncIterator[tuple[TalkingHouse, FrontDesk, str]]:
    house = TalkingHouse(*map(say, answers))
    app = create_app(house)  # type: ignore[arg-type]
    async with running(app) as address:
        yield house, app.state.desk, address.url


def names(house: TalkingHouse, call_id: str) -> list[str]:
    return [type(fact).__name__ for fact in house.facts_of(call_id)]


async def until_spoken(house: TalkingHouse, call_id: str, text: str) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not any(  # noqa: ASYNC110
            isinstance(f, facts.AgentSpoke) and f.heard_text == text for f in house.facts_of(call_id)
        ):
            await asyncio.sleep(0.02)


async def test_a_chat_goes_on_as_a_call() -> None:
    async with desk_with("Hello. What is it?", "We can go on here. What is it?") as (house, desk, url):
        visit = desk.web.admit("office", "unknown")
        async with page(url, visit.token) as caller:
            await caller.hears("Hello. What is it?")
            await caller.send(live.Key(digit="7"))
            house.sessions[visit.call_id].context.claims.grant("verified", "p1")
            await leave_line(desk, visit)
            await caller.until(live.Moved(because="another_line"))
        line = ServedLoopback(SystemClock())
        desk.web.begin(visit, line)
        await until_spoken(house, visit.call_id, "We can go on here. What is it?")
        moved, resumed = (
            names(house, visit.call_id).index("CallMoved"),
            names(house, visit.call_id).index("CallResumed"),
        )
        assert resumed == moved + 1
        fact = house.facts_of(visit.call_id)[resumed]
        assert isinstance(fact, facts.CallResumed)
        assert (fact.reason, fact.line) == ("another_line", "loopback")
        assert house.sessions[visit.call_id].context.claims.has("verified")
        line.caller_hangs_up()
        await asyncio.wait_for(visit.over.wait(), LIMIT_S)
        assert names(house, visit.call_id).count("CallEnded") == 1
        with pytest.raises(WebRefused, match="token_unknown"):
            await line_for(desk, desk.web.find(visit.token), ChatCall)


async def test_a_call_goes_on_as_a_chat_by_its_token_alone() -> None:
    async with desk_with("Hello. What is it?", "We can go on here.", "At nine.") as (house, desk, url):
        visit = desk.web.admit("office", "unknown")
        visit.keeper, line = object(), ServedLoopback(SystemClock())
        desk.web.begin(visit, line)
        await until_spoken(house, visit.call_id, "Hello. What is it?")
        async with page(url, visit.token) as caller:
            await caller.hears("We can go on here.")
            assert isinstance(caller.got[0], live.Hello)
            assert caller.got[0].call_id == visit.call_id
            await caller.send(live.Say(text="When do you open?"))
            await caller.hears("At nine.")
            await caller.send(live.Bye())
            await caller.until(live.Ended(reason="caller_hung_up"))
        record = house.facts_of(visit.call_id)
        assert [fact.seq for fact in record] == list(range(len(record)))
        assert desk.seats.taken == 0


async def test_two_changes_at_once_are_one_too_many() -> None:
    async with desk_with("Hello.", "We can go on here.") as (_, desk, url):
        visit = desk.web.admit("office", "unknown")
        async with page(url, visit.token) as caller:
            await caller.hears("Hello.")
            first = asyncio.create_task(leave_line(desk, visit))
            await asyncio.sleep(0)
            with pytest.raises(WebRefused, match="changing"):
                await leave_line(desk, visit)
            await first
            assert visit.line is None
