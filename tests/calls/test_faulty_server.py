"""Whatever a server does to a handoff, model, dispatcher, record and trace agree on who has the call."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import structs

from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.teams import SilencePolicy
from huntgroup.testing import scripted_events as make
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.faulty_server import FaultyServer, agent_of
from tests.calls.scripted import ScriptedCall, tool_call
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


class CoarseLine(LoopbackLine):
    """Exchanges five frames at once, so that minutes take few turns of the loop."""

    async def pump(self) -> None:
        while not self.hung_up_by_call:
            await self._clock.sleep_ms(100)
            for _ in range(5):
                if self._ended is None:
                    self._tick()
            if self._ended is not None:
                return


class Watched:
    """A call on a faulty server; after every event that it has dealt with, everybody is asked who has the call."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.line = CoarseLine(self.clock)
        self.server = FaultyServer(self.check, self.line.now_ms)
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
            asked_ms = self.server.handoffs.get(spoke.response_id)
            if asked_ms is not None and spoke.start_ms is not None:
                taken = [move.t_ms for move in moves if move.to_agent == spoke.agent]
                assert any(asked_ms <= at_ms <= spoke.start_ms for at_ms in taken)
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
        await self.pass_ms(45_000, 500)

    async def pass_ms(self, ms: int, step_ms: int = 100) -> None:
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


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # to shrink calls of minutes takes longer than a test may
    suppress_health_check=[HealthCheck.too_slow],
)
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
    outputs = list(call.server.outputs.values())
    assert len(outputs) == len(set(outputs))


async def begin(call: ScriptedCall) -> None:
    """Let the desk transfer the call; the server owes its verdict."""
    await call.says("Why?")
    call.undecided = True
    await call.push(*call.reply(tool_call("transfer_to_expert", '{"question": "why?"}')))


async def test_while_the_server_may_stand_on_the_receiver_every_response_says_who_speaks() -> None:
    async with ScriptedCall() as call:
        await begin(call)
        await call.pass_ms(3_100)
        await call.answer("Never heard.")
        config = call.asks[-1].response
        assert call.reasons[-1] == "rollback desk"
        assert isinstance(config, rt.ResponseConfig)
        assert str(config.instructions).startswith("You are the desk.")
        assert "transfer_to_expert" in {tool.name for tool in config.tools if isinstance(tool, rt.FunctionToolSpec)}
        await call.accept()
        await call.answer("Sorry.")
        await call.says("And?")
        assert call.asks[-1].response.instructions is rt.UNSET


async def test_no_transfer_begins_while_the_last_one_is_being_undone() -> None:
    async with ScriptedCall() as call:
        await begin(call)
        await call.pass_ms(3_100)
        await call.answer("Never heard.")
        await call.use("transfer_to_expert", '{"question": "why?"}')
        assert [refused.reason for refused in call.of(facts.HandoffRefused)] == ["busy"]
        await call.accept()
        await call.use("transfer_to_expert", '{"question": "why?"}')
        assert len(call.of(facts.HandoffCommitted)) == 1


async def test_a_turn_after_the_receivers_answer_waits_for_the_verdict() -> None:
    async with ScriptedCall() as call:
        await begin(call)
        await call.answer("Because.")
        await call.says("And?")
        assert call.reasons[-1] == "handoff expert"
        await call.accept()
        assert call.reasons[-1] == "turn expert"


async def test_a_late_word_of_the_server_on_the_old_owner_commits_nothing() -> None:
    async with ScriptedCall() as call:
        old = rt.SessionUpdated(session=structs.replace(call.model.config))
        await begin(call)
        await call.push(old, old)
        assert not call.of(facts.HandoffCommitted)
        await call.accept()
        assert len(call.of(facts.HandoffCommitted)) == 1


async def test_a_server_that_takes_the_receiver_after_the_rollback_is_put_back() -> None:
    async with ScriptedCall() as call:
        await begin(call)
        late = call.acceptance()
        call.undecided = True
        await call.pass_ms(3_100)
        await call.push(*late)
        restored = call.model.sent_of(rt.SessionUpdate)[-1]
        assert str(restored.session.instructions).startswith("You are the desk.")
        await call.accept()
        assert call.session.desk is not None
        assert call.session.desk.certain
        assert not call.of(facts.HandoffCommitted)


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
