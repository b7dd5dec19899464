"""A call to the clinic, held by text: real team, real tools on a real database, the real mind; no ears, no voices."""

import asyncio

from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain.facts import Fact
from huntgroup.engine.understanding import Understanding
from huntgroup.offline import text_engine
from huntgroup.storage.base import Database
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.recorded_voice import RecordedVoice
from huntgroup.testing.scenario import Scenario, Step
from huntgroup.testing.text_caller import TextCallerModel
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.verticals.healthcare import arrange
from huntgroup.verticals.healthcare.team import TEAM

from .conftest import NOW

CALL_MS = 60_000
QUIET_MS = 800


class TextCall:
    """`async with TextCall(understanding, database) as call: await call.say(...)`; then `call.facts`."""

    def __init__(self, understanding: Understanding, database: Database, caller: str | None = "+15855550142") -> None:
        self._database = database
        self.clock = VirtualClock(NOW)
        self.line = LoopbackLine(self.clock)
        self.model = TextCallerModel(text_engine(understanding, RecordedVoice(()), self.clock))
        around = Surroundings(model=self.model, clock=self.clock, resources={Database: database})
        self.session = CallSession(around, TEAM, self.line, caller=caller)

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.session.log.facts

    async def __aenter__(self) -> "TextCall":
        self._running = asyncio.create_task(self.session.run())
        await self.quiet()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.caller_hangs_up()
        while not self._running.done():
            await self._tick()

    async def say(self, text: str) -> None:
        """Say something and hear the answer to its end."""
        await self.interrupt(text)
        await self.quiet()

    async def interrupt(self, text: str) -> None:
        """Say something, whoever speaks."""
        self.model.session.starts()
        await self.pass_ms(600)
        self.model.session.says(text)

    async def pass_ms(self, ms: int) -> None:
        for _ in range(ms // 20):
            await self._tick()

    async def quiet(self) -> None:
        """Let time pass until nothing was heard or done for a while."""
        quiet_ms = 0
        for _ in range(CALL_MS // 20):
            await self._tick()
            quiet = not self.line.is_playing and not self.model.owes
            quiet_ms = quiet_ms + 20 if quiet else 0
            if quiet_ms >= QUIET_MS or self._running.done():
                return

    async def play(self, scenario: Scenario) -> None:
        """Do what a scenario's caller does, as far as the call lasts."""
        for step in scenario.steps:
            if self._running.done():
                return
            await self._do(step)
        await self.quiet()

    async def _do(self, step: Step) -> None:
        if step.say is not None:
            await self.say(step.say)
        elif step.barge_in is not None:
            # The answer before it was heard to its end by `say`; it is the next words that are cut.
            await self.interrupt("Pardon?")
            await self.pass_ms(step.barge_in.after_ms)
            await self.say(step.barge_in.say)
        elif step.wait_ms is not None:
            await self.pass_ms(step.wait_ms)
        elif step.press is not None:
            self.line.press(step.press)
            await self.pass_ms(1_600)
            await self.quiet()
        elif step.hang_up:
            self.line.caller_hangs_up()
        for hook, arguments in (step.arrange or {}).items():
            await getattr(arrange, hook)(self._database, NOW, **arguments)

    async def _tick(self) -> None:
        # The database works in real time: while a tool runs, the call's time must not run away from it.
        await self.clock.advance(20)
        if self.model.owes:
            await asyncio.sleep(0.004)
