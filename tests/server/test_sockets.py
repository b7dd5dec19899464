"""The server's short way: an ordinary WebSocket to everybody, and a quick one to a line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from huntgroup.server.serve import running
from huntgroup.server.sockets import MOST_WAITING, MediaSocket, media_socket


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

    return app


@asynccontextmanager
async def dialled(path: str) -> AsyncIterator[ClientConnection]:
    async with (
        running(application()) as address,
        connect(address.url.replace("http", "ws", 1) + path, proxy=None) as socket,
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
