"""Real sockets: the model's server goes away in mid-sentence and another takes the call, or it comes back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.domain.clock import SystemClock
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.engine.ports import Said
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.failover import FailoverModel
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.testing.loopback_line import LoopbackLine
from tests.calls.broken import HummedPhrases
from tests.calls.desk import say
from tests.calls.teams import TEAM
from tests.engine.doubles import Bench
from tests.engine.served import served

STORY = "This is a story that takes ten seconds to tell, " * 4


class Rerouted:
    """`RealtimeModel` at whatever address there is; without one the server is down."""

    profile = Profile(name="openai", model="any")

    def __init__(self) -> None:
        self.address: str | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        if self.address is None:
            raise ModelUnavailable("unreachable")
        async with OpenAIRealtimeModel(Endpoint(url=f"ws://{self.address}/v1/realtime")).open() as session:
            yield session


class LiveCall:
    """A call on the machine's own clock."""

    def __init__(self, model: RealtimeModel) -> None:
        self.line = LoopbackLine(SystemClock())
        around = Surroundings(model=model, clock=SystemClock(), phrases=HummedPhrases())
        self.session = CallSession(around, TEAM, self.line)

    async def __aenter__(self) -> "LiveCall":
        self._running = asyncio.create_task(self.session.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.line.caller_hangs_up()
        await asyncio.wait_for(self._running, 20)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110 - facts are told to nobody here
                await asyncio.sleep(0.02)

    def of(self, kind: type[facts.FactBase]) -> list:  # type: ignore[type-arg]
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]

    def heard(self) -> list[str]:
        return [spoke.heard_text for spoke in self.of(facts.AgentSpoke)]


async def test_a_server_that_stops_in_mid_sentence_loses_the_call_to_the_second_backend() -> None:
    first, second = Bench(say(STORY)), Bench(say("And so on."))
    primary = Rerouted()
    async with served(second.engine) as other, AsyncExitStack() as running:
        primary.address = await running.enter_async_context(served(first.engine))
        spare = OpenAIRealtimeModel(Endpoint(url=f"ws://{other}/v1/realtime"))
        async with LiveCall(FailoverModel([primary, spare], SystemClock())) as call:
            await call.until(lambda: len(call.line.heard) > 8 * 500)
            primary.address = None
            await running.aclose()
            await call.until(lambda: bool(call.of(facts.ModelRestored)))
            call.line.press("1#")
            await call.until(lambda: "And so on." in call.heard())
            assert call.of(facts.ModelRestored)[0].verdict == "restored"
            assert Said("user", "1") in second.mind.thoughts[-1].history


async def test_a_server_that_comes_back_has_the_call_again() -> None:
    primary = Rerouted()
    async with LiveCall(FailoverModel([primary], SystemClock())) as call:
        async with served(Bench(say("Hello.")).engine) as address:
            primary.address = address
            await call.until(lambda: "Hello." in call.heard())
            primary.address = None
        await call.until(lambda: bool(call.of(facts.ModelLost)))
        call.line.press("1#")
        await call.until(lambda: "One moment, please." in call.heard())
        async with served(Bench(say("Here I am again.")).engine) as address:
            primary.address = address
            await call.until(lambda: "Here I am again." in call.heard())
            assert call.of(facts.ModelRestored)[-1].attempts > 1
