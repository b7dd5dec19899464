"""A house with a parrot in it: answers every call with a tone, and every utterance with another."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from agents.realtime import RealtimeAgent

from huntgroup.calls.onlookers.following import Follower, Followers
from huntgroup.calls.ports import Line, LineAudio, LineDtmf, LineEnded, LineEvent, LineMark
from huntgroup.calls.processes.orphancalls import NoResumption
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.domain.facts import Fact
from huntgroup.domain.record import end_of
from huntgroup.media import g711, levels
from huntgroup.media.formats import PCM16_8K, PCMU_8K
from huntgroup.media.transcode import transcode
from huntgroup.server.app import create_app
from huntgroup.server.serve import running
from huntgroup.settings import Settings
from huntgroup.teams import Team
from huntgroup.testing.memory_callbacks import MemoryCallbacks
from huntgroup.testing.memory_intercom import MemoryIntercom, MemoryLiveCalls
from huntgroup.testing.memory_store import MemoryCallStore


def tone(ms: int, hz: int = 440, rate_hz: int = 8000) -> bytes:
    """PCM16."""
    t = np.arange(rate_hz * ms // 1000) / rate_hz
    return (np.sin(2 * np.pi * hz * t) * 8000).astype("<i2").tobytes()


GREETING = g711.pcm16_to_ulaw(tone(600))
ANSWER = g711.pcm16_to_ulaw(tone(1000, 600))
END_OF_TURN_FRAMES = 10


class DummyHouse:
    """`House`. Keys: `#` hangs up, `9` raises. Talking over an answer clears it.

    `verdicts` says what comes of taking a call over; otherwise the record in `store` does.
    """

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.teams = {
            name: Team(name=name, first="polly", agents=[RealtimeAgent(name="polly")])
            for name in ("parrot", "<odd&name>")
        }
        self.followers = Followers()
        self.store = MemoryCallStore()
        self.callbacks = MemoryCallbacks()
        self.room = True
        self.others_live = False
        self.verdicts: dict[str, Resumption | NoResumption] = {}
        self.resumed: list[str] = []
        self.given_back: list[str] = []
        self.claimed: list[str] = []
        self.moves: list[str] = []
        self.told_to_drain = False
        self._leaving: dict[str, asyncio.Event] = {}
        self.engine = None
        self.intercom, self.live_calls = MemoryIntercom(), MemoryLiveCalls()
        self.web_key = b"of all houses"
        self.vendor = None
        self.parts: dict[str, Any] = {"database": True}
        self.calls: list[tuple[str, str, str | None, str | None]] = []
        self.events: list[LineEvent] = []
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
        self._loud = self._quiet = 0

    @property
    def desk(self) -> Any:
        """The desk's part of a house is played by the double itself, in the subclasses that have one."""
        return self

    def ready(self) -> dict[str, Any]:
        return self.parts

    async def answer(
        self,
        line: Line,
        team: str,
        call_id: str,
        caller: str | None,
        callee: str | None,
        *,
        longest_ms: int | None = None,
    ) -> str | None:
        self.longest_ms = longest_ms
        self.calls.append((team, call_id, caller, callee))
        self.begun.set()
        leaving = self._leaving[call_id] = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as tasks:
                pump = tasks.create_task(line.pump())
                talk = tasks.create_task(self._talk(line))
                leave = tasks.create_task(leaving.wait())
                await asyncio.wait({talk, leave}, return_when=asyncio.FIRST_COMPLETED)
                if not talk.done():
                    talk.cancel()
                    await line.hang_up()
                for task in (leave, pump):
                    task.cancel()
        finally:
            self.over.set()
        return "moved" if leaving.is_set() else "caller_hung_up"

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        if self.store.away:
            return "later"
        if call_id in self.verdicts:
            return self.verdicts[call_id]
        record = await self.store.facts(call_id)
        return "ended" if end_of(record) is not None else "unknown"

    async def resume(self, line: Line, resumption: Resumption, *, longest_ms: int | None = None) -> str | None:
        state = resumption.state
        self.resumed.append(state.call_id)
        return await self.answer(line, state.team, state.call_id, state.caller, state.callee, longest_ms=longest_ms)

    async def claim(self, call_id: str) -> bool:
        self.claimed.append(call_id)
        return True

    async def give_back(self, resumption: Resumption) -> None:
        self.given_back.append(resumption.state.call_id)

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        return self.followers.add(call_id, follower)

    def facts_of(self, call_id: str) -> list[Fact]:
        return []

    def hand(self, call_id: str) -> None:
        return None

    def has_room(self) -> bool:
        return self.room

    async def drain(self) -> None:
        self.told_to_drain = True

    async def others(self) -> bool:
        return self.others_live

    async def move(self, call_id: str, patience_ms: int, *, because: str = "draining") -> None:
        self.moves.append(call_id)
        self._leaving[call_id].set()

    @property
    def ended(self) -> LineEnded:
        ended = self.events[-1]
        assert isinstance(ended, LineEnded)
        return ended

    async def _talk(self, line: Line) -> None:
        line.play(transcode(GREETING, PCMU_8K, line.format))
        line.mark("greeting")
        while True:
            event = await line.receive()
            self.events.append(event)
            if isinstance(event, LineEnded):
                return
            if isinstance(event, LineAudio):
                self._hear(line, event.audio)
            elif isinstance(event, LineDtmf):
                await self._pressed(line, event.digit)
            elif isinstance(event, LineMark) and event.name == "answer":
                self._loud = 0

    def _hear(self, line: Line, audio: bytes) -> None:
        if not levels.is_quiet(transcode(audio, line.format, PCM16_8K)):
            self._loud += 1
            self._quiet = 0
            if self._loud == 3:
                line.clear()
            return
        self._quiet += 1
        if self._loud >= 3 and self._quiet == END_OF_TURN_FRAMES:
            self._loud = 0
            line.play(transcode(ANSWER, PCMU_8K, line.format))
            line.mark("answer")

    async def _pressed(self, line: Line, digit: str) -> None:
        if digit == "9":
            raise ValueError("+12025550143 said something private")
        if digit == "#":
            line.play(transcode(GREETING, PCMU_8K, line.format))
            await line.hang_up()


@asynccontextmanager
async def served(house: DummyHouse, **options: Any):  # type: ignore[no-untyped-def]
    """The house on a real socket; yields its address."""
    async with running(create_app(house, **options)) as address:  # type: ignore[arg-type]
        yield address.url
