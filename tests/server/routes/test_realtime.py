"""The served engine: who gets in, what rubbish gets back, how it ends."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from huntgroup.engine.ports import Say
from huntgroup.server.routes.realtime import comes_from_here, is_local, realtime_router
from tests.engine.doubles import Bench
from tests.engine.served import served


async def read(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        event = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if event["type"] == kind:
            return dict(event)


async def still_works(socket: ClientConnection) -> bool:
    await socket.send(json.dumps({"type": "session.update", "session": {"type": "realtime"}}))
    return bool(await read(socket, "session.updated"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{", "invalid_event"),
        (b"\xff\x00", "invalid_event"),
        ("", "invalid_event"),
        ('{"type": "response.dance"}', "invalid_value"),
        ('{"type": "input_audio_buffer.append", "audio": "!!"}', "invalid_value"),
        ('{"type": "conversation.item.truncate", "item_id": "x"}', "missing_required_parameter"),
        ('{"type": "response.cancel"}', "response_cancel_not_active"),
    ],
)
async def test_rubbish_is_answered_and_the_session_goes_on(data: str | bytes, code: str) -> None:
    async with served(Bench().engine) as address, connect(f"ws://{address}/v1/realtime", proxy=None) as socket:
        await socket.send(data)
        assert (await read(socket, "error"))["error"]["code"] == code
        assert await still_works(socket)


async def test_20_mib_of_audio_are_refused_and_the_session_goes_on() -> None:
    async with served(Bench().engine) as address, connect(f"ws://{address}/v1/realtime", proxy=None) as socket:
        audio = "A" * (20 * 1024 * 1024 // 3 * 4)
        await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": audio}))
        error = (await read(socket, "error"))["error"]
        assert (error["code"], error["param"]) == ("invalid_value", "audio")
        assert await still_works(socket)


async def test_browsers_bring_their_key_in_a_subprotocol() -> None:
    protocols = ["realtime", "openai-insecure-api-key.anything"]
    async with (
        served(Bench().engine) as address,
        connect(f"ws://{address}/v1/realtime", subprotocols=protocols, proxy=None) as socket,
    ):
        assert socket.subprotocol == "realtime"
        assert await read(socket, "session.created")


async def test_the_model_of_the_query_is_the_sessions() -> None:
    async with (
        served(Bench().engine) as address,
        connect(f"ws://{address}/v1/realtime?model=mine", proxy=None) as socket,
    ):
        assert (await read(socket, "session.created"))["session"]["model"] == "mine"


async def test_an_expired_session_closes_with_going_away() -> None:
    bench = Bench(max_session_s=60)
    async with served(bench.engine) as address, connect(f"ws://{address}/v1/realtime", proxy=None) as socket:
        await read(socket, "conversation.created")
        await bench.clock.advance(60_000)
        assert (await read(socket, "error"))["error"]["code"] == "session_expired"
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 5)
        assert closed.value.rcvd.code == 1001


async def test_a_client_that_vanishes_leaves_nothing_running() -> None:
    bench = Bench([Say("A long story.")])
    bench.voice.gate.clear()
    async with served(bench.engine) as address:
        async with connect(f"ws://{address}/v1/realtime", proxy=None) as socket:
            await socket.send(json.dumps({"type": "response.create"}))
            await read(socket, "response.output_audio_transcript.delta")
        async with asyncio.timeout(5):
            await bench.ears[-1].gone.wait()
        assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("response resp")]


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.7", False),
        ("::ffff:10.0.0.7", False),
        ("example.org", False),
    ],
)
def test_who_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_strangers_are_refused() -> None:
    app = FastAPI()
    app.include_router(realtime_router(Bench().engine))
    client = TestClient(app, client=("10.0.0.7", 5000))
    assert client.post("/v1/realtime/client_secrets", json={}).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/v1/realtime"):
        pass


@pytest.mark.parametrize(
    ("client", "server", "here"), [("10.0.0.7", "10.0.0.7", True), ("10.0.0.8", "10.0.0.7", False)]
)
def test_who_comes_from_the_very_address_that_is_asked_is_this_machine(client: str, server: str, here: bool) -> None:
    scope = {"type": "http", "headers": [], "client": (client, 5000), "server": (server, 8084)}
    assert comes_from_here(HTTPConnection(scope)) is here


def test_who_comes_through_a_tunnel_is_a_stranger() -> None:
    app = FastAPI()
    app.include_router(realtime_router(Bench().engine))
    headers = {"X-Forwarded-For": "203.0.113.9"}
    assert TestClient(app).post("/v1/realtime/client_secrets", json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ("{", None),
        ('{"expires_after": {"seconds": 5}}', None),
        ('{"session": {"type": "realtime", "output_modalities": []}}', "session.output_modalities"),
    ],
)
def test_bad_secret_requests_are_refused(body: str, param: str | None) -> None:
    app = FastAPI()
    app.include_router(realtime_router(Bench().engine))
    answer = TestClient(app).post("/v1/realtime/client_secrets", content=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def client(**headers: str) -> TestClient:
    app = FastAPI()
    app.include_router(realtime_router(Bench().engine, origins={"https://shop.example"}))
    host = headers.pop("host", "127.0.0.1:8084")
    return TestClient(app, base_url=f"http://{host}", headers=headers)


POSTS = ("/v1/realtime/client_secrets", "/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "https://shop.example:1", "http://[x"]
)
def test_a_page_of_anybody_opens_nothing_from_a_visitors_browser(origin: str) -> None:
    page = client(origin=origin)
    for path in POSTS:
        answer = page.post(path, content="{}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_not_allowed")
    for query in ("", "?call_id=rtc_1"):
        with pytest.raises(WebSocketDisconnect), page.websocket_connect(f"ws://127.0.0.1:8084/v1/realtime{query}"):
            pass


@pytest.mark.parametrize("origin", ["", "https://shop.example", "http://127.0.0.1:8084"])
def test_programs_our_own_pages_and_allowed_ones_go_on_as_ever(origin: str) -> None:
    page = client(**({"origin": origin} if origin else {}))
    assert page.post("/v1/realtime/client_secrets", json={}).status_code == 200
    with page.websocket_connect("ws://127.0.0.1:8084/v1/realtime") as socket:
        assert socket.receive_json()["type"] == "session.created"


def test_a_name_that_was_rebound_to_this_machine_needs_a_client_secret() -> None:
    app = FastAPI()
    app.include_router(realtime_router(Bench().engine))
    secret = TestClient(app).post("/v1/realtime/client_secrets", json={}).json()["value"]
    page = TestClient(app, base_url="http://evil.example:8084", headers={"origin": "http://evil.example:8084"})
    assert page.post("/v1/realtime/client_secrets", json={}).status_code == 403
    assert page.post("/v1/realtime/calls", content="v=0").status_code == 403
    with_secret = page.post("/v1/realtime/calls", content="v=0", headers={"Authorization": f"Bearer {secret}"})
    assert with_secret.status_code == 400
