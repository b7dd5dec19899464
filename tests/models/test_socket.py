"""The client's short way: unusual servers, endings, and what nobody reads."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha1

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from huntgroup.models.openai_realtime import OpenAIRealtimeSession
from huntgroup.models.profiles import profile_of
from huntgroup.models.socket import MOST_WAITING, ShortWayConnection
from huntgroup.wire.realtime import InputAudioBufferAppend
from huntgroup.wire.websocket import text_frame

Handler = Callable[[ServerConnection], Awaitable[None]]
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)


@asynccontextmanager
async def connected(handler: Handler) -> AsyncIterator[ShortWayConnection]:
    async with serve(handler, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        address = f"ws://127.0.0.1:{port}"
        async with connect(address, compression=None, create_connection=ShortWayConnection, proxy=None) as socket:
            assert isinstance(socket, ShortWayConnection)
            yield socket


async def test_fragments_and_binary_messages_keep_their_place() -> None:
    async def speak(socket: ServerConnection) -> None:
        await socket.send("one")
        await socket.send(["t", "w", "o"])
        await socket.send(b"three")
        await socket.send("four")
        await socket.wait_closed()

    async with connected(speak) as socket:
        assert [await socket.next_message() for _ in range(4)] == [b"one", b"two", b"three", b"four"]


async def test_frames_that_come_with_the_handshake_are_not_lost() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        key = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")).split()[1]
        accept = b64encode(sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        whole = ANSWER % accept + text_frame(b"early") + text_frame(b"late")
        for piece in (whole[:20], whole[20:-3], whole[-3:]):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    socket = await connect(address, compression=None, create_connection=ShortWayConnection, proxy=None, close_timeout=0)
    assert isinstance(socket, ShortWayConnection)
    assert [await socket.next_message(), await socket.next_message()] == [b"early", b"late"]
    await socket.close()
    server.close()


async def test_a_refusal_comes_with_its_body() -> None:
    async with serve(lambda socket: socket.wait_closed(), "127.0.0.1", 0, process_request=_too_many) as server:
        address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(InvalidStatus) as caught:
            await connect(address, create_connection=ShortWayConnection, proxy=None)
    assert caught.value.response.body == b"too many"


def _too_many(socket: ServerConnection, request: object) -> object:
    return socket.respond(429, "too many")  # type: ignore[arg-type]


async def test_what_was_said_before_the_end_is_heard_first() -> None:
    async def leave(socket: ServerConnection) -> None:
        await socket.send("goodbye")
        await socket.close(1001)

    async with connected(leave) as socket:
        await socket.wait_closed()
        assert await socket.next_message() == b"goodbye"
        with pytest.raises(ConnectionClosed) as caught:
            await socket.next_message()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1001
        with pytest.raises(ConnectionClosed):
            socket.send_now(b"too late")


async def test_a_server_that_talks_without_end_is_stopped_and_goes_on() -> None:
    async def babble(socket: ServerConnection) -> None:
        for number in range(4 * MOST_WAITING):
            await socket.send(str(number))
        await socket.wait_closed()

    async with connected(babble) as socket:
        await asyncio.sleep(0.2)
        assert [await socket.next_message() for _ in range(4 * MOST_WAITING)][-1] == b"%d" % (4 * MOST_WAITING - 1)


async def test_unread_messages_do_not_hold_up_the_goodbye() -> None:
    async def babble(socket: ServerConnection) -> None:
        while True:
            await socket.send("x" * 1000)

    async with connected(babble) as socket:
        await asyncio.sleep(0.1)
        socket.stop_listening()
        await asyncio.wait_for(socket.close(), 5)


async def test_pings_are_answered_both_ways() -> None:
    answered: list[float] = []

    async def ping(socket: ServerConnection) -> None:
        answered.append(await (await socket.ping()))
        await socket.send("pinged")
        await socket.wait_closed()

    async with connected(ping) as socket:
        assert await socket.next_message() == b"pinged"
        await asyncio.wait_for(await socket.ping(), 5)
    assert len(answered) == 1


async def test_long_messages_that_nobody_reads_stop_the_server_at_a_mebibyte() -> None:
    sent = 0

    async def speak(socket: ServerConnection) -> None:
        nonlocal sent
        for _ in range(64):
            await socket.send("x" * 1_000_000)
            sent += 1
        await socket.wait_closed()

    async with connected(speak) as socket:
        await asyncio.sleep(0.5)
        assert sent < 64
        assert [len(await socket.next_message()) for _ in range(64)] == [1_000_000] * 64


async def test_a_server_that_stops_reading_does_not_hold_up_the_end() -> None:
    over = asyncio.Event()

    async def refuse_to_read(socket: ServerConnection) -> None:
        socket.transport.pause_reading()
        await over.wait()
        socket.transport.abort()

    async with serve(refuse_to_read, "127.0.0.1", 0, close_timeout=0) as server:
        address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        socket = await connect(address, compression=None, create_connection=ShortWayConnection, proxy=None)
        assert isinstance(socket, ShortWayConnection)
        session = OpenAIRealtimeSession(socket, profile_of("gpt-realtime"))
        while socket.unsent_bytes < 4 * 1024 * 1024:
            session.send(InputAudioBufferAppend(audio=bytes(500_000)))
        await asyncio.wait_for(session.close(), 8)
        await asyncio.wait_for(socket.wait_closed(), 1)
        over.set()
