"""The server's short way: an ordinary WebSocket to everybody, and a quick one to a line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from queue import Queue

import pytest
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from huntgroup.server.serve import running
from huntgroup.server.sockets import MOST_WAITING, MediaSocket, media_socket

FLOODED: Queue[str] = Queue()


def _url(address: str, path: str) -> str:
    return address.replace("http", "ws", 1) + path


def application() -> FastAPI:
    app = FastAPI()

    @app.websocket("/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                text = message.get("text")
                await (socket.send_text(text) if text is not None else socket.send_bytes(message["bytes"]))
        except WebSocketDisconnect:
            return

    @app.websocket("/slow")
    async def slow(socket: WebSocket) -> None:
        await socket.accept()
        await asyncio.sleep(0.3)
        short = media_socket(socket)
        assert isinstance(short, MediaSocket)
        count = 0
        while "text" in await short.receive():
            count += 1
            assert short.send_now(str(count))

    @app.websocket("/deaf")
    async def deaf(socket: WebSocket) -> None:
        await socket.accept()
        await asyncio.sleep(0.6)

    @app.websocket("/flood")
    async def flood(socket: WebSocket) -> None:
        await socket.accept()
        short = media_socket(socket)
        assert isinstance(short, MediaSocket)
        for _ in range(200):
            short.send_now("x" * 100_000)
            await asyncio.sleep(0)
        socket.scope["extensions"]["huntgroup.short_way"]["protocol"].keepalive_timeout()
        FLOODED.put((await short.receive())["type"])

    return app


@asynccontextmanager
async def dialled(path: str) -> AsyncIterator[ClientConnection]:
    async with (
        running(application()) as address,
        connect(_url(address.url, path), proxy=None) as socket,
    ):
        yield socket


async def test_text_fragments_and_bytes_come_back_in_order() -> None:
    async with dialled("/echo") as socket:
        for message in ("one", ["t", "w", "o"], b"three", "four", "é" * 70_000):
            await socket.send(message)
        assert [await socket.recv() for _ in range(5)] == ["one", "two", b"three", "four", "é" * 70_000]


async def test_pings_and_closing_are_the_servers() -> None:
    async with dialled("/echo") as socket:
        await asyncio.wait_for(await socket.ping(), 5)
        await socket.close(1000)
        assert socket.close_code == 1000


async def test_text_that_is_no_text_closes_the_socket() -> None:
    async with dialled("/echo") as socket:
        await socket.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 1007


async def test_a_message_beyond_the_limit_closes_the_socket() -> None:
    async with dialled("/echo") as socket:
        with pytest.raises(ConnectionClosed):
            await socket.send("x" * (22 * 1024 * 1024))
            await socket.recv()
        assert socket.close_code == 1009


async def test_many_waiting_messages_are_all_read_by_a_slow_line() -> None:
    many = 4 * MOST_WAITING
    async with dialled("/slow") as socket:
        for _ in range(many):
            await socket.send("x")
        assert [await socket.recv() for _ in range(many)][-1] == str(many)


async def test_a_peer_that_stops_reading_is_given_up_when_it_answers_no_ping() -> None:
    async with running(application()) as address, connect(_url(address.url, "/flood"), proxy=None) as socket:
        socket.transport.pause_reading()
        assert await asyncio.wait_for(socket.loop.run_in_executor(None, FLOODED.get), 20) == "websocket.disconnect"
        socket.transport.abort()


async def test_a_line_that_reads_nothing_stops_its_peer_at_a_mebibyte() -> None:
    sent = 0

    async def talk(socket: ClientConnection) -> None:
        nonlocal sent
        for _ in range(64):
            await socket.send("x" * 1_000_000)
            sent += 1

    async with dialled("/deaf") as socket:
        talking = asyncio.create_task(talk(socket))
        await asyncio.sleep(0.5)
        assert sent < 64
        talking.cancel()
