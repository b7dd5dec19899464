"""The mind of a chat-completions server, against a small one of our own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from huntgroup.engine.ports import CallTool, Said, Say, Thought, ToolResult, ToolUse
from huntgroup.engine.understanding import ChatMind
from tests.engine.understanding.garage import workshop
from tests.engine.understanding.talk import NOW

Pieces = list[str]


def delta(**body: Any) -> str:
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": body}]}) + "\n\n"


@asynccontextmanager
async def chat_server(pieces: Pieces, status: str = "200 OK") -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
    """Answers every request with the pieces, one write each, and keeps the request bodies."""
    asked: list[dict[str, Any]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split("\r\n")[0])
        asked.append(json.loads(await reader.readexactly(length)))
        writer.write(f"HTTP/1.1 {status}\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".encode())
        for piece in pieces:
            writer.write(piece.encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", asked


def thought(*history: Any, **more: Any) -> Thought:
    return Thought("Be kind.", None, workshop(), "auto", history or (Said("user", "Hello"),), NOW, **more)


async def think(url: str, request: Thought, key: str | None = None) -> tuple[list[Say | CallTool], ChatMind]:
    async with httpx.AsyncClient() as client:
        mind = ChatMind(client, url, "some-model", key)
        return [a async for a in mind.think(request)], mind


async def test_sentences_come_as_they_are_complete() -> None:
    pieces = [
        delta(content="Good mor"),
        delta(content="ning, Dr. Chen. How"),
        delta(content=" are you?"),
        "data: [DONE]\n\n",
    ]
    async with chat_server(pieces) as (url, asked):
        acts, _ = await think(url, thought())
    assert acts == [Say("Good morning, Dr. Chen."), Say("How are you?")]
    assert asked[0]["messages"][0] == {"role": "system", "content": "Be kind."}
    assert asked[0]["tools"][0]["function"]["name"] == "find_customer"


async def test_tool_calls_are_joined_from_their_pieces() -> None:
    call = [
        delta(tool_calls=[{"index": 0, "id": "x", "function": {"name": "get_opening_hours", "arguments": ""}}]),
        delta(tool_calls=[{"index": 0, "function": {"arguments": '{"a":'}}]),
        delta(tool_calls=[{"index": 0, "function": {"arguments": " 1}"}}]),
    ]
    async with chat_server([*call, "data: [DONE]\n\n"]) as (url, _):
        acts, _ = await think(url, thought())
    assert acts == [CallTool("get_opening_hours", '{"a": 1}')]


async def test_tools_that_the_session_does_not_have_are_dropped() -> None:
    call = delta(tool_calls=[{"index": 0, "function": {"name": "rm_rf", "arguments": "{}"}}])
    async with chat_server([call]) as (url, _):
        assert (await think(url, thought()))[0] == []


async def test_the_history_is_mapped_with_its_tools() -> None:
    history = (
        Said("user", "Open?"),
        ToolUse("c1", "get_opening_hours", "{}"),
        ToolResult("c1", "eight"),
        Said("assistant", "At eight."),
    )
    async with chat_server([delta(content="Yes.")]) as (url, asked):
        await think(url, thought(*history))
    assert [m["role"] for m in asked[0]["messages"]] == ["system", "user", "assistant", "tool", "assistant"]
    assert asked[0]["messages"][3] == {"role": "tool", "tool_call_id": "c1", "content": "eight"}


Break = Callable[[], tuple[Pieces, str]]


@pytest.mark.parametrize(
    ("pieces", "status", "code"),
    [
        ([], "500 Internal Server Error", "http_500"),
        ([], "401 Unauthorized", "http_401"),
        (["data: {rubbish\n\n"], "200 OK", "connection"),
        (['data: {"error": {"message": "overloaded"}}\n\n'], "200 OK", "connection"),
    ],
)
async def test_failures_are_said_and_named(pieces: Pieces, status: str, code: str) -> None:
    async with chat_server(pieces, status) as (url, _):
        acts, mind = await think(url, thought())
    assert [type(a) for a in acts] == [Say]
    assert mind.trouble is not None
    assert mind.trouble.code == code


async def test_a_server_that_is_not_there_is_said_and_named() -> None:
    acts, mind = await think("http://127.0.0.1:9/v1", thought())
    assert len(acts) == 1
    assert mind.trouble is not None
    assert mind.trouble.code == "connection"
