"""Pipecat's Twilio transport and OpenAI Realtime service in one pipeline, built from its public API.

Runs in an environment of its own. Its service speaks PCM16 with the model only. Pipecat has no handoff; a function that
changes instructions and tools of the running session stands for one.
"""

from __future__ import annotations

import argparse
import json
import sys

import uvicorn
from fastapi import FastAPI, Response, WebSocket
from loguru import logger
from pipecat.adapters.llm.schemas.function_schema import FunctionSchema
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema
from pipecat.frames.frames import LLMRunFrame, LLMUpdateSettingsFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.openai.realtime.events import (
    AudioConfiguration,
    AudioInput,
    SemanticTurnDetection,
    SessionProperties,
)
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

from benchmarks.media.servers.common import options, twiml

INSTRUCTIONS = "You answer the phone of a small clinic. " * 40
TOOLS = ToolsSchema(
    standard_tools=[
        FunctionSchema(
            name="look_up",
            description="Look up what is free.",
            properties={"number": {"type": "integer"}},
            required=["number"],
        ),
        FunctionSchema(name="transfer_to_next", description="Give the call away.", properties={}, required=[]),
    ]
)


async def look_up(params: FunctionCallParams) -> None:
    """The same answer as the other teams' tool gives."""
    number = params.arguments["number"]
    message = f"Number {number} is free on Tuesday at three."
    await params.result_callback({"ok": True, "message": message, "slots": list(range(8))})


async def transfer(params: FunctionCallParams) -> None:
    """Change who the agent is, then let it speak."""
    delta = OpenAIRealtimeLLMService.Settings(system_instruction=f"booking: {INSTRUCTIONS}{params.tool_call_id}")
    await params.llm.queue_frame(LLMUpdateSettingsFrame(delta=delta))
    await params.result_callback({"ok": True})


async def hold(socket: WebSocket, given: argparse.Namespace) -> None:
    """One call."""
    await socket.receive_text()
    start = json.loads(await socket.receive_text())["start"]
    serializer = TwilioFrameSerializer(
        stream_sid=start["streamSid"],
        call_sid=start["callSid"],
        params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
    )
    transport = FastAPIWebsocketTransport(
        websocket=socket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer
        ),
    )
    properties = SessionProperties(
        audio=AudioConfiguration(input=AudioInput(turn_detection=SemanticTurnDetection())), tools=TOOLS
    )
    llm = OpenAIRealtimeLLMService(
        api_key="none",
        base_url=given.model,
        settings=OpenAIRealtimeLLMService.Settings(
            system_instruction=f"reception: {INSTRUCTIONS}", session_properties=properties
        ),
    )
    llm.register_function("look_up", look_up)
    llm.register_function("transfer_to_next", transfer)
    aggregators = LLMContextAggregatorPair(LLMContext(tools=TOOLS))
    pipeline = Pipeline([transport.input(), aggregators.user(), llm, transport.output(), aggregators.assistant()])
    worker = PipelineWorker(pipeline, params=PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000))

    @transport.event_handler("on_client_connected")
    async def connected(transport: object, client: object) -> None:
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def disconnected(transport: object, client: object) -> None:
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def application(given: argparse.Namespace) -> FastAPI:
    """The whole server."""
    app = FastAPI()

    @app.post("/twilio/voice/bench")
    async def voice() -> Response:
        return twiml(given.port)

    @app.websocket("/media")
    async def media(socket: WebSocket) -> None:
        await socket.accept()
        await hold(socket, given)

    return app


if __name__ == "__main__":
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    _given = options()
    uvicorn.run(application(_given), host="127.0.0.1", port=_given.port, log_level="warning")
