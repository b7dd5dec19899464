"""Models for the figures of handoffs: one that answers at once, and the offline engine with a mind that hands over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any, Protocol

import msgspec

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.ids import new_id
from huntgroup.engine.model import OfflineEngine, OfflineModel
from huntgroup.engine.ports import (
    CallTool,
    EarEvent,
    EarOptions,
    Expects,
    Heard,
    Said,
    Say,
    SpeechStarted,
    SpeechStopped,
    Thought,
    Voice,
)
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt

SOUND = b"\x10\x10" * 24 * 100
TURN_MS = 200


class Answering(Protocol):
    """A `RealtimeModel` whose caller asks to be handed over when he is told to."""

    profile: Profile
    transactions_ms: list[float]

    def open(self) -> Any: ...

    def caller_asks(self, now_ms: int) -> None:
        """Let the caller ask, in a turn that ends now."""


class FastModel:
    """Answers every event `away_ms` after it was sent: a turn with the transfer that there is, all else with sound.

    `transactions_ms` is how long the call took from each transfer's tool call to the request for the receiver's reply.
    """

    def __init__(self, away_ms: int = 0) -> None:
        self.profile = Profile(name="fast", model="fast")
        self.away_ms = away_ms
        self.transactions_ms: list[float] = []
        self.called_at = 0.0
        self._hearing: FastSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        yield FastSession(self)

    def fed(self, session: FastSession) -> None:
        """Note which session hears the caller."""
        self._hearing = session

    def caller_asks(self, now_ms: int) -> None:
        """Let the caller ask, in a turn that ends now."""
        if self._hearing is not None:
            end_ms = self._hearing.fed_ms
            self._hearing.push(*make.caller_says("Hand me over.", start_ms=max(0, end_ms - TURN_MS), end_ms=end_ms))


class FastSession:
    """One session of it."""

    def __init__(self, model: FastModel) -> None:
        self.profile = model.profile
        self.fed_ms = 0
        self._model = model
        self._config = rt.EffectiveSession(id=new_id("sess"), object="realtime.session", model="fast")
        self._out: asyncio.Queue[tuple[float, rt.ServerEvent]] = asyncio.Queue()
        self.push(rt.SessionCreated(session=self._config))

    def send(self, event: rt.ClientEvent) -> None:
        """Answer at once."""
        match event:
            case rt.InputAudioBufferAppend():
                self.fed_ms += len(event.audio) // 48
                self._model.fed(self)
            case rt.ResponseCreate():
                self._respond(event)
            case _:
                self.push(*make.usual_answer(self._config, event))

    async def receive(self) -> rt.ServerEvent:
        """Return the next event."""
        due, event = await self._out.get()
        if due > perf_counter():
            await asyncio.sleep(due - perf_counter())
        made = event.response.output or [] if isinstance(event, rt.ResponseDone) else []
        if any(isinstance(item, rt.FunctionCallItem) for item in made):
            self._model.called_at = perf_counter()
        return event

    def push(self, *events: rt.ServerEvent) -> None:
        """Say this."""
        due = perf_counter() + self._model.away_ms / 1000
        for event in events:
            self._out.put_nowait((due, event))

    def _respond(self, event: rt.ResponseCreate) -> None:
        asked = event.response
        metadata = asked.metadata if isinstance(asked, rt.ResponseConfig) else None
        about = metadata if isinstance(metadata, dict) else None
        if about is not None and about.get("reason") == "handoff":
            self._model.transactions_ms.append((perf_counter() - self._model.called_at) * 1000)
        tools = self._config.tools if isinstance(self._config.tools, list) else []
        if about is not None and about.get("reason") == "turn":
            name = str(msgspec.to_builtins(tools[-1])["name"])
            item: rt.Item = rt.FunctionCallItem(id=new_id("item"), name=name, arguments="{}", call_id=new_id("fc"))
            self.push(*make.response([(item, b"")], metadata=about))
        else:
            self.push(*make.response([make.spoken("Here I am.", SOUND)], metadata=about))


class EngineModel(OfflineModel):
    """The offline engine's sessions and voices; the ear hears when it is told to, and the mind hands over."""

    def __init__(self, voice: Voice) -> None:
        self._ears: list[ToldEar] = []
        self.transactions_ms: list[float] = []
        engine = OfflineEngine(make_ear=self._new_ear, make_mind=GivingMind, voice=voice, clock=SystemClock())
        super().__init__(engine)

    def caller_asks(self, now_ms: int) -> None:
        """Let the caller ask, in a turn that ends now."""
        max(self._ears, key=lambda ear: ear.fed_at).hear("Hand me over.")

    def _new_ear(self) -> ToldEar:
        self._ears.append(ToldEar())
        return self._ears[-1]


class ToldEar:
    """`Ear` that hears what it is told, at the end of what it was fed."""

    def __init__(self) -> None:
        self.fed_at = 0
        self._fed_ms = 0
        self._events: asyncio.Queue[EarEvent] = asyncio.Queue()

    def hear(self, text: str) -> None:
        """Hear a turn that ends now."""
        start_ms, end_ms = max(0, self._fed_ms - TURN_MS), self._fed_ms
        for event in (SpeechStarted(start_ms), SpeechStopped(end_ms), Heard(text, "en", 1.0, start_ms, end_ms)):
            self._events.put_nowait(event)

    def feed(self, pcm16: bytes) -> None:
        """Count what comes in."""
        self._fed_ms += len(pcm16) // 32
        self.fed_at = SystemClock().now_ms()

    def configure(self, options: EarOptions) -> None:
        """Hear as before."""

    async def receive(self) -> EarEvent:
        """Return the next event."""
        return await self._events.get()

    async def transcribe(self, pcm16: bytes) -> Heard:
        """Understand nothing of what is committed by hand."""
        return Heard("", "en", 0.0, 0, 0)

    async def close(self) -> None:
        """There is nothing to stop."""


class GivingMind:
    """`Mind` that answers a caller with the transfer that there is, and all else with three words."""

    expects: Expects | None = None

    async def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        """Hand over, or say something."""
        last = request.history[-1] if request.history else None
        if isinstance(last, Said) and last.role == "user" and request.response_instructions is None:
            yield CallTool(str(request.tools[-1]["name"]), "{}")
        else:
            yield Say("Here I am.")
