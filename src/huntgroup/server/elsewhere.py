"""Live calls of other processes: watched by what they store, and acted upon in the process that holds them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec

from huntgroup.calls.onlookers.following import Follower
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import CallEnded, CallMoved, Fact
from huntgroup.server.house import House
from huntgroup.server.housedesk import LiveCalls
from huntgroup.server.livedeeds import NOT_HERE, Deed, Outcome, carry_out

LOOK_EVERY_S = 0.5
ANSWER_LIMIT_S = 20.0
_TOO_LONG = Outcome(status=422, detail="this is too long for a call that another process holds")
_NO_ANSWER = Outcome(status=504, detail="the process that holds this call does not answer")


class _Question(msgspec.Struct, frozen=True):
    call_id: str
    deed: Deed


async def do(house: House, clock: Clock, call_id: str, deed: Deed) -> Outcome:
    """Do something to a live call, wherever it is held. Raises `StoreUnavailable`."""
    if house.facts_of(call_id):
        return await carry_out(house, clock, call_id, deed)
    owner = await house.desk.live_calls.owner_of(call_id)
    if owner is None:
        return NOT_HERE
    question = msgspec.json.encode(_Question(call_id, deed))
    try:
        return msgspec.json.decode(await house.desk.intercom.ask(owner, question, ANSWER_LIMIT_S), type=Outcome)
    except ValueError:
        return _TOO_LONG
    except TimeoutError:
        return _NO_ANSWER


def answer_others(house: House, clock: Clock) -> None:
    """From now on do what other processes' desks ask for."""

    async def answer(question: bytes) -> bytes:
        asked = msgspec.json.decode(question, type=_Question)
        return msgspec.json.encode(await carry_out(house, clock, asked.call_id, asked.deed))

    house.desk.intercom.answer_with(answer)


class StoredCall:
    """A call of another process as a source of a feed: its facts as they are stored, twice a second.

    Growing captions are not stored, so a caption comes when its words were said.
    """

    def __init__(self, calls: LiveCalls, call_id: str, record: Sequence[Fact]) -> None:
        self._calls = calls
        self._call_id = call_id
        self._record = list(record)
        self._followers: list[Follower] = []

    def facts_of(self, call_id: str) -> Sequence[Fact]:
        """Return the facts so far."""
        return tuple(self._record)

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        """Tell a follower of each fact from now on."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower) if follower in self._followers else None

    async def read(self) -> None:
        """Follow the store until the call is over, or moves from now on; an outage is waited out."""
        moves = False
        while not (moves or isinstance(self._record[-1], CallEnded)):
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                news = await self._calls.since(self._call_id, self._record[-1].seq)
            except StoreUnavailable:
                continue
            for fact in news:
                self._record.append(fact)
                for follower in tuple(self._followers):
                    follower.on_fact(fact)
            moves = isinstance(self._record[-1], CallMoved) and bool(news)


@asynccontextmanager
async def stored_call(house: House, call_id: str) -> AsyncIterator[StoredCall | None]:
    """Follow a live call of another process inside the block; None when nobody holds it. Raises `StoreUnavailable`."""
    if await house.desk.live_calls.owner_of(call_id) is None:
        yield None
        return
    record: list[Fact] = []
    while news := await house.desk.live_calls.since(call_id, record[-1].seq if record else -1):
        record += news
    if not record:
        yield None
        return
    call = StoredCall(house.desk.live_calls, call_id, record)
    reading = asyncio.create_task(call.read(), name="a call of another process")
    try:
        yield call
    finally:
        reading.cancel()
