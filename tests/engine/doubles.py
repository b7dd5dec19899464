"""An ear that hears what it is told, a voice that hums, and a mind with a script."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count
from typing import TypeVar

from huntgroup.domain.clock import Clock
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.ports import (
    CallTool,
    EarEvent,
    EarOptions,
    Expects,
    Heard,
    Mind,
    Say,
    SpeechStarted,
    SpeechStopped,
    Thought,
)
from huntgroup.engine.session import EngineSession
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt

MS_PER_LETTER = 50
_FEEDS = count(1)
E = TypeVar("E")
Step = Say | CallTool
Answer = Sequence[Step] | Callable[[Thought], Sequence[Step]]


class ScriptedEar:
    """`Ear`: the test calls `hear`; manual commits are transcribed as `manual`."""

    def __init__(self, manual: str = "push to talk") -> None:
        self.manual = manual
        self.fed = bytearray()
        self.fed_last = 0
        self.options: list[EarOptions] = []
        self.gone = asyncio.Event()
        self._events: asyncio.Queue[EarEvent] = asyncio.Queue()

    def start(self, at_ms: int) -> None:
        self._events.put_nowait(SpeechStarted(at_ms))

    def stop(self, at_ms: int) -> None:
        self._events.put_nowait(SpeechStopped(at_ms))

    def hear(self, text: str) -> None:
        self._events.put_nowait(Heard(text, "en", 0.9, 0, 0))

    def turn(self, text: str, start_ms: int = 500, end_ms: int = 1500) -> None:
        self.start(start_ms)
        self.stop(end_ms)
        self.hear(text)

    def feed(self, pcm16: bytes) -> None:
        self.fed += pcm16
        self.fed_last = next(_FEEDS)

    def configure(self, options: EarOptions) -> None:
        self.options.append(options)

    async def receive(self) -> EarEvent:
        return await self._events.get()

    async def transcribe(self, pcm16: bytes) -> Heard:
        return Heard(self.manual, "en", 0.9, 0, len(pcm16) // 32)

    async def close(self) -> None:
        self.gone.set()


class HummingVoice:
    """`Voice`: 50 ms of sound per letter in 20 ms chunks.

    While `gate` is cleared it makes no more; with `left` it has breath for so many chunks.
    """

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()
        self.spoken: list[tuple[str, str, float]] = []
        self.stopped = 0
        self.left: int | None = None

    def voices(self) -> Sequence[str]:
        return ("hum-1", "hum-2", "hum-3")

    async def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncIterator[bytes]:
        self.spoken.append((text, voice, speed))
        try:
            for _ in range(len(text) * MS_PER_LETTER // 20):
                await self.gate.wait()
                if self.left is not None:
                    self.left -= 1
                    if self.left < 0:
                        await asyncio.Event().wait()
                yield b"\x01\x00" * 480
        except GeneratorExit:
            self.stopped += 1
            raise


class ScriptedMind:
    """`Mind`: one answer per thought in order, then silence; keeps the thoughts."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.thoughts: list[Thought] = []
        self.expects: Expects | None = None

    async def think(self, request: Thought) -> AsyncIterator[Step]:
        self.thoughts.append(request)
        answer = self.answers.pop(0) if self.answers else []
        for step in answer(request) if callable(answer) else answer:
            yield step


class Bench:
    """A started session with its doubles, and what it sent so far."""

    def __init__(self, *answers: Answer, max_session_s: float = 3600.0, clock: Clock | None = None) -> None:
        self.ears: list[ScriptedEar] = []
        self.voice, self.mind = HummingVoice(), ScriptedMind(*answers)
        self.clock = clock or VirtualClock()
        self.make_mind: Callable[[], Mind] = lambda: self.mind
        self.engine = OfflineEngine(
            make_ear=self._new_ear,
            make_mind=lambda: self.make_mind(),
            voice=self.voice,
            clock=self.clock,
            max_session_s=max_session_s,
        )
        self.session: EngineSession = self.engine.new_session()
        self.events: list[rt.ServerEvent] = []

    @property
    def ear(self) -> ScriptedEar:
        """The ear that was fed last, or the one that was made last."""
        return max(reversed(self.ears), key=lambda ear: ear.fed_last)

    def _new_ear(self) -> ScriptedEar:
        self.ears.append(ScriptedEar())
        return self.ears[-1]

    async def __aenter__(self) -> "Bench":
        self.session.start()
        await self.until(rt.ConversationCreated)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    def send(self, *events: rt.ClientEvent) -> None:
        for event in events:
            self.session.send(event)

    async def next(self) -> rt.ServerEvent:
        event = await asyncio.wait_for(self.session.receive(), 5)
        self.events.append(event)
        return event

    async def until(self, kind: type[E]) -> E:
        while True:
            event = await self.next()
            if isinstance(event, kind):
                return event

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def types(self) -> list[str]:
        return [rt.event_type(event) for event in self.events]

    async def talk(self, text: str) -> rt.ResponseDone:
        """A user's text turn, to the end of its response."""
        self.send(user_says(text), rt.ResponseCreate())
        return await self.until(rt.ResponseDone)


def user_says(text: str, **more: str) -> rt.ConversationItemCreate:
    part = rt.ContentPart(type="input_text", text=text)
    return rt.ConversationItemCreate(item=rt.MessageItem(role="user", content=[part], **more))


def update(**fields: object) -> rt.SessionUpdate:
    return rt.SessionUpdate(session=rt.SessionConfig(**fields))  # type: ignore[arg-type]


def detection(value: rt.TurnDetection | None) -> rt.SessionUpdate:
    return update(audio=rt.AudioConfig(input=rt.InputAudioConfig(turn_detection=value)))


def sound(ms: int) -> rt.InputAudioBufferAppend:
    return rt.InputAudioBufferAppend(audio=b"\x00\x00" * 24 * ms)
