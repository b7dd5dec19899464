"""The Agents SDK's realtime session on a Twilio stream, built from its public API as its Twilio example describes.

Sound is collected (to 50 ms, unless told otherwise) before it goes to the session, and each piece of the agent's sound
is followed by a mark whose echo moves the playback tracker. Where the model takes PCM16 the bridge converts, for the
SDK has no converter.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import warnings
from typing import Any

import uvicorn
from agents.realtime import RealtimePlaybackTracker, RealtimeRunner, RealtimeSession
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect

from benchmarks.media.servers.common import options, twiml
from benchmarks.media.team import stock_team

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop


class Bridge:
    """One call."""

    def __init__(self, socket: WebSocket, given: argparse.Namespace) -> None:
        self._socket = socket
        self._given = given
        self._piece_bytes = 8 * given.piece_ms
        self._converts = given.audio == "pcm16"
        self._stream_sid = ""
        self._buffer = bytearray()
        self._marks: dict[str, tuple[str, int, bytes]] = {}
        self._count = 0
        self._up: Any = None
        self._down: Any = None
        self._tracker = RealtimePlaybackTracker()

    async def run(self) -> None:
        """Hold the call until its stream is over."""
        sound = "pcm16" if self._converts else "g711_ulaw"
        runner = RealtimeRunner(stock_team())
        session = await runner.run(
            model_config={
                "url": self._given.model,
                "api_key": "none",
                "playback_tracker": self._tracker,
                "initial_model_settings": {
                    "input_audio_format": sound,
                    "output_audio_format": sound,
                    "turn_detection": {"type": "semantic_vad", "interrupt_response": True, "create_response": True},
                },
            }
        )
        async with session:
            speaking = asyncio.create_task(self._speak(session))
            with contextlib.suppress(WebSocketDisconnect):
                await self._listen(session)
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _listen(self, session: RealtimeSession) -> None:
        while True:
            message = json.loads(await self._socket.receive_text())
            match message["event"]:
                case "media":
                    await self._hear(session, base64.b64decode(message["media"]["payload"]))
                case "mark":
                    self._played(message["mark"]["name"])
                case "start":
                    self._stream_sid = message["start"]["streamSid"]
                case "stop":
                    return

    async def _hear(self, session: RealtimeSession, ulaw: bytes) -> None:
        self._buffer += ulaw
        if len(self._buffer) < self._piece_bytes:
            return
        sound, self._buffer = bytes(self._buffer), bytearray()
        if self._converts:
            sound, self._up = audioop.ratecv(audioop.ulaw2lin(sound, 2), 2, 1, 8000, 24000, self._up)
        await session.send_audio(sound)

    async def _speak(self, session: RealtimeSession) -> None:
        async for event in session:
            if event.type == "audio":
                await self._play(event)
            elif event.type == "audio_interrupted":
                await self._say({"event": "clear"})

    async def _play(self, event: Any) -> None:
        sound = event.audio.data
        if self._converts:
            sound, self._down = audioop.ratecv(sound, 2, 1, 24000, 8000, self._down)
            sound = audioop.lin2ulaw(sound, 2)
        await self._say({"event": "media", "media": {"payload": base64.b64encode(sound).decode()}})
        self._count += 1
        name = str(self._count)
        self._marks[name] = (event.item_id, event.content_index, event.audio.data)
        await self._say({"event": "mark", "mark": {"name": name}})

    def _played(self, name: str) -> None:
        played = self._marks.pop(name, None)
        if played is not None:
            self._tracker.on_play_bytes(*played)

    async def _say(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps({**message, "streamSid": self._stream_sid}))


def application(given: argparse.Namespace) -> FastAPI:
    """The whole server."""
    app = FastAPI()

    @app.post("/twilio/voice/bench")
    async def voice() -> Response:
        return twiml(given.port)

    @app.websocket("/media")
    async def media(socket: WebSocket) -> None:
        await socket.accept()
        await Bridge(socket, given).run()

    return app


if __name__ == "__main__":
    _given = options()
    uvicorn.run(application(_given), host="127.0.0.1", port=_given.port, log_level="warning")
