"""The scripted Realtime model: a process that plays the protocol's server side to whoever connects.

`python -m benchmarks.media.model`: prints its port as JSON, then serves until its standard input ends. A WebSocket at
`/control` steers it: each session that was configured is told as `{"sessions": N}`; `go` starts the conversations,
`stop` ends them and is answered with everything that was measured here.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import msgspec

from benchmarks.media import events
from benchmarks.media.conversation import Conversation
from benchmarks.media.sockets import ServerSocket
from benchmarks.media.tags import SOUNDS, Ear, Sound


class ClientMessage(msgspec.Struct, gc=False):
    """What a client sends, as far as it matters here."""

    type: str
    audio: str = ""
    event_id: str | None = None
    session: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    item: dict[str, Any] | None = None
    item_id: str = ""
    content_index: int = 0
    audio_end_ms: int = 0


_decode = msgspec.json.Decoder(ClientMessage).decode


class Session:
    """One client's session: its settings, what it hears, and the conversation that it holds."""

    def __init__(self, socket: ServerSocket, model: ScriptedServer) -> None:
        self._socket = socket
        self._model = model
        self.settings: dict[str, Any] = {"model": "gpt-realtime-2.1", "output_modalities": ["audio"]}
        self.ear: Ear | None = None
        self.talk = Conversation(self)
        self.is_gone = False
        socket.on_frame = self._receive
        socket.on_closed = self._closed
        self.say(events.session("session.created", self.settings))

    def say(self, message: bytes) -> None:
        """Send one server event."""
        self._socket.send(message)

    @property
    def sound(self) -> Sound:
        """The format of the sound, both ways."""
        spec = (self.settings.get("audio") or {}).get("input", {}).get("format") or {}
        return SOUNDS["pcmu" if spec.get("type") == "audio/pcmu" else "pcm16"]

    @property
    def creates_responses(self) -> bool:
        """Whether turn detection answers by itself."""
        detection = (self.settings.get("audio") or {}).get("input", {}).get("turn_detection") or {}
        return bool(detection.get("create_response", True))

    @property
    def tools(self) -> list[str]:
        """Names of the tools that the agent has at the moment."""
        return [str(tool.get("name")) for tool in self.settings.get("tools") or []]

    def _receive(self, data: bytes) -> None:
        now = time.monotonic()
        message = _decode(data)
        if message.type == "input_audio_buffer.append":
            if self.ear is not None:
                self.ear.hear(message.audio, now)
        elif message.type == "session.update":
            self._update(message.session or {}, now)
        elif message.type == "response.create":
            self.talk.asked(message.response or {}, now)
        elif message.type == "conversation.item.create":
            self._create(message.item or {})
        elif message.type == "conversation.item.truncate":
            self.say(
                events.event(
                    "conversation.item.truncated",
                    item_id=message.item_id,
                    content_index=message.content_index,
                    audio_end_ms=message.audio_end_ms,
                )
            )
        elif message.type == "response.cancel":
            self.talk.cancel()

    def _update(self, changes: dict[str, Any], now: float) -> None:
        first = self.ear is None
        _merge(self.settings, changes)
        if first:
            self.ear = Ear(self.sound)
        self.talk.updated(now)
        self.say(events.session("session.updated", self.settings))
        if first:
            self._model.configured(self)

    def _create(self, item: dict[str, Any]) -> None:
        item = {"id": events.new_id("item"), "object": "realtime.item", "status": "completed", **item}
        self.say(events.event("conversation.item.added", previous_item_id=None, item=item))
        self.say(events.event("conversation.item.done", previous_item_id=None, item=item))

    def _closed(self) -> None:
        self.is_gone = True
        self.talk.stop()
        self._model.gone(self)


class ScriptedServer:
    """All sessions of one run, and the socket that steers them."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.sessions: list[Session] = []
        self.live = 0
        self._control: ServerSocket | None = None
        self._is_going = False

    def accept(self, socket: ServerSocket) -> None:
        """Take a new connection."""
        if socket.path.startswith("/control"):
            self._control = socket
            socket.on_frame = self._command
        else:
            Session(socket, self)

    def configured(self, session: Session) -> None:
        """A session has its settings: from here on it counts."""
        self.live += 1
        if self.script != "short":
            self.sessions.append(session)
            self._tell({"sessions": len(self.sessions)})
        if self._is_going or self.script == "short":
            session.talk.start(self.script, delay_s=0)

    def gone(self, session: Session) -> None:
        self.live -= 1

    def _command(self, data: bytes) -> None:
        if data == b"go":
            self._is_going = True
            for number, session in enumerate(self.sessions):
                session.talk.start(self.script, delay_s=number * 0.0731 % 4.0)
        elif data == b"stop":
            for session in self.sessions:
                session.talk.stop()
            self._tell({"logs": [log_of(session) for session in self.sessions]})

    def _tell(self, news: dict[str, Any]) -> None:
        if self._control is not None:
            self._control.send(json.dumps(news).encode())


def log_of(session: Session) -> dict[str, Any]:
    """What was measured in one session."""
    talk, ear = session.talk, session.ear
    return {
        "heard": {} if ear is None else {str(n): list(times) for n, times in ear.track.times.items()},
        "heard_ms": 0 if ear is None else ear.heard_ms,
        "spoken": {str(n): list(times) for n, times in talk.spoken.times.items()},
        "barge_ins": talk.barge_ins,
        "handoffs": talk.handoffs,
        "tools": talk.tools,
        "stalled": talk.stalled,
        "turns": talk.turns,
    }


def _merge(settings: dict[str, Any], changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(settings.get(name), dict):
            _merge(settings[name], value)
        else:
            settings[name] = value


async def main() -> None:
    """Serve until standard input ends."""
    server = ScriptedServer(sys.argv[1] if len(sys.argv) > 1 else "long")
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: ServerSocket(server.accept), "127.0.0.1", 0)
    print(json.dumps({"port": listening.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    listening.close()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
