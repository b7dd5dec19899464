"""The server's side of a call from the page, played by a script: real sockets and sound, a team that follows cues.

Cues in typed words: `refill` runs a tool and hands the call to the clinical agent; `long` makes a long answer. Words by
voice count as `refill`. The key `#` ends the call.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect

from huntgroup.domain import facts
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.facts import FOR_THE_CALLER
from huntgroup.media import levels
from huntgroup.rtc import Peer
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.routes import pages, web
from huntgroup.server.webcalls import Visit, WebRefused
from huntgroup.wire import live
from tests.server.dummy_house import DummyHouse, tone

FRAME_BYTES = 960
LOUD_FRAMES = 8
QUIET_FRAMES = 15
HEARD = len("It is a long")
AGENTS = [live.AgentCard(name="front_desk", title="Front desk"), live.AgentCard(name="clinical", title="Clinical")]
EDGES = [live.EdgeCard(giver="front_desk", receiver="clinical")]
GREETING = "Lakeside Family Health, how can I help you?"


class ScriptedCall:
    """One call on whatever carries it: `send` is where messages go at the moment."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.agent = "front_desk"
        self.heard: list[dict[str, Any]] = []
        self.sent: list[str] = []
        self.returns = -1
        self.peer: Peer | None = None
        self.queued = bytearray()
        self.cuts: list[str] = []
        self.typed: list[str] = []
        self._speaking = self._words = ""
        self._seq = self._loud = self._quiet = 0

    # -- what carries it --------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """A way to the page is open: say hello, and all that was said so far."""
        self.returns += 1
        earlier, self.sent = self.sent, []
        self._send(
            live.Hello(
                call_id=self.visit.call_id,
                team="parrot",
                title="Parrot",
                agents=AGENTS,
                edges=EDGES,
                agent=self.agent,
                token=self.visit.token,
                expires_in_s=600,
            )
        )
        for message in earlier:
            self.deliver(message)
        self.sent += earlier
        if not earlier:
            self._answer(GREETING, 1500)

    def deliver(self, message: str) -> None:
        if self.peer is not None:
            self.peer.say(message)

    def take(self, message: dict[str, Any]) -> None:
        """A message of the page."""
        self.heard.append(message)
        kind = message["type"]
        if kind == "say":
            self._typed(**message)
        elif kind == "transfer":
            self._hand_over(message["agent"])
        elif kind == "interrupt":
            self._cut("by_hand")
        elif kind == "bye" or message == {"type": "key", "digit": "#"}:
            self._send(live.Ended(reason="caller_hung_up"))

    # -- peer events ------------------------------------------------------------------------------------------------

    def peer_opened(self, peer: Peer) -> None:
        self.opened()

    def peer_pressed(self, peer: Peer, key: str) -> None:
        self.take({"type": "key", "digit": key})

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        self.take(json.loads(message))

    def peer_gone(self, peer: Peer) -> None:
        self.peer = None if self.peer is peer else self.peer

    async def run(self, peer: Peer) -> None:
        """Exchange sound until another peer has its place."""
        self.peer = peer
        while self.peer is peer:
            peer.play(bytes(self.queued[:FRAME_BYTES]).ljust(FRAME_BYTES, b"\0"))
            del self.queued[:FRAME_BYTES]
            frame = peer.take()
            if frame is not None and peer.can_say:
                self._hear(frame)
            await asyncio.sleep(0.02)
        await peer.close()

    # -- the script -------------------------------------------------------------------------------------------------

    def _hear(self, frame: bytes) -> None:
        if levels.is_quiet(frame):
            self._quiet += 1
            if self._quiet == QUIET_FRAMES and self._loud >= LOUD_FRAMES:
                self._turn("I need a refill.")
            self._loud = 0 if self._quiet >= QUIET_FRAMES else self._loud
            return
        self._quiet, self._loud = 0, self._loud + 1
        if self._loud == LOUD_FRAMES:
            self._cut("speech")

    def _typed(self, text: str, id: str, **_: str) -> None:
        """Words with an id are one turn, and on record at once."""
        if id not in self.typed:
            self.typed.append(id)
            self._turn(text, f"typed_{id}")
        self._send(live.Kept(id=id))

    def _turn(self, text: str, item: str = "") -> None:
        item = item or self._item()
        self._fact(facts.CallerSpoke, turn=1, item_id=item, text=text, start_ms=0, end_ms=900)
        self._caption("caller", text, item)
        self._send(live.Latency(turn=1, ms=640))
        if "refill" in text:
            self._use_a_tool()
            self._hand_over("clinical")
        else:
            self._answer("It is a long story, and I will tell you all of it.", 20_000 if "long" in text else 800)

    def _use_a_tool(self) -> None:
        self._fact(
            facts.ToolAnswered,
            tool="lookup_patient",
            tool_call_id=self.start_a_tool(),
            output="Mary Miller is verified.",
            ok=True,
            error=None,
            duration_ms=31,
        )

    def start_a_tool(self) -> str:
        """A tool that runs until it is answered."""
        call = self._item()
        arguments = {"name": "Mary Miller", "birth_date": "1980-01-02"}
        self._fact(
            facts.ToolCalled, turn=1, tool="lookup_patient", tool_call_id=call, arguments=arguments, effect="read"
        )
        return call

    def start_to_hand_over(self, to: str) -> None:
        """A handoff that is under way."""
        self._fact(facts.HandoffProposed, from_agent=self.agent, to_agent=to, tool_call_id=None)

    def _hand_over(self, to: str) -> None:
        giver = self.agent
        self.start_to_hand_over(to)
        self.agent = to
        self._fact(
            facts.HandoffCommitted,
            from_agent=giver,
            to_agent=to,
            tool_call_id=None,
            brief={},
            opener="silent",
            voice="keep",
            apply_ms=12,
        )
        self._answer("I see your prescription here.", 1200)
        self._fact(facts.HandoffHeard, from_agent=giver, to_agent=to, gap_ms=180)

    def _answer(self, text: str, ms: int) -> None:
        self._speaking, self._words = self._item(), text
        self.queued += tone(ms, 500 if self.agent == "front_desk" else 800, 24_000)
        self._caption("agent", text, self._speaking, final=False)

    def _cut(self, cause: str) -> None:
        if not self.queued:
            return
        self.queued.clear()
        self.cuts.append(cause)
        item = self._speaking
        self._fact(facts.Interrupted, response_id="r", item_id=item, heard_ms=400, generated_ms=20_000, cause=cause)
        self._caption("agent", self._words[:HEARD], item)

    def _caption(self, speaker: live.Speaker, text: str, item: str, *, final: bool = True) -> None:
        agent = self.agent if speaker == "agent" else None
        self._send(live.Caption(speaker=speaker, text=text, utterance=item, turn=1, final=final, agent=agent))

    def _fact(self, kind: type[Any], **fields: Any) -> None:
        fact = kind(call_id=self.visit.call_id, seq=self._seq, t_ms=0, agent=self.agent, **fields)
        self._seq += 1
        self._send(live.fact_noted(fact, FOR_THE_CALLER))

    def _send(self, message: live.FromServer) -> None:
        text = live.encode(message).decode()
        if not isinstance(message, live.Hello):
            self.sent.append(text)
        self.deliver(text)

    def _item(self) -> str:
        self._seq += 1
        return f"item_{self._seq}"


