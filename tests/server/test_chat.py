"""Chats by WebSocket: what a page sends and gets, how it comes back, and what is refused."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from huntgroup.calls.ports import Line
from huntgroup.calls.processes.orphancalls import NoResumption
from huntgroup.calls.processes.resumption import Resumption, prepare
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import Fact
from huntgroup.domain.record import end_of
from huntgroup.engine.model import OfflineModel
from huntgroup.server.pagecalls import MOST_MESSAGES, MOST_REFUSED, REPLACED, SocketChannel
from huntgroup.testing.memory_leases import MemoryOutcomes
from huntgroup.wire import live
from tests.calls.desk import say
from tests.calls.teams import TEAM
from tests.engine.doubles import Answer, Bench
from tests.server.dummy_house import DummyHouse, served

LIMIT_S = 10


class TalkingHouse(DummyHouse):
    """`House` whose calls are real, with a scripted mind; `late` times more a take-over has to wait."""

    def __init__(self, *answers: Answer, **settings: Any) -> None:
        super().__init__(**settings)
        self.teams = {"office": TEAM}
        self.engine_bench = Bench(*answers, clock=SystemClock())
        self.sessions: dict[str, CallSession] = {}
        self.late = 0
        self.acknowledged: Callable[[], Awaitable[None]] | None = None

    async def answer(self, line: Line, team: str, call_id: str, *_: Any, **__: Any) -> str:
        return await self._hold(line, call_id, None)

    async def resume(self, line: Line, resumption: Resumption, *, longest_ms: int | None = None) -> str:
        return await self._hold(line, resumption.state.call_id, resumption)

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        if self.late:
            self.late -= 1
            return "later"
        record = self.sessions[call_id].log.facts
        if end_of(record) is not None:
            return "ended"
        return await prepare(record, TEAM, MemoryOutcomes(), process="this", epoch=2)

    async def move(self, call_id: str, patience_ms: int, *, because: str = "draining") -> None:
        await self.sessions[call_id].move(patience_ms, because=because)

    async def _hold(self, line: Line, call_id: str, resumption: Resumption | None) -> str:
        around = Surroundings(
            model=OfflineModel(self.engine_bench.engine),
            clock=SystemClock(),
            listeners=(self.followers.tell_fact,),
            hearer=self.followers.hearer,
            acknowledged=self.acknowledged,
        )
        self.sessions[call_id] = CallSession(around, TEAM, line, call_id=call_id, resumption=resumption)
        return await self.sessions[call_id].run()

    def facts_of(self, call_id: str) -> Sequence[Fact]:  # type: ignore[override]
        return self.sessions[call_id].log.facts if call_id in self.sessions else ()

    def hand(self, call_id: str) -> CallSession | None:  # type: ignore[override]
        return self.sessions.get(call_id)


class Page:
    """One page's socket, as live messages."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.got: list[live.FromServer] = []

    async def send(self, message: live.FromClient | str) -> None:
        await self._socket.send(message if isinstance(message, str) else live.encode(message).decode())

    async def until(self, wanted: Any) -> Any:
        """Read until a message is of this type and, if given by value, equal."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                message = live.decode_server(await self._socket.recv())
                self.got.append(message)
                if message == wanted or (isinstance(wanted, type) and isinstance(message, wanted)):
                    return message

    async def hears(self, text: str) -> None:
        while (await self.until(live.Caption)) and not (self.got[-1].text == text and self.got[-1].final):  # type: ignore[union-attr]
            pass

    async def close_code(self) -> int | None:
        async with asyncio.timeout(LIMIT_S):
            try:
                while True:
                    self.got.append(live.decode_server(await self._socket.recv()))
            except ConnectionClosed:
                return self._socket.close_code


@asynccontextmanager
async def house_with(*answers: Answer, **settings: Any) -> AsyncIterator[tuple[TalkingHouse, str, str]]:
    """The house on a real socket; yields it, its address and the token of an announced call."""
    house = TalkingHouse(say("Hello."), *answers, **settings)
    async with served(house) as url, httpx.AsyncClient() as http:
        announced = await http.post(f"{url}/web/calls", json={"team": "office"})
        yield house, url, announced.json()["token"]


@asynccontextmanager
async def page(url: str, token: str, team: str = "office", origin: str | None = None) -> AsyncIterator[Page]:
    address = f"ws{url.removeprefix('http')}/chat/{team}?token={token}"
    async with connect(address, origin=Origin(origin) if origin is not None else None) as socket:
        yield Page(socket)


async def test_a_chat_from_hello_to_goodbye() -> None:
    async with house_with(say("At nine.")) as (_, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        await caller.send(live.Say(text="When do you open?"))
        await caller.hears("At nine.")
        hello = caller.got[0]
        assert isinstance(hello, live.Hello)
        assert (hello.team, hello.agent, hello.token, hello.expires_in_s) == ("office", "desk", token, 60)
        assert [type(m) for m in caller.got if isinstance(m, live.Latency)]
        await caller.send(live.Bye())
        await caller.until(live.Ended(reason="caller_hung_up"))
        assert await caller.close_code() == 1000


async def test_a_page_that_comes_back_reads_what_it_had_read_and_goes_on() -> None:
    async with house_with(say("At nine."), say("By the side door.")) as (_, url, token):
        async with page(url, token) as before:
            await before.hears("Hello.")
            await before.send(live.Say(text="When?"))
            await before.hears("At nine.")
        async with page(url, token) as caller:
            await caller.hears("At nine.")
            await caller.send(live.Say(text="Where?"))
            await caller.hears("By the side door.")
            await caller.send(live.Bye())
            await caller.until(live.Ended)


async def test_a_later_page_takes_the_place_of_the_one_before() -> None:
    async with house_with() as (_, url, token), page(url, token) as before:
        await before.hears("Hello.")
        async with page(url, token) as caller:
            await caller.hears("Hello.")
            assert await before.close_code() == REPLACED
            await caller.send(live.Bye())
            await caller.until(live.Ended(reason="caller_hung_up"))


async def test_what_cannot_be_read_is_told_and_noted_and_the_chat_goes_on() -> None:
    async with house_with(say("At nine.")) as (house, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        for rubbish in ("{", '{"type":"sing"}', '{"type":"say","text":""}', "x" * 10_000):
            await caller.send(rubbish)
            await caller.until(live.Refused)
        codes = ["malformed_json", "unknown_type", "bad_message", "too_large"]
        assert [message.code for message in caller.got if isinstance(message, live.Refused)] == codes
        await caller.send(live.Say(text="When?"))
        await caller.hears("At nine.")
        (session,) = house.sessions.values()
        assert [fact.code for fact in session.log.facts if isinstance(fact, facts.BadInput)] == codes


async def test_a_transfer_that_may_not_happen_is_refused_with_its_reason() -> None:
    async with house_with() as (_, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        await caller.send(live.Transfer(agent="nobody"))
        assert (await caller.until(live.Refused)).code == "no_agent"
        await caller.send(live.Transfer(agent="desk"))
        assert (await caller.until(live.Refused)).code == "no_edge"


async def test_who_sends_faster_than_a_person_is_told_and_at_last_closed() -> None:
    async with house_with() as (_, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        for _ in range(MOST_MESSAGES + MOST_REFUSED):
            await caller.send(live.Interrupt())
        assert await caller.close_code() == 1008
        assert next(message.code for message in caller.got if isinstance(message, live.Refused)) == "too_fast"


@pytest.mark.parametrize(("team", "token"), [("office", "wrong"), ("other", None)])
async def test_a_token_is_for_one_call_of_one_team(team: str, token: str | None) -> None:
    async with house_with() as (house, url, right), page(url, token if token is not None else right, team) as caller:
        assert await caller.close_code() == 4403
        assert isinstance(caller.got[0], live.Refused)
        assert caller.got[0].code == "token_unknown"
        assert not house.sessions


async def test_nothing_private_leaves_with_the_facts() -> None:
    async with house_with(say("At nine.")) as (_, url, token), page(url, token) as caller:
        await caller.hears("Hello.")
        await caller.send(live.Key(digit="7"))
        while (noted := json.loads(bytes((await caller.until(live.FactNoted)).fact)))["type"] != "DtmfPressed":
            pass
        assert noted["digit"] == facts.MASK


@pytest.mark.parametrize("origin", [None, "own", "https://shop.example.com"])
async def test_a_page_that_may_embed_the_chat_opens_one_without_asking_first(origin: str | None) -> None:
    async with (
        house_with(chat_origins="https://shop.example.com https://b.example.com") as (_, url, _token),
        page(url, "", origin=url if origin == "own" else origin) as caller,
    ):
        await caller.hears("Hello.")
        hello = caller.got[0]
        assert isinstance(hello, live.Hello)
        assert hello.token


@pytest.mark.parametrize(
    ("origin", "team", "code"),
    [
        ("https://evil.example.com", "office", "origin"),
        ("null", "office", "origin"),
        ("http://[x", "office", "origin"),
        (None, "nobody", "team_unknown"),
    ],
)
async def test_other_sites_and_teams_that_are_not_there_are_refused(origin: str | None, team: str, code: str) -> None:
    async with house_with() as (house, url, _), page(url, "", team, origin) as caller:
        assert await caller.close_code() in (4403, 4404)
        assert caller.got == [live.Refused(code=code, message=caller.got[0].message)]  # type: ignore[union-attr]
        assert not house.sessions


async def test_chats_of_one_address_are_counted() -> None:
    async with house_with(web_calls_per_address=2) as (_, url, _token), page(url, "") as first:
        await first.hears("Hello.")
        async with page(url, "") as one_too_many:
            assert await one_too_many.close_code() == 4429


async def test_the_widget_is_served_for_other_sites_and_asks_nobody_else() -> None:
    async with house_with() as (_, url, _token), httpx.AsyncClient(base_url=url) as http:
        answer = await http.get("/chat.js")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert (await http.get("/chat.js", headers={"If-None-Match": answer.headers["etag"]})).status_code == 304
        assert "innerHTML" not in answer.text
        assert set(re.findall(r"https?://[^/\"]+", answer.text)) <= {"https://calls.example.com"}


class Unread:
    """A socket whose page reads nothing, until it is `gone`."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()

    async def send_text(self, message: str) -> None:
        await self.gone.wait()
        raise OSError


async def test_a_page_that_never_read_what_was_said_does_not_hold_the_end_up() -> None:
    socket = Unread()
    channel = SocketChannel(socket)  # type: ignore[arg-type]
    pump = asyncio.create_task(channel.pump())
    await asyncio.sleep(0)
    while channel.say("x"):  # noqa: ASYNC110
        await asyncio.sleep(0)
    finish = asyncio.create_task(channel.finish(0.01))
    await asyncio.sleep(0)
    socket.gone.set()
    await asyncio.wait_for(asyncio.gather(pump, finish), LIMIT_S)
