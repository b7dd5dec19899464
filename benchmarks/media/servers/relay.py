"""A bare relay with no features: sound from Twilio to the model and back, on the same stack as ours."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.media.servers.common import options, twiml
from huntgroup.media.formats import PCM16_24K, PCMU_8K
from huntgroup.media.transcode import Transcoder


class _Media(msgspec.Struct, gc=False):
    payload: str


class _Start(msgspec.Struct, gc=False, rename="camel"):
    stream_sid: str


class _FromCaller(msgspec.Struct, gc=False):
    event: str
    media: _Media | None = None
    start: _Start | None = None


class _FromModel(msgspec.Struct, gc=False):
    type: str
    delta: str = ""


class _Sound(msgspec.Struct, gc=False):
    """The same message with its sound decoded, for the variant that converts."""

    delta: bytes


class _Payload(msgspec.Struct, gc=False):
    payload: bytes


class _Frame(msgspec.Struct, gc=False):
    media: _Payload


class _Append(msgspec.Struct, gc=False):
    audio: bytes
    type: str = "input_audio_buffer.append"


_from_caller = msgspec.json.Decoder(_FromCaller).decode
_from_model = msgspec.json.Decoder(_FromModel).decode
_frame = msgspec.json.Decoder(_Frame).decode
_sound = msgspec.json.Decoder(_Sound).decode
_encode = msgspec.json.Encoder().encode


class Relay:
    """One call."""

    def __init__(self, caller: WebSocket, model: ClientConnection, *, passthrough: bool) -> None:
        self._caller, self._model, self._passthrough = caller, model, passthrough
        self._stream_sid = ""
        self._up, self._down = Transcoder(PCMU_8K, PCM16_24K), Transcoder(PCM16_24K, PCMU_8K)

    async def run(self) -> None:
        """Relay until either side is gone."""
        back = asyncio.create_task(self._backward())
        with contextlib.suppress(WebSocketDisconnect, ConnectionClosed):
            await self._forward()
        back.cancel()
        await asyncio.gather(back, return_exceptions=True)

    async def _forward(self) -> None:
        while True:
            text = await self._caller.receive_text()
            message = _from_caller(text)
            if message.event == "media" and message.media is not None:
                if self._passthrough:
                    await self._model.send(
                        '{"type":"input_audio_buffer.append","audio":"' + message.media.payload + '"}'
                    )
                else:
                    pcm = self._up.push(_frame(text).media.payload)
                    await self._model.send(_encode(_Append(pcm)), text=True)
            elif message.event == "start" and message.start is not None:
                self._stream_sid = message.start.stream_sid
            elif message.event == "stop":
                return

    async def _backward(self) -> None:
        async for data in self._model:
            message = _from_model(data)
            if message.type == "response.output_audio.delta":
                sound = message.delta
                if not self._passthrough:
                    ulaw = self._down.push(_sound(data).delta)
                    sound = msgspec.json.decode(_encode(ulaw))
                await self._caller.send_text(
                    '{"event":"media","streamSid":"' + self._stream_sid + '","media":{"payload":"' + sound + '"}}'
                )
            elif message.type == "input_audio_buffer.speech_started":
                await self._caller.send_text('{"event":"clear","streamSid":"' + self._stream_sid + '"}')


def application(given: argparse.Namespace) -> Starlette:
    """The whole server."""
    spec = {"type": "audio/pcmu"} if given.audio == "pcmu" else {"type": "audio/pcm", "rate": 24000}
    audio = {"input": {"format": spec}, "output": {"format": spec}}
    update = _encode({"type": "session.update", "session": {"type": "realtime", "audio": audio}})

    async def media(caller: WebSocket) -> None:
        await caller.accept()
        async with connect(given.model, compression=None, max_size=None) as model:
            await model.send(update, text=True)
            await Relay(caller, model, passthrough=given.audio == "pcmu").run()

    async def voice(request: Request) -> Response:
        return twiml(given.port)

    return Starlette(routes=[Route("/twilio/voice/bench", voice, methods=["POST"]), WebSocketRoute("/media", media)])


if __name__ == "__main__":
    _given = options()
    uvicorn.run(
        application(_given), host="127.0.0.1", port=_given.port, log_level="warning", ws_per_message_deflate=False
    )
