"""What a page typed reaches the call once, however often it is sent, and the page is told when it may forget it."""

import asyncio
import json

import pytest

from huntgroup.domain import facts
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.server.pagecalls import MOST_MESSAGES
from huntgroup.wire import live
from tests.calls.desk import say
from tests.server.test_chat import TalkingHouse, house_with, page

FIRST = live.Say(text="When do you open?", id="firstwords")
SECOND = live.Say(text="And on Sundays?", id="secondwords")


def typed(house: TalkingHouse) -> list[str]:
    (session,) = house.sessions.values()
    return [fact.item_id for fact in session.log.facts if isinstance(fact, facts.CallerSpoke)]


async def test_words_are_confirmed_once_they_are_on_record_and_not_before() -> None:
    tries, safe = asyncio.Queue[None](), asyncio.Event()

    async def acknowledged() -> None:
        tries.put_nowait(None)
        if tries.qsize() == 1:
            raise StoreUnavailable("not yet")
        await safe.wait()

    async with house_with(say("At nine.")) as (house, url, token):
        house.acknowledged = acknowledged
        async with page(url, token) as caller:
            await caller.hears("Hello.")
            await caller.send(FIRST)
            await caller.hears("At nine.")
            assert not [one for one in caller.got if isinstance(one, live.Kept)]
            safe.set()
            await caller.until(live.Kept(id="firstwords"))
            assert tries.qsize() == 2


async def test_a_page_whose_line_was_cut_before_the_fact_sends_its_words_again_and_is_answered_once() -> None:
    async with house_with(say("At nine."), say("At ten.")) as (house, url, token):
        async with page(url, token) as before:
            await before.hears("Hello.")
            await before.send(FIRST)
        async with page(url, token) as caller:
            await caller.send(FIRST)
            await caller.send(SECOND)
            await caller.until(live.Kept(id="firstwords"))
            await caller.until(live.Kept(id="secondwords"))
            await caller.hears("At ten.")
        assert typed(house) == ["typed_firstwords", "typed_secondwords"]


async def test_the_same_words_of_two_pages_at_once_are_one_turn() -> None:
    async with house_with(say("At nine.")) as (house, url, token), page(url, token) as first:
        await first.hears("Hello.")
        await first.send(FIRST)
        async with page(url, token) as second:
            await second.send(FIRST)
            await second.hears("At nine.")
            if live.Kept(id="firstwords") not in second.got:
                await second.until(live.Kept(id="firstwords"))
        assert typed(house) == ["typed_firstwords"]


@pytest.mark.parametrize("words_id", ["x", "../../etc/passwd", "typed_12345678", "a" * 500, "12345678\n", 7])
async def test_an_id_that_is_none_is_refused_and_the_chat_goes_on(words_id: object) -> None:
    async with house_with(say("At nine.")) as (house, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        await caller.send(json.dumps({"type": "say", "text": "Hi", "id": words_id}))
        assert (await caller.until(live.Refused)).code == "bad_message"
        await caller.send(FIRST)
        await caller.hears("At nine.")
        assert typed(house) == ["typed_firstwords"]


async def test_a_refusal_names_the_words_that_it_is_about() -> None:
    async with house_with() as (_, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        await caller.send(live.Say(text="  ", id="blankwords"))
        assert (await caller.until(live.Refused)).id == "blankwords"
        for _ in range(MOST_MESSAGES):
            await caller.send(live.Interrupt())
        await caller.send(FIRST)
        refused = await caller.until(live.Refused)
        while refused.id is None:
            refused = await caller.until(live.Refused)
        assert (refused.code, refused.id) == ("too_fast", "firstwords")
