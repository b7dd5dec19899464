"""The offline engine by WebRTC, and a second controller beside the browser."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from huntgroup.domain.clock import SystemClock
from huntgroup.engine.ports import CallTool, Say
from huntgroup.rtc import Network
from huntgroup.server.realtimeplaces import MOST_BY_ONE, MOST_CALLS
from huntgroup.server.routes.realtime import realtime_router
from tests.engine.doubles import Bench
from tests.engine.served import served, serving
from tests.rtc.browser import Browser
from tests.server.dummy_house import DummyHouse
from tests.server.dummy_house import served as house_served

LIMIT_S = 20
TOOL = {"type": "function", "name": "look", "description": "Look.", "parameters": {"type": "object", "properties": {}}}


class Page:
    """A browser that talks to the engine as to a vendor."""

    def __init__(self, address: str) -> None:
        self.http = httpx.AsyncClient(base_url=f"http://{address}", timeout=LIMIT_S)
        self.address = address
        self.browser = Browser(channel="oai-events")
        self.location = ""

    async def call(self, session: dict[str, Any] | None = None, key: str = "sk-any") -> None:
        offer = await self.browser.offer()
        headers = {"Authorization": f"Bearer {key}"}
        if session is None:
            headers["Content-Type"] = "application/sdp"
            answer = await self.http.post("/v1/realtime/calls", content=offer, headers=headers)
        else:
            parts = {"sdp": (None, offer), "session": (None, json.dumps(session))}
            answer = await self.http.post("/v1/realtime/calls", files=parts, headers=headers)
        assert answer.status_code == 201
        self.location = answer.headers["location"]
        await self.browser.accept(answer.text)

    @property
    def call_id(self) -> str:
        return self.location.rsplit("/", 1)[1]

    def told(self, kind: str) -> list[dict[str, Any]]:
        events = [json.loads(message) for message in self.browser.messages]
        return [event for event in events if event["type"] == kind]

    async def close(self) -> None:
        await self.browser.close()
        await self.http.aclose()


async def until(condition) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(LIMIT_S):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def read(socket: Any, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(LIMIT_S):
        while True:
            event = json.loads(await socket.recv())
            if event["type"] == kind:
                return dict(event)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    bench = Bench([Say("Good morning."), CallTool("look", "{}")], [Say("Done.")], clock=SystemClock())
    async with served(bench.engine) as address:
        made = Page(address)
        yield made
        await made.close()


async def test_a_browser_hears_the_engine_and_has_its_events(page: Page) -> None:
    await page.call({"type": "realtime", "instructions": "Be brief.", "tools": [TOOL]})
    await until(lambda: page.told("session.created"))
    assert page.told("session.created")[0]["session"]["instructions"] == "Be brief."
    page.browser.channel.send(json.dumps({"type": "response.create"}))
    await until(lambda: page.told("output_audio_buffer.stopped"))
    assert any(page.browser.heard)
    assert page.told("output_audio_buffer.started")
    assert page.told("response.output_audio.delta") == []


async def test_a_client_secret_stands_for_its_session(page: Page) -> None:
    asked = {"session": {"type": "realtime", "instructions": "From the secret."}}
    secret = (await page.http.post("/v1/realtime/client_secrets", json=asked)).json()["value"]
    await page.call(key=secret)
    await until(lambda: page.told("session.created"))
    assert page.told("session.created")[0]["session"]["instructions"] == "From the secret."


async def test_a_second_controller_runs_the_tools_of_the_browsers_call(page: Page) -> None:
    await page.call({"type": "realtime"})
    url = f"ws://{page.address}/v1/realtime?call_id={page.call_id}"
    async with connect(url, proxy=None) as sideband:
        assert (await read(sideband, "session.created"))["session"]["type"] == "realtime"
        await sideband.send(json.dumps({"type": "session.update", "session": {"type": "realtime", "tools": [TOOL]}}))
        await read(sideband, "session.updated")
        await sideband.send(json.dumps({"type": "response.create"}))
        called = await read(sideband, "response.function_call_arguments.done")
        await read(sideband, "response.done")
        item = {"type": "function_call_output", "call_id": called["call_id"], "output": "{}"}
        await sideband.send(json.dumps({"type": "conversation.item.create", "item": item}))
        await sideband.send(json.dumps({"type": "response.create"}))
        assert (await read(sideband, "response.output_audio_transcript.done"))["transcript"] == "Done."
    await until(lambda: len(page.told("response.done")) == 2)


async def test_hanging_up_ends_the_call_for_everybody(page: Page) -> None:
    await page.call({"type": "realtime"})
    await until(lambda: page.browser.heard)
    async with connect(f"ws://{page.address}/v1/realtime?call_id={page.call_id}", proxy=None) as sideband:
        assert (await page.http.post(f"{page.location}/hangup")).status_code == 200
        with pytest.raises(ConnectionClosed):
            await read(sideband, "never")
    assert (await page.http.post(f"{page.location}/hangup")).status_code == 404


async def test_what_is_no_call_is_refused(page: Page) -> None:
    for body, kind in ((b"v=0", "application/sdp"), (b"\xff", "application/sdp"), (b"--x", "multipart/form-data")):
        answer = await page.http.post("/v1/realtime/calls", content=body, headers={"Content-Type": kind})
        assert answer.status_code == 400
    async with connect(f"ws://{page.address}/v1/realtime?call_id=rtc_none", proxy=None) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.reason == "call_not_found"


async def test_replies_that_follow_each_other_begin_and_end_in_turn(page: Page) -> None:
    await page.call({"type": "realtime"})
    await until(lambda: page.told("session.created"))
    page.browser.channel.send(json.dumps({"type": "response.create"}))
    await until(lambda: page.told("response.done"))
    page.browser.channel.send(json.dumps({"type": "response.create"}))
    await until(lambda: len(page.told("output_audio_buffer.stopped")) == 2)
    events = [json.loads(message) for message in page.browser.messages]
    told = [(event["type"], event["response_id"]) for event in events if event["type"].startswith("output_audio_buf")]
    first, second = (event["response"]["id"] for event in page.told("response.done"))
    kinds = ("output_audio_buffer.started", "output_audio_buffer.stopped")
    assert told == [(kind, response) for response in (first, second) for kind in kinds]


async def test_a_secret_lets_a_browser_in_from_anywhere_but_not_to_join(page: Page) -> None:
    secret = (await page.http.post("/v1/realtime/client_secrets", json={})).json()["value"]
    page.http.headers["X-Forwarded-For"] = "203.0.113.7"
    answer = await page.http.post("/v1/realtime/calls", content="v=0", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 400
    assert (await page.http.post("/v1/realtime/calls", content="v=0")).status_code == 403
    assert (await page.http.post("/v1/realtime/client_secrets", json={})).status_code == 403


async def test_a_secret_has_so_many_calls_at_once_and_no_more_however_fast_it_asks(page: Page) -> None:
    secret = (await page.http.post("/v1/realtime/client_secrets", json={})).json()["value"]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/sdp"}
    offer = await page.browser.offer()
    posts = [page.http.post("/v1/realtime/calls", content=offer, headers=headers) for _ in range(MOST_BY_ONE + 2)]
    answers = await asyncio.gather(*posts)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 2
    assert refused[0].json()["error"]["code"] == "rate_limit_exceeded"
    assert "client secret" in refused[0].json()["error"]["message"]


async def test_a_call_that_is_over_leaves_its_secrets_place_to_the_next(page: Page) -> None:
    secret = (await page.http.post("/v1/realtime/client_secrets", json={})).json()["value"]
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/sdp"}
    offer = await page.browser.offer()
    for _ in range(MOST_BY_ONE + 1):
        answer = await page.http.post("/v1/realtime/calls", content=offer, headers=headers)
        assert answer.status_code == 201
        await page.http.post(f"{answer.headers['location']}/hangup")
        gone = f"{answer.headers['location']}/hangup"
        while (await page.http.post(gone)).status_code != 404:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_an_offer_that_is_refused_takes_no_place(page: Page) -> None:
    secret = (await page.http.post("/v1/realtime/client_secrets", json={})).json()["value"]
    headers = {"Authorization": f"Bearer {secret}"}
    for _ in range(MOST_BY_ONE + 1):
        assert (await page.http.post("/v1/realtime/calls", content="v=0", headers=headers)).status_code == 400


async def test_calls_of_the_engine_take_the_houses_ports_and_say_when_none_is_free(page: Page) -> None:
    house = DummyHouse(web_media_ports="43120-43120")
    house.engine = Bench(clock=SystemClock()).engine  # type: ignore[assignment]
    offer, kind = await page.browser.offer(), {"Content-Type": "application/sdp"}
    async with house_served(house) as url, httpx.AsyncClient(base_url=url) as http:
        first = await http.post("/v1/realtime/calls", content=offer, headers=kind)
        second = await http.post("/v1/realtime/calls", content=offer, headers=kind)
    assert set(re.findall(r"candidate:\S+ 1 udp \d+ \S+ (\d+) typ host", first.text)) == {"43120"}
    assert (second.status_code, second.json()["error"]["code"]) == (503, "no_port")


async def test_what_breaks_unforeseen_leaves_no_session_behind(page: Page) -> None:
    def unreachable(call_id: str) -> Network:
        raise RuntimeError("unforeseen")

    bench, app = Bench(clock=SystemClock()), FastAPI()
    app.include_router(realtime_router(bench.engine, reach=unreachable))
    async with serving(app) as address, httpx.AsyncClient(base_url=f"http://{address}") as http:
        for _ in range(MOST_CALLS + 1):
            answer = await http.post("/v1/realtime/calls", content="v=0", headers={"Content-Type": "application/sdp"})
            assert answer.status_code == 500
    assert all(ear.gone.is_set() for ear in bench.ears[1:])
