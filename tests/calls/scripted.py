"""A call whose model the test plays by hand: event by event, on a virtual clock and a loopback line."""

import asyncio
from collections.abc import Sequence
from typing import TypeVar

from huntgroup.calls.ports import HousePhrases, Profile
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.facts import AgentSpoke, Fact
from huntgroup.domain.ids import new_id
from huntgroup.teams import Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.scripted_model import Rule, ScriptedModel, ScriptedSession
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.teams import TEAM

F = TypeVar("F", bound=Fact)
Part = tuple[rt.Item, bytes]

PCMU_BYTES_PER_MS = 8


def up_to(reply: Sequence[rt.ServerEvent], kind: type[rt.ServerEvent]) -> Sequence[rt.ServerEvent]:
    """Return the events of a reply up to the first of a kind."""
    return reply[: next(at for at, event in enumerate(reply) if isinstance(event, kind)) + 1]


class ScriptedCall:
    """`async with ScriptedCall(team)`: the call is answered, and the opener has been heard, if it is to be `opened`.

    Every `response.create` is kept in `asks` and answered by the test. While `undecided` is True the model says
    nothing about session updates; `accept` and `refuse` decide on the last one. `failures` fail the first openings.
    """

    def __init__(
        self,
        team: Team = TEAM,
        line_type: type[LoopbackLine] = LoopbackLine,
        *,
        phrases: HousePhrases | None = None,
        failures: Sequence[ModelUnavailable] = (),
        profile: Profile | None = None,
        opened: bool = True,
        standbys: Allowance | None = None,
    ) -> None:
        self.clock = VirtualClock()
        self.line = line_type(self.clock)
        self.asks: list[rt.ResponseCreate] = []
        self.undecided = False
        rules = Rule(lambda event: isinstance(event, rt.ResponseCreate), self._asked), Rule(self._kept, ())
        self._model = ScriptedModel(*rules, profile=profile)
        self._model.failures += failures
        self._opened = opened
        self.current: ScriptedSession | None = None
        around = Surroundings(
            model=self._model, clock=self.clock, phrases=phrases or NoPhrases(), standbys=standbys or Allowance(8)
        )
        self.session = CallSession(around, team, self.line)
        self._updates: list[rt.SessionUpdate] = []
        self._running: asyncio.Task[str] | None = None

    async def __aenter__(self) -> "ScriptedCall":
        self._running = asyncio.create_task(self.session.run())
        await self.clock.settle()
        if not self._opened:
            return self
        await self.answer("Hello.")
        await self.pass_ms(300)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.caller_hangs_up()
        await self.over()

    # -- the model ------------------------------------------------------------------------------------------------

    @property
    def model(self) -> ScriptedSession:
        """The session that the test plays: `current`, or the open one that was asked for something, or the last."""
        is_open = [session for session in self._model.sessions if not session.closed]
        asked = [session for session in is_open if session.sent_of(rt.ResponseCreate)]
        return self.current or next(reversed(asked or is_open or self._model.sessions))

    @property
    def sessions(self) -> list[ScriptedSession]:
        """All sessions that were opened."""
        return self._model.sessions

    @property
    def model_rules(self) -> list[Rule]:
        """What the model answers by itself; the first rule that matches counts."""
        return self._model.rules

    def fail(self, *failures: ModelUnavailable) -> None:
        """Let the next openings fail with these."""
        self._model.failures += failures

    async def lose(self, reason: str = "connection_lost") -> None:
        """Let the session that was opened last break."""
        self.model.end(reason)
        await self.clock.settle()

    @property
    def reasons(self) -> list[str]:
        """Why each response to the caller was asked for, and of whom: `turn desk`."""
        asked = [self._about(ask) for ask in self.asks]
        return [f"{about['reason']} {about['agent']}" for about in asked if "reason" in about]

    async def push(self, *events: rt.ServerEvent) -> None:
        """Let the model say this, and the call deal with it."""
        self.model.push(*events)
        await self.clock.settle()

    def reply(self, *parts: Part, ask: int = -1, status: str = "completed") -> list[rt.ServerEvent]:
        """Return all events of the response to an ask."""
        return make.response(list(parts), metadata=self._about(self.asks[ask]), status=status)

    async def answer(self, text: str, ms: int = 200, *, ask: int = -1) -> None:
        """Answer an ask with speech."""
        await self.push(*self.reply(speech(text, ms), ask=ask))

    async def use(self, name: str, arguments: str = "{}") -> None:
        """Answer the last ask with a tool call, and let it be served."""
        await self.push(*self.reply(tool_call(name, arguments)))
        await self.pass_ms(40)

    def acceptance(self) -> list[rt.ServerEvent]:
        """The verdict by which the last update holds."""
        self.undecided = False
        return make.usual_answer(self.model.config, self._updates[-1])

    async def accept(self) -> None:
        await self.push(*self.acceptance())

    async def refuse(self, code: str = "invalid_value") -> None:
        self.undecided = False
        await self.push(make.error(code, self._updates[-1].event_id))

    def _asked(self, event: rt.ClientEvent) -> Sequence[rt.ServerEvent]:
        assert isinstance(event, rt.ResponseCreate)
        self.asks.append(event)
        return []

    def _kept(self, event: rt.ClientEvent) -> bool:
        if isinstance(event, rt.SessionUpdate):
            self._updates.append(event)
        return isinstance(event, rt.SessionUpdate) and self.undecided

    def _about(self, ask: rt.ResponseCreate) -> dict[str, str | None]:
        assert isinstance(ask.response, rt.ResponseConfig)
        assert isinstance(ask.response.metadata, dict)
        return ask.response.metadata

    # -- the caller -----------------------------------------------------------------------------------------------

    async def says(self, text: str) -> None:
        """A whole turn of the caller."""
        await self.push(*make.caller_says(text))

    async def pass_ms(self, ms: int) -> None:
        for _ in range(ms // 20):
            await self.clock.advance(20)

    async def over(self, limit_ms: int = 150_000) -> str:
        """Let time pass until the call has ended; returns the reason."""
        assert self._running is not None
        for _ in range(limit_ms // 100):
            if self._running.done():
                break
            await self.clock.advance(100)
        return await asyncio.wait_for(self._running, 5)

    @property
    def is_over(self) -> bool:
        return self._running is not None and self._running.done()

    @property
    def heard_ms(self) -> int:
        """How much of the agents' sound the caller heard."""
        return len(self.line.heard) // PCMU_BYTES_PER_MS

    @property
    def conversation(self) -> list[tuple[str | None, str]]:
        """Who was heard saying what."""
        return [(spoke.agent, spoke.heard_text) for spoke in self.of(AgentSpoke) if spoke.heard_text]

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]


def speech(text: str, ms: int = 200) -> Part:
    """Words and `ms` of sound, as the model's PCM16 at 24 kHz."""
    return make.spoken(text, b"\x10\x10" * 24 * ms)


def tool_call(name: str, arguments: str = "{}") -> Part:
    item = rt.FunctionCallItem(id=new_id("item"), name=name, arguments=arguments, call_id=new_id("fc"))
    return item, b""
