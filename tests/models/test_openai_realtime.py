"""The network client: how it knocks, what refusals and endings are called, what it keeps to itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from huntgroup.calls.ports import PushingSession
from huntgroup.domain.errors import ModelLost, ModelUnavailable, SettingsError
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.models.profiles import profile_of
from huntgroup.wire import realtime as rt

GREETING = rt.encode(rt.SessionCreated(session=rt.EffectiveSession(id="sess_1"), event_id="e1")).decode()
Handler = Callable[[ServerConnection], Awaitable[None]]
Check = Callable[[ServerConnection, Request], Response | None]


@asynccontextmanager
async def server(handler: Handler, check: Check | None = None) -> AsyncIterator[str]:
    async with serve(handler, "127.0.0.1", 0, process_request=check) as running:
        port = running.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}/v1/realtime"


def model(url: str, **more: object) -> OpenAIRealtimeModel:
    return OpenAIRealtimeModel(Endpoint(url=url, api_key="sk-secret", **more), open_timeout_s=10)  # type: ignore[arg-type]


async def greet(socket: ServerConnection) -> None:
    await socket.send(GREETING)
    await socket.wait_closed()


@pytest.mark.parametrize(
    ("status", "body", "reason", "retryable"),
    [
        (401, b"", "invalid_api_key", False),
        (403, b"", "forbidden", False),
        (404, b"", "not_found", False),
        (429, b"slow down", "rate_limited", True),
        (429, b'{"error": {"code": "insufficient_quota"}}', "insufficient_quota", False),
        (503, b"", "server_error", True),
    ],
)
async def test_refusals_are_named(status: int, body: bytes, reason: str, retryable: bool) -> None:
    def refuse(socket: ServerConnection, _: Request) -> Response:
        return socket.respond(HTTPStatus(status), body.decode())

    async with server(greet, refuse) as url:
        with pytest.raises(ModelUnavailable) as caught:
            async with model(url).open():
                pass
        assert (caught.value.reason, caught.value.retryable) == (reason, retryable)


async def test_nobody_there_is_retryable() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        async with model("ws://127.0.0.1:9/v1/realtime").open():
            pass
    assert (caught.value.reason, caught.value.retryable) == ("unreachable", True)


async def test_a_server_that_never_greets_times_out() -> None:
    async def mute(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with server(mute) as url:
        with pytest.raises(ModelUnavailable, match="timeout"):
            async with OpenAIRealtimeModel(Endpoint(url=url), open_timeout_s=0.1).open():
                pass


async def test_an_error_instead_of_a_greeting() -> None:
    async def refuse(socket: ServerConnection) -> None:
        body = rt.ErrorBody(code="insufficient_quota", message="You exceeded your quota.")
        await socket.send(rt.encode(rt.Error(error=body, event_id="e1")).decode())

    async with server(refuse) as url:
        with pytest.raises(ModelUnavailable) as caught:
            async with model(url).open():
                pass
        assert (caught.value.reason, caught.value.retryable) == ("insufficient_quota", False)


@pytest.mark.parametrize(("code", "reason"), [(1000, "closed"), (1001, "going_away"), (1011, "server_error")])
async def test_endings_are_named(code: int, reason: str) -> None:
    async def end(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        await socket.close(code)

    async with server(end) as url, model(url).open() as session:
        await session.receive()
        with pytest.raises(ModelLost) as caught:
            await session.receive()
        assert caught.value.reason == reason
        with pytest.raises(ModelLost):
            session.send(rt.ResponseCreate())


async def test_an_expired_session_is_told_apart_from_a_lost_one() -> None:
    async def expire(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        body = rt.ErrorBody(code="session_expired", message="Your session hit the maximum duration of 60 minutes.")
        await socket.send(rt.encode(rt.Error(error=body, event_id="e2")).decode())
        await socket.close(1001)

    async with server(expire) as url, model(url).open() as session:
        await session.receive()
        assert isinstance(await session.receive(), rt.Error)
        with pytest.raises(ModelLost, match="session_expired"):
            await session.receive()


async def test_a_cut_connection_is_lost() -> None:
    async def cut(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        socket.transport.abort()

    async with server(cut) as url, model(url).open() as session:
        await session.receive()
        with pytest.raises(ModelLost, match="connection_lost"):
            await session.receive()


async def test_unreadable_events_are_passed_over_and_unknown_ones_delivered() -> None:
    async def babble(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        await socket.send("{")
        await socket.send('{"type": "response.done", "response": 3}')
        await socket.send('{"type": "response.dance", "event_id": "e2"}')
        await socket.wait_closed()

    async with server(babble) as url, model(url).open() as session:
        await session.receive()
        event = await asyncio.wait_for(session.receive(), 10)
        assert isinstance(event, rt.UnknownServerEvent)


async def test_events_are_sent_in_order_as_text() -> None:
    got: list[str | bytes] = []

    async def listen(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        got.extend([await socket.recv(), await socket.recv()])
        await socket.send('{"type": "thanks", "event_id": "e"}')
        await socket.wait_closed()

    async with server(listen) as url, model(url).open() as session:
        session.send(rt.InputAudioBufferAppend(audio=b"\x01\x02"))
        session.send(rt.ResponseCreate(event_id="mine"))
        await session.receive()
        await asyncio.wait_for(session.receive(), 10)
    assert got == [
        '{"type":"input_audio_buffer.append","audio":"AQI="}',
        '{"type":"response.create","event_id":"mine"}',
    ]


async def test_the_key_goes_in_the_header_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    seen: dict[str, str] = {}

    def look(_: ServerConnection, request: Request) -> None:
        seen.update(path=request.path, key=request.headers["Authorization"])

    with caplog.at_level(logging.DEBUG):
        async with server(greet, look) as url, model(url).open():
            pass
    assert seen == {"path": "/v1/realtime?model=gpt-realtime-2.1", "key": "Bearer sk-secret"}
    client_lines = [r.getMessage() for r in caplog.records if not r.name.startswith("websockets.server")]
    assert "sk-secret" not in "".join(client_lines) + repr(Endpoint(url=url, api_key="sk-secret"))


def test_azure_takes_its_own_header_and_path() -> None:
    endpoint = Endpoint(url="https://me.openai.azure.com/openai/v1/realtime", model="voice", api_key="k")
    assert endpoint.address() == "wss://me.openai.azure.com/openai/v1/realtime?model=voice"
    assert endpoint.request_headers() == {"api-key": "k"}


def test_a_query_that_names_a_deployment_is_left_alone() -> None:
    endpoint = Endpoint(url="wss://x.example/realtime?api-version=1&deployment=voice")
    assert endpoint.address() == "wss://x.example/realtime?api-version=1&deployment=voice"


def test_own_headers_replace_the_key() -> None:
    endpoint = Endpoint(api_key="k", headers={"authorization": "Bearer token"})
    assert endpoint.request_headers() == {"authorization": "Bearer token"}


@pytest.mark.parametrize("url", ["", "api.openai.com", "ftp://x", "ws://"])
def test_a_url_that_is_none_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError):
        Endpoint(url=url)


@pytest.mark.parametrize(
    ("name", "parallel"),
    [("gpt-realtime-2.1", True), ("gpt-realtime-2", True), ("gpt-realtime-1.5", False), ("gpt-realtime", False)],
)
def test_profiles_by_name(name: str, parallel: bool) -> None:
    assert profile_of(name).supports_parallel_tool_calls is parallel


async def test_sending_while_the_server_takes_its_leave_is_a_loss() -> None:
    async def leave(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        socket.protocol.send_close(1012, "restart")
        # As with a server one round trip away: its close frame is here, the end of the connection is not.
        for data in socket.protocol.data_to_send():
            socket.transport.write(data)
        socket.transport.pause_reading()
        await asyncio.sleep(0.5)

    async with server(leave) as url, model(url).open() as session:
        await session.receive()
        with pytest.raises(ModelLost):
            while True:
                session.send(rt.InputAudioBufferAppend(audio=b"\0" * 160))
                await asyncio.sleep(0.01)


async def test_pushed_events_come_in_order_and_the_end_is_a_loss() -> None:
    async def speak(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        await socket.send('{"type":"input_audio_buffer.cleared","event_id":"e1"}')
        await socket.send("{")
        await socket.send('{"type":"input_audio_buffer.cleared","event_id":"e2"}')

    taken: list[rt.ServerEvent] = []
    async with server(speak) as url, model(url).open() as session:
        assert isinstance(session, PushingSession)
        with pytest.raises(ModelLost):
            await asyncio.wait_for(session.push_to(taken.append), 5)
    assert [getattr(event, "event_id", None) for event in taken][1:] == ["e1", "e2"]


async def test_what_the_taker_raises_comes_out_of_the_pushing() -> None:
    async def speak(socket: ServerConnection) -> None:
        await socket.send(GREETING)
        await socket.send('{"type":"input_audio_buffer.cleared","event_id":"e1"}')
        await socket.wait_closed()

    def refuse(event: rt.ServerEvent) -> None:
        if rt.event_type(event) == "input_audio_buffer.cleared":
            raise LookupError("e1")

    async with server(speak) as url, model(url).open() as session:
        assert isinstance(session, PushingSession)
        with pytest.raises(LookupError, match="e1"):
            await asyncio.wait_for(session.push_to(refuse), 5)
