"""Whatever a server does to a handoff, model, dispatcher, record and trace agree on who has the call."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.teams import SilencePolicy
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.faulty_server import FaultyServer, agent_of
from tests.calls.teams import TEAM

PATIENT = SilencePolicy(reprompt_ms=10**9)
HOUSE = replace(TEAM, silence=PATIENT, consults=(), hop_limit=10**6, loop_limit=10**6, max_call_ms=10**9)

UPDATES = st.lists(st.sampled_from(["ok", "reject", "swallow"]), max_size=4)
REPLIES = st.lists(st.sampled_from(["transfer", "transfer", "tool", "speak"]), max_size=6)
DROPS = st.dictionaries(
    st.sampled_from([rt.SessionUpdated, rt.ResponseCreated, rt.ResponseDone, rt.Error]), st.integers(1, 2), max_size=2
)
STEPS = st.lists(st.sampled_from(["turn", "turn", "stall", "let_go", "wait", "twice", "key"]), min_size=2, max_size=12)

OF_A_RESPONSE = ("text", "response_id", "tool_call_id")
"""Fields of the facts that belong to the agent of a response, whoever has the call since."""


class Watched:
    """A call on a faulty server; after every event that it has dealt with, everybody is asked who has the call."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.line = LoopbackLine(self.clock)
        self.server = FaultyServer(self.check)
        self.session = CallSession(Surroundings(model=self.server, clock=self.clock), HOUSE, self.line)

    def of(self, kind: type[facts.FactBase]) -> list:  # type: ignore[type-arg]
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]

    def check(self) -> None:
        desk = self.session.desk
        if desk is None:
            return
        owner = desk.live.owner
        moves = self.of(facts.HandoffCommitted)
        assert owner == desk.live.toolset.agent == (moves[-1].to_agent if moves else HOUSE.first)
        last = self.session.log.facts[-1]
        assert last.agent in {owner, None} or any(hasattr(last, name) for name in OF_A_RESPONSE)
        if desk.certain:
            assert agent_of(str(self.server.config.instructions)) == owner
        for spoke in self.of(facts.AgentSpoke):
            assert spoke.agent == self.server.spoke_for[spoke.response_id]
        for called in self.of(facts.ToolCalled):
            assert called.agent == self.server.made_call[called.tool_call_id]
        for span in self.session.tracer.trace_summary():
            if span["kind"] == "response":
                assert span["attributes"]["agent"] in {"desk", "expert"}

    async def settle(self) -> None:
        """The server behaves from here on; let all be put right."""
        faults = self.server.faults
        faults.updates.clear()
        faults.replies.clear()
        faults.dropped.clear()
        faults.twice = False
        self.server.let_go()
        await self.pass_ms(60_000, 250)

    async def pass_ms(self, ms: int, step_ms: int = 20) -> None:
        for _ in range(ms // step_ms):
            await self.clock.advance(step_ms)

    async def do(self, step: str) -> None:
        match step:
            case "turn":
                self.server.push(*make.caller_says("Why?"))
            case "stall":
                self.server.faults.stalled = True
            case "let_go":
                self.server.let_go()
            case "twice":
                self.server.faults.twice = not self.server.faults.twice
            case "wait":
                await self.pass_ms(3_200, 100)
            case "key":
                self.line.press("1#")
        await self.pass_ms(200)


async def watched(work: Callable[[Watched], object]) -> Watched:
    call = Watched()
    running = asyncio.create_task(call.session.run())
    await call.pass_ms(400)
    done = work(call)
    if asyncio.iscoroutine(done):
        await done
    call.line.caller_hangs_up()
    await call.pass_ms(3_000, 100)
    await asyncio.wait_for(running, 5)
    return call


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(updates=UPDATES, replies=REPLIES, drops=DROPS, steps=STEPS)
def test_everybody_agrees_who_has_the_call(
    updates: list[str], replies: list[str], drops: dict[type, int], steps: list[str]
) -> None:
    async def play(call: Watched) -> None:
        call.server.faults.updates.extend(updates)
        call.server.faults.replies.extend(replies)
        call.server.faults.dropped = dict(drops)
        for step in steps:
            await call.do(step)
        await call.settle()
        assert call.session.desk is not None
        assert call.session.desk.certain
        before = len(call.of(facts.AgentSpoke))
        await call.do("turn")
        assert len(call.of(facts.AgentSpoke)) > before

    call = asyncio.run(watched(play))
    answered = [fact.tool_call_id for fact in call.of(facts.ToolAnswered)]
    assert sorted(answered) == sorted(fact.tool_call_id for fact in call.of(facts.ToolCalled))
    assert len(call.server.outputs) == len(set(call.server.outputs))


@pytest.mark.parametrize("steps", [["turn"], ["stall", "turn", "let_go"], ["stall", "turn", "wait"]])
async def test_a_socket_that_dies_in_a_handoff_leaves_the_call_with_the_giver(steps: list[str]) -> None:
    async def play(call: Watched) -> None:
        call.server.faults.updates.append("swallow")
        call.server.faults.replies.append("transfer")
        for step in steps:
            await call.do(step)
        call.server.lose()
        await call.pass_ms(100)

    call = await watched(play)
    assert call.of(facts.CallEnded)[0].reason == "caller_hung_up"
    assert not call.of(facts.HandoffCommitted)
    assert len(call.of(facts.HandoffRolledBack)) == len(call.of(facts.HandoffProposed))
