"""A whole call on a virtual clock: loopback line, real engine session with scripted ear, voice and mind."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from huntgroup.calls.ports import HousePhrases
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.domain.facts import Fact
from huntgroup.domain.progress import HeardListener
from huntgroup.engine.model import OfflineModel
from huntgroup.engine.ports import CallTool, Say
from huntgroup.teams import Team
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from tests.calls.meddling import Judge, MeddlingModel
from tests.engine.doubles import Answer, Bench

F = TypeVar("F", bound=Fact)


class CallDesk:
    """`async with CallDesk(team, answers...)`: the call is answered and the opener has been heard.

    `judge` decides about each event that the call sends to its model. The engine ends a session after `session_s`; the
    call believes `told_limit_s` when that is given.
    """

    def __init__(
        self,
        team: Team,
        *answers: Answer,
        resources: dict[type, object] | None = None,
        passthrough: bool = False,
        judge: Judge | None = None,
        session_s: float = 3600.0,
        told_limit_s: float | None = None,
        phrases: HousePhrases | None = None,
        on_heard: HeardListener = lambda heard: None,
    ) -> None:
        self.clock = VirtualClock()
        self.engine = Bench(*answers, clock=self.clock, max_session_s=session_s)
        self.line = LoopbackLine(self.clock)
        offline = OfflineModel(self.engine.engine)
        if told_limit_s is not None:
            offline.profile = replace(offline.profile, session_limit_ms=int(told_limit_s * 1000))
        self.model = MeddlingModel(offline, judge or (lambda event: None))
        around = Surroundings(
            model=self.model,
            clock=self.clock,
            resources=resources or {},
            passthrough=passthrough,
            phrases=phrases or NoPhrases(),
            hearer=lambda call_id: on_heard,
        )
        self.session = CallSession(around, team, self.line, caller="+15550100", callee="+15550199")
        self._running: asyncio.Task[str] | None = None

    async def __aenter__(self) -> "CallDesk":
        self._running = asyncio.create_task(self.session.run())
        await self.quiet()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.caller_hangs_up()
        await self.over()

    async def over(self, limit_ms: int = 60_000) -> str:
        """Let time pass until the call has ended; returns the reason."""
        assert self._running is not None
        for _ in range(limit_ms // 100):
            if self._running.done():
                break
            await self.clock.advance(100)
        return await asyncio.wait_for(self._running, 5)

    async def pass_ms(self, ms: int) -> None:
        for _ in range(ms // 20):
            await self.clock.advance(20)

    async def quiet(self, limit_ms: int = 20_000) -> None:
        """Let time pass until nothing was heard for 300 ms."""
        quiet_ms = 0
        for _ in range(limit_ms // 20):
            before = len(self.line.heard)
            await self.clock.advance(20)
            quiet_ms = quiet_ms + 20 if len(self.line.heard) == before else 0
            if quiet_ms >= 300:
                return

    async def until(self, holds: Callable[[], bool], limit_ms: int = 30_000) -> None:
        """Let time pass until something holds; threads of the engine get their share of real time."""
        for _ in range(limit_ms // 20):
            if holds():
                return
            await asyncio.sleep(0.002)
            await self.clock.advance(20)
        raise AssertionError("it did not come to that")

    async def speak(self, text: str) -> None:
        """Start and finish a turn now, without waiting for the answer."""
        now_ms = self.line.now_ms()
        self.engine.ear.start(max(0, now_ms - 500))
        await self.clock.settle()
        self.engine.ear.stop(now_ms)
        self.engine.ear.hear(text)
        await self.clock.settle()

    async def say(self, text: str) -> None:
        """Say something and hear the answer to its end."""
        await self.speak(text)
        await self.quiet()

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]

    def types(self) -> list[str]:
        return [type(fact).__name__ for fact in self.session.log.facts]

    @property
    def spoken(self) -> list[str]:
        return [text for text, _, _ in self.engine.voice.spoken]


def say(text: str) -> list[Say | CallTool]:
    return [Say(text)]


def use(name: str, arguments: str = "{}") -> list[Say | CallTool]:
    return [CallTool(name, arguments)]
