"""A supervisor takes a call by browser: two browsers, their sound over real sockets, one call between them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from huntgroup.calls.ports import Supervisor
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts as f
from huntgroup.domain.clock import SystemClock
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.rtc import Peer
from huntgroup.storage.base import Database
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import Rule, ScriptedModel
from huntgroup.wire import realtime as rt
from tests.calls.teams import TEAM
from tests.rtc.browser import Browser, pitch, tone
from tests.server.desk_house import LIVE, DeskHouse, log_in
from tests.server.dummy_house import served

CALL = f"/desk/api/calls/{LIVE}"
LIMIT_S = 30
CALLER_HZ, SUPERVISOR_HZ = range(435, 446), range(995, 1006)


def answered(event: rt.ClientEvent) -> list[rt.ServerEvent]:
    assert isinstance(event, rt.ResponseCreate)
    assert isinstance(event.response, rt.ResponseConfig)
    assert isinstance(event.response.metadata, dict)
    return make.agent_says("Hello.", b"\0\0" * 24 * 200, metadata=event.response.metadata)


class TakenHouse(DeskHouse):
    """The desk's house with one real call in it, between a browser and a scripted model."""

    def __init__(self, db: Database, folder: Path) -> None:
        super().__init__(db, folder)
        clock = SystemClock()
        self.model = ScriptedModel(Rule(lambda event: isinstance(event, rt.ResponseCreate), answered))
        self.line = WebRtcLine(clock)
        self.session = CallSession(Surroundings(model=self.model, clock=clock), TEAM, self.line, call_id=LIVE)
        self.caller = Browser()
        self._running: asyncio.Task[str] | None = None

    async def connect(self) -> None:
        peer = Peer(self)  # type: ignore[arg-type]
        await self.caller.accept(await peer.answer(await self.caller.offer()))
        self.line.attach(peer)
        self._running = asyncio.create_task(self.session.run())

    async def close(self) -> str:
        self.line.say_goodbye()
        await self.caller.close()
        assert self._running is not None
        reason = await asyncio.wait_for(self._running, LIMIT_S)
        await self.line.close()
        return reason

    def facts_of(self, call_id: str) -> list[Any]:
        return list(self.session.log.facts) if call_id == LIVE and self.session.is_open else []

    def supervise(self, call_id: str, person: Supervisor, by: str, visit: str) -> None:
        self.session.supervise(person, by, visit)

    def part_supervisor(self, call_id: str, visit: str, *, ends_call: bool) -> bool:
        return self.session.end_as_supervisor(visit) if ends_call else self.session.give_back(visit)

    def asked(self) -> list[rt.ResponseCreate]:
        return [event for session in self.model.sessions for event in session.sent_of(rt.ResponseCreate)]

    def of(self, kind: Any) -> list[Any]:
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]

    def peer_opened(self, peer: Peer) -> None: ...

    def peer_gone(self, peer: Peer) -> None: ...


@pytest.fixture
async def house(db: Database, tmp_path: Path) -> AsyncIterator[TakenHouse]:
    house = TakenHouse(db, tmp_path)
    await house.connect()
    yield house
    await house.close()


@pytest.fixture
async def client(house: TakenHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with served(house) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        await log_in(house, client)
        yield client


@pytest.fixture
async def supervisor() -> AsyncIterator[Browser]:
    browser = Browser(channel="none")
    yield browser
    await browser.close()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def take(client: httpx.AsyncClient, browser: Browser) -> httpx.Response:
    answer = await client.post(f"{CALL}/takeover", json={"sdp": await browser.offer(), "type": "offer"})
    if answer.status_code == 200:
        await browser.accept(answer.json()["sdp"])
    return answer


async def test_two_people_hear_one_another_and_the_agent_gets_the_call_back(
    house: TakenHouse, client: httpx.AsyncClient, supervisor: Browser
) -> None:
    assert (await take(client, supervisor)).status_code == 200
    await until(lambda: house.of(f.SupervisorJoined))
    house.caller.microphone.speech += tone(3_000, 440)
    supervisor.microphone.speech += tone(3_000, 1_000)
    await until(lambda: pitch(bytes(supervisor.heard[-14_400:])) in CALLER_HZ)
    await until(lambda: pitch(bytes(house.caller.heard[-14_400:])) in SUPERVISOR_HZ)
    asked = len(house.asked())
    assert (await client.post(f"{CALL}/giveback")).status_code == 204
    await until(lambda: house.of(f.SupervisorLeft) and len(house.asked()) == asked + 1)
    assert {deed["what"] for deed in await house.door.deeds(LIVE)} == {"took_over", "gave_back"}


async def test_a_page_that_is_gone_gives_the_call_back(
    house: TakenHouse, client: httpx.AsyncClient, supervisor: Browser
) -> None:
    await take(client, supervisor)
    await until(lambda: house.of(f.SupervisorJoined))
    await supervisor.close()
    await until(lambda: house.of(f.SupervisorLeft))
    assert house.of(f.SupervisorLeft)[0].reason == "lost"


async def test_one_supervisor_at_a_time_and_only_they_end_the_call(
    house: TakenHouse, client: httpx.AsyncClient, supervisor: Browser
) -> None:
    await take(client, supervisor)
    await until(lambda: house.of(f.SupervisorJoined))
    ada = dict(client.cookies)
    for name in ("Eve", "Ada"):
        # Another Ada is somebody else.
        await log_in(house, client, name)
        other = Browser()
        assert (await take(client, other)).status_code == 409
        assert (await client.post(f"{CALL}/hangup")).status_code == 409
        await other.close()
    client.cookies.clear()
    client.cookies.update(ada)
    assert (await client.post(f"{CALL}/hangup")).status_code == 204
    await until(lambda: house.of(f.CallEnded))
    assert house.of(f.CallEnded)[0].reason == "supervisor_hung_up"


async def test_an_offer_that_is_none_is_refused(house: TakenHouse, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{CALL}/takeover", json={"sdp": "v=0", "type": "offer"})).status_code == 400
    assert (await client.post(f"{CALL}/takeover", json={"sdp": "x" * 40_000, "type": "offer"})).status_code == 422
    assert (await client.post("/desk/api/calls/other/takeover", json={"sdp": "x", "type": "offer"})).status_code == 404
