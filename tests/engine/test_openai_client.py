"""The official `openai` client against the served engine."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from openai.types.realtime import RealtimeServerEvent

from huntgroup.engine.ports import CallTool, Said, Say, ToolResult
from tests.engine.doubles import Bench
from tests.engine.served import served

USER = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}


@asynccontextmanager
async def connected(bench: Bench) -> AsyncIterator[AsyncRealtimeConnection]:
    async with served(bench.engine) as address:
        base = f"http://{address}/v1"
        client = AsyncOpenAI(api_key="sk-anything", base_url=base, websocket_base_url=f"ws://{address}/v1")
        async with client, client.realtime.connect(model="gpt-realtime-2.1") as connection:
            yield connection


async def until(connection: AsyncRealtimeConnection, kind: str) -> list[RealtimeServerEvent]:
    events: list[RealtimeServerEvent] = []
    while not events or events[-1].type != kind:
        events.append(await asyncio.wait_for(connection.recv(), 5))
    return events


async def test_a_text_turn() -> None:
    async with connected(Bench([Say("Good"), Say("morning.")])) as connection:
        await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        await connection.conversation.item.create(item=USER)
        await connection.response.create()
        events = await until(connection, "response.done")
        assert events[0].session.model == "gpt-realtime-2.1"
        assert "".join(e.delta for e in events if e.type == "response.output_text.delta") == "Good morning."
        assert events[-1].response.usage.total_tokens > 0


async def test_an_audio_turn_with_push_to_talk() -> None:
    bench = Bench([Say("Good morning.")])
    async with connected(bench) as connection:
        silent = {"input": {"turn_detection": None, "transcription": {"model": "whisper-1"}}}
        await connection.session.update(session={"type": "realtime", "audio": silent})
        await connection.input_audio_buffer.append(audio=base64.b64encode(bytes(48 * 500)).decode())
        await connection.input_audio_buffer.commit()
        await connection.response.create()
        events = await until(connection, "response.done")
        heard = b"".join(base64.b64decode(e.delta) for e in events if e.type == "response.output_audio.delta")
        assert len(heard) == 13 * 50 // 20 * 960
        written = [e for e in events if e.type == "conversation.item.input_audio_transcription.completed"]
        assert [e.transcript for e in written] == ["push to talk"]
        assert bench.mind.thoughts[0].history == [Said("user", "push to talk")]


async def test_a_tool_call_and_its_answer() -> None:
    bench = Bench([CallTool("look_up", '{"name": "Ada"}')], [Say("Found.")])
    tool = {"type": "function", "name": "look_up", "description": "d", "parameters": {"type": "object"}}
    async with connected(bench) as connection:
        await connection.session.update(session={"type": "realtime", "tools": [tool]})
        await connection.conversation.item.create(item=USER)
        await connection.response.create()
        events = await until(connection, "response.done")
        call = next(e for e in events if e.type == "response.function_call_arguments.done")
        answer = {"type": "function_call_output", "call_id": call.call_id, "output": "42"}
        await connection.conversation.item.create(item=answer)
        await connection.response.create()
        await until(connection, "response.done")
        assert bench.mind.thoughts[1].history[-1] == ToolResult(call.call_id, "42")


async def test_truncation() -> None:
    bench = Bench([Say("One two three.")], [Say("Hi.")])
    async with connected(bench) as connection:
        await connection.response.create()
        done = (await until(connection, "response.done"))[-1]
        item_id = done.response.output[0].id
        await connection.conversation.item.truncate(item_id=item_id, content_index=0, audio_end_ms=400)
        assert (await until(connection, "conversation.item.truncated"))[-1].audio_end_ms == 400
        await connection.response.create()
        await until(connection, "response.done")
        assert bench.mind.thoughts[1].history == [Said("assistant", "One two")]


async def test_cancelling() -> None:
    bench = Bench([Say("A long story.")])
    bench.voice.gate.clear()
    async with connected(bench) as connection:
        await connection.response.create()
        await until(connection, "response.output_audio_transcript.delta")
        await connection.response.cancel()
        done = (await until(connection, "response.done"))[-1]
        assert (done.response.status, done.response.status_details.reason) == ("cancelled", "client_cancelled")


async def test_out_of_band() -> None:
    async with connected(Bench([Say("angry")])) as connection:
        asked = {
            "conversation": "none",
            "metadata": {"topic": "mood"},
            "output_modalities": ["text"],
            "input": [USER],
        }
        await connection.response.create(response=asked)
        done = (await until(connection, "response.done"))[-1].response
        assert (done.metadata, done.conversation_id) == ({"topic": "mood"}, None)
        assert done.output[0].content[0].text == "angry"


async def test_client_secrets() -> None:
    bench = Bench()
    async with served(bench.engine) as address:
        client = AsyncOpenAI(
            api_key="sk-anything", base_url=f"http://{address}/v1", websocket_base_url=f"ws://{address}/v1"
        )
        session = {"type": "realtime", "instructions": "Be kind.", "model": "gpt-realtime-2.1"}
        secret = await client.realtime.client_secrets.create(session=session, expires_after={"seconds": 60})
        assert secret.value.startswith("ek_")
        assert secret.session.instructions == "Be kind."
        browser = AsyncOpenAI(
            api_key=secret.value, base_url=f"http://{address}/v1", websocket_base_url=f"ws://{address}/v1"
        )
        async with client, browser, browser.realtime.connect(model="gpt-realtime-2.1") as connection:
            assert (await connection.recv()).session.instructions == "Be kind."
