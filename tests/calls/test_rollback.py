"""Handoffs that fail: the giver keeps the call, and says so."""

from huntgroup.domain import facts
from huntgroup.engine.ports import Said
from huntgroup.wire import realtime as rt
from tests.calls.desk import CallDesk, say, use
from tests.calls.meddling import Verdict
from tests.calls.teams import TEAM

TRANSFER = use("transfer_to_expert", '{"question": "why?"}')


class OnUpdate:
    """Gives the second session update, the one of the handoff, to `verdict`."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.updates = 0

    def __call__(self, event: rt.ClientEvent) -> Verdict:
        if not isinstance(event, rt.SessionUpdate):
            return None
        self.updates += 1
        return self.verdict if self.updates == 2 else None


def meddled(verdict: Verdict) -> CallDesk:
    answers = say("Hello."), TRANSFER, say("Never heard."), say("I'll help you myself."), say("Yes.")
    return CallDesk(TEAM, *answers, judge=OnUpdate(verdict))


async def test_a_rejected_update_rolls_back_and_the_receiver_was_never_heard() -> None:
    async with meddled("reject") as call:
        await call.say("Why?")
        await call.pass_ms(500)
        rolled = call.of(facts.HandoffRolledBack)[0]
        assert (rolled.to_agent, rolled.reason) == ("expert", "invalid_value")
        assert not call.of(facts.HandoffCommitted)
        heard = [(spoke.agent, spoke.heard_text) for spoke in call.of(facts.AgentSpoke)]
        assert ("desk", "I'll help you myself.") in heard
        assert not any(agent == "expert" for agent, _ in heard)


async def test_silence_past_the_deadline_rolls_back_and_restores_the_giver() -> None:
    async with meddled("swallow") as call:
        await call.speak("Why?")
        await call.pass_ms(6_000)
        assert call.of(facts.HandoffRolledBack)[0].reason == "deadline"
        assert call.of(facts.AgentSpoke)[-1].agent == "desk"
        assert call.engine.mind.thoughts[-1].instructions.startswith("You are the desk.")


async def test_a_model_lost_in_between_leaves_the_call_with_the_giver() -> None:
    async with meddled("lose") as call:
        await call.say("Why?")
    assert [rolled.reason for rolled in call.of(facts.HandoffRolledBack)] == ["model_lost"]
    assert not call.of(facts.HandoffCommitted)
    called = [tool.tool_call_id for tool in call.of(facts.ToolCalled)]
    assert [answer.tool_call_id for answer in call.of(facts.ToolAnswered)] == called
    assert [restored.verdict for restored in call.of(facts.ModelRestored)] == ["restored"]
    assert [(spoke.agent, spoke.turn) for spoke in call.of(facts.AgentSpoke)] == [("desk", 0), ("desk", 1)]


async def test_what_the_caller_says_during_the_swap_reaches_the_receiver() -> None:
    answers = say("Hello."), TRANSFER, say("Because."), say("And so.")
    async with CallDesk(TEAM, *answers, judge=OnUpdate("hold")) as call:
        await call.speak("Why?")
        assert call.types()[-1] == "ToolAnswered"
        await call.speak("And hurry.")
        assert not call.of(facts.HandoffCommitted)
        call.model.session.let_go()
        await call.quiet()
        said = [entry.text for entry in call.engine.mind.thoughts[-1].history if getattr(entry, "role", "") == "user"]
        assert said == ["Why?", "And hurry."]
        assert {spoke.agent for spoke in call.of(facts.AgentSpoke)[1:]} == {"expert"}


async def test_nothing_of_a_receiver_that_never_got_the_call_stays_in_the_models_memory() -> None:
    async with meddled("reject") as call:
        await call.say("Why?")
        await call.pass_ms(500)
        await call.say("And?")
        remembered = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert "I'll help you myself." in remembered
        assert "Never heard." not in remembered