class Exchange:
    """The server that a page talks to. `app` serves it; `calls` are those that were opened, in order."""

    def __init__(self, **settings: Any) -> None:
        self.calls: list[ScriptedCall] = []
        self.away = False
        self._by_token: dict[str, ScriptedCall] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.app = FastAPI()
        self.app.state.desk = self.desk = FrontDesk(DummyHouse(**settings), SystemClock())  # type: ignore[arg-type]
        self.app.include_router(pages.router)
        self.app.include_router(web.router)
        self.app.add_api_route("/webrtc/offer", self._offer, methods=["POST"])
        self.app.add_api_websocket_route("/chat/{team}", self._chat)

    async def lose(self) -> None:
        """The connections of all calls break; while `away`, nobody comes back."""
        for call in self.calls:
            if call.peer is not None:
                peer, call.peer = call.peer, None
                await peer.close()

    async def close(self) -> None:
        """End what runs."""
        await self.lose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _offer(self, request: Request) -> Response:
        said = await request.json()
        try:
            if self.away:
                return Response(status_code=502)
            call = self._call(said["token"])
        except WebRefused as refused:
            return web.refusal(refused)
        peer = Peer(call)
        answer = await peer.answer(said["sdp"])
        task = asyncio.create_task(call.run(peer))
        self._tasks.add(task)
        return web.json_response({"sdp": answer, "type": "answer"})

    async def _chat(self, socket: WebSocket, team: str) -> None:
        call = self._call(socket.query_params["token"])
        await socket.accept()
        outbox: asyncio.Queue[str] = asyncio.Queue()
        call.deliver = outbox.put_nowait  # type: ignore[method-assign]
        call.opened()
        with contextlib.suppress(WebSocketDisconnect):
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(_forward(outbox, socket))
                try:
                    while True:
                        call.take(await socket.receive_json())
                except WebSocketDisconnect:
                    sending.cancel()

    def _call(self, token: str) -> ScriptedCall:
        if token not in self._by_token:
            self._by_token[token] = ScriptedCall(self.desk.web.find(token, "parrot"))
            self.calls.append(self._by_token[token])
        return self._by_token[token]


async def _forward(outbox: asyncio.Queue[str], socket: WebSocket) -> None:
    while True:
        await socket.send_text(await outbox.get())


def speech_like(ms: int, rate_hz: int = 48_000) -> bytes:
    """PCM16 that noise suppression takes for a voice: harmonics of a wandering pitch in syllables."""
    t = np.arange(rate_hz * ms // 1000) / rate_hz
    phase = 2 * np.pi * (130 * t + 8 * np.sin(2 * np.pi * 1.3 * t))
    voice = sum(np.sin(n * phase) / n for n in range(1, 16))
    return (voice * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)) * 7000).astype("<i2").tobytes()


def silent_wav(path: Path, ms: int = 2000, rate_hz: int = 48_000) -> Path:
    """A microphone that hears nothing."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(bytes(2 * rate_hz * ms // 1000))
    return path
