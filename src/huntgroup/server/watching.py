"""A live call as a stream of messages: all that has happened, then whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from huntgroup.domain.facts import AgentSpoke, CallEnded, CallerSpoke, CallMoved, CallStarted, Fact, encode_fact
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.house import House
from huntgroup.wire.live import AgentCard, Caption, EdgeCard, Ended, FactNoted, FromServer, Hello, Moved, encode

MOST_WAITING = 500
LOOK_EVERY_S = 1.0
CHECK_EVERY = 15
_BEAT = b": still here\n\n"


async def watch(desk: FrontDesk, call_id: str, may_stay: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    """Yield a live call as server-sent events until it ends; nothing for a call that does not run here.

    A reader who is too slow is let go, and gets everything again when it comes back. Every now and then `may_stay`
    is asked.
    """
    waiting: asyncio.Queue[Fact | None] = asyncio.Queue()

    def hear(fact: Fact) -> None:
        if fact.call_id == call_id:
            waiting.put_nowait(fact if waiting.qsize() < MOST_WAITING else None)

    # The order closes the hole between what has happened and what happens: neither twice nor lost.
    stop = desk.house.on_fact(hear)
    try:
        for fact in desk.house.facts_so_far(call_id) or ():
            for message in _messages(desk.house, fact):
                yield _event(message)
        async for data in _following(desk, call_id, waiting, may_stay):
            yield data
    finally:
        stop()


async def _following(
    desk: FrontDesk, call_id: str, waiting: asyncio.Queue[Fact | None], may_stay: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    quiet = 0
    while desk.house.facts_so_far(call_id) is not None or not waiting.empty():
        try:
            fact = await asyncio.wait_for(waiting.get(), LOOK_EVERY_S)
        except TimeoutError:
            quiet += 1
            if quiet % CHECK_EVERY == 0:
                if not await may_stay():
                    return
                yield _BEAT
            continue
        if fact is None:
            return
        for message in _messages(desk.house, fact):
            yield _event(message)


def _messages(house: House, fact: Fact) -> list[FromServer]:
    noted: list[FromServer] = [FactNoted(fact=msgspec.Raw(encode_fact(fact)))]
    match fact:
        case CallStarted():
            return [_hello(house, fact), *noted]
        case CallerSpoke() if fact.text:
            said = Caption(speaker="caller", text=fact.text, utterance=fact.item_id, turn=fact.turn, final=True)
            return [*noted, said]
        case AgentSpoke() if fact.heard_text:
            heard = Caption(
                speaker="agent", text=fact.heard_text, utterance=fact.item_id, turn=fact.turn, final=True,
                agent=fact.agent,
            )  # fmt: skip
            return [*noted, heard]
        case CallEnded():
            return [*noted, Ended(reason=fact.reason)]
        case CallMoved():
            return [*noted, Moved()]
    return noted


def _hello(house: House, started: CallStarted) -> Hello:
    roster = house.roster(started.team)
    return Hello(
        call_id=started.call_id,
        team=started.team,
        title=started.team,
        agents=[AgentCard(name=name, title=name) for name in roster.get("agents", ())],
        edges=[EdgeCard(**edge) for edge in roster.get("edges", ())],
        agent=started.agent or "",
    )


def _event(message: FromServer) -> bytes:
    return b"data: " + encode(message) + b"\n\n"
