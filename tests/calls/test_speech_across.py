"""What the caller says while the call changes hands reaches one agent, once and whole."""

from dataclasses import replace
from typing import Any

import pytest

from huntgroup.domain import facts
from huntgroup.engine.ports import Said
from huntgroup.teams import SilencePolicy, Team, VoiceAgent, handoff
from tests.calls.desk import CallDesk, say, use
from tests.calls.meddling import Verdict
from tests.calls.teams import TEAM, Question, desk, expert
from tests.calls.test_rollback import OnUpdate

TRANSFER = use("transfer_to_expert", '{"question": "why?"}')
ANSWERS = [say("Hello."), TRANSFER, say("Because."), say("Because, and now."), say("Still here.")]


async def slowly(context: Any, agent: VoiceAgent) -> str:
    await context.context.clock.sleep_ms(1_000)
    return "You are the expert."


def office(policy: str, *, slow: bool = False) -> Team:
    edge = handoff(frm="desk", to="expert", description="Ask an expert.", brief=Question, policy=policy)
    receiver = replace(expert, sees=None, instructions=slowly if slow else expert.instructions)
    return replace(TEAM, agents=[desk, receiver], edges=[edge], consults=(), silence=SilencePolicy(reprompt_ms=10**9))


def said(call: CallDesk) -> list[str]:
    history = call.engine.mind.thoughts[-1].history
    return [entry.text for entry in history if isinstance(entry, Said) and entry.role == "user"]


async def start(call: CallDesk) -> int:
    at_ms = call.line.now_ms()
    call.engine.ear.start(max(0, at_ms - 200))
    await call.clock.settle()
    return at_ms


async def stop(call: CallDesk, text: str) -> None:
    call.engine.ear.stop(call.line.now_ms())
    call.engine.ear.hear(text)
    await call.clock.settle()


def answered_last(call: CallDesk) -> tuple[str | None, int]:
    """Who was heard after the last words of the caller, and how many times."""
    log = call.session.log.facts
    last = max(at for at, fact in enumerate(log) if isinstance(fact, facts.CallerSpoke))
    heard = [fact for fact in log[last:] if isinstance(fact, facts.AgentSpoke) and fact.heard_text]
    return (heard[0].agent if heard else None), len(heard)


@pytest.mark.parametrize("policy", ["full", "facts_only"])
async def test_speech_that_is_whole_within_the_preparation(policy: str) -> None:
    async with CallDesk(office(policy, slow=True), *ANSWERS) as call:
        await call.speak("Why?")
        await call.pass_ms(200)
        await call.speak("And hurry.")
        await call.pass_ms(4_000)
        assert said(call)[-1] == "And hurry."
        assert said(call).count("And hurry.") == 1
        assert answered_last(call) == ("expert", 1)


@pytest.mark.parametrize("policy", ["full", "last(2)", "facts_only"])
async def test_speech_that_begins_within_the_preparation_and_ends_after_the_commit(policy: str) -> None:
    async with CallDesk(office(policy, slow=True), *ANSWERS) as call:
        await call.speak("Why?")
        await start(call)
        await call.pass_ms(2_000)
        assert len(call.of(facts.HandoffCommitted)) == 1
        await stop(call, "And hurry.")
        await call.pass_ms(4_000)
        assert said(call)[-1] == "And hurry."
        assert answered_last(call) == ("expert", 1)


async def test_speech_that_begins_before_the_transfer_is_proposed() -> None:
    async with CallDesk(office("full"), *ANSWERS) as call:
        call.engine.ear.start(max(0, call.line.now_ms() - 500))
        call.engine.ear.stop(call.line.now_ms())
        call.engine.ear.hear("Why?")
        await start(call)
        await call.pass_ms(1_000)
        await stop(call, "And hurry.")
        await call.pass_ms(4_000)
        assert said(call)[:2] == ["Why?", "And hurry."]
        assert len([fact for fact in call.of(facts.CallerSpoke) if fact.text == "And hurry."]) == 1
        assert answered_last(call)[1] == 1


async def swap(call: CallDesk, verdict: Verdict, *, ends_within: bool) -> None:
    """The caller speaks between the update and its verdict, and ends before it or after it."""
    await call.speak("Why?")
    await start(call)
    await call.pass_ms(300)
    if ends_within:
        await stop(call, "And hurry.")
    if verdict == "hold":
        call.model.session.let_go()
    await call.pass_ms(4_000)
    if not ends_within:
        await stop(call, "And hurry.")
    await call.pass_ms(6_000)


@pytest.mark.parametrize("ends_within", [True, False])
async def test_speech_between_the_update_and_its_acceptance(ends_within: bool) -> None:
    async with CallDesk(office("full"), *ANSWERS, judge=OnUpdate("hold")) as call:
        await swap(call, "hold", ends_within=ends_within)
        assert said(call) == ["Why?", "And hurry."]
        assert answered_last(call) == ("expert", 1)


@pytest.mark.parametrize("ends_within", [True, False])
async def test_speech_across_a_rollback_reaches_the_giver_once(ends_within: bool) -> None:
    async with CallDesk(office("full"), *ANSWERS, judge=OnUpdate("swallow")) as call:
        await swap(call, "swallow", ends_within=ends_within)
        assert call.of(facts.HandoffRolledBack)[0].reason == "deadline"
        assert said(call)[:2] == ["Why?", "And hurry."]
        assert answered_last(call) == ("desk", 1)
