"""Whatever a team's own code or a model's text does, the call goes on and the agent has its voice."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, InputGuardrail, OutputGuardrail, ToolInputGuardrail, function_tool
from agents.realtime import RealtimeAgentHooks

from huntgroup.domain import facts
from huntgroup.domain.errors import StoreUnavailable
from huntgroup.teams import GuardPolicy, Team, ToolContext, VoiceAgent, tool
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM, desk, expert

TRANSFER = "transfer_to_expert", '{"question": "why?"}'
SECRET = "the caller's secret 555-0142"


@tool(effect="read")
async def tuple_keys(ctx: ToolContext) -> dict[Any, Any]:
    """Answer what is no JSON."""
    return {("a", "b"): 1}


@tool(effect="read")
async def gives_up(ctx: ToolContext) -> dict[str, object]:
    """Cancel itself."""
    raise asyncio.CancelledError


@tool(effect="write")
async def unsaved(ctx: ToolContext) -> dict[str, object]:
    """Find no database."""
    raise StoreUnavailable("away")


@function_tool
async def stock(amount: int) -> str:
    """Fail as a stock tool does."""
    raise RuntimeError(SECRET)


async def broken_check(*_: object) -> GuardrailFunctionOutput:
    raise ValueError(SECRET)


@function_tool(tool_input_guardrails=[ToolInputGuardrail(broken_check)])  # type: ignore[arg-type]
async def guarded() -> str:
    """Never run."""
    return "done"


class Hooks(RealtimeAgentHooks):
    """One hook raises although it is no coroutine, the other never returns."""

    def __init__(self) -> None:
        self.given_up = asyncio.Event()

    def on_tool_start(self, context, agent, tool) -> None:  # type: ignore[no-untyped-def,override]
        raise RuntimeError(SECRET)

    async def on_tool_end(self, context, agent, tool, result) -> None:  # type: ignore[no-untyped-def]
        try:
            await asyncio.Event().wait()
        finally:
            self.given_up.set()


def team_with(desk_agent: VoiceAgent = desk, expert_agent: VoiceAgent = expert, deadline_ms: int = 3_000) -> Team:
    edges = [replace(edge, deadline_ms=deadline_ms) for edge in TEAM.edges]
    return replace(TEAM, agents=[desk_agent, expert_agent], edges=edges)


def told_by(instructions: object) -> VoiceAgent:
    return replace(expert, instructions=instructions)  # type: ignore[arg-type]


def broken(context: object, agent: object) -> str:
    raise RuntimeError(SECRET)


async def endless(context: object, agent: object) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("look", '{"what": ' + "1" * 5_000 + "}", "bad_arguments"),
        ("look", "[" * 5_000, "bad_arguments"),
        ("transfer_to_expert", "[" * 5_000, "bad_arguments"),
        ("consult_expert", "[" * 5_000, "bad_arguments"),
        ("tuple_keys", "{}", "tool_failed"),
        ("gives_up", "{}", "tool_failed"),
        ("unsaved", "{}", "not_saved"),
        ("stock", '{"amount": 5}', "tool_failed"),
        ("guarded", "{}", "blocked"),
    ],
)
async def test_a_tool_call_that_goes_wrong_is_refused_and_the_agent_goes_on(
    name: str, arguments: str, code: str
) -> None:
    tools = [*desk.tools, tuple_keys, gives_up, unsaved, stock, guarded]
    async with ScriptedCall(team_with(replace(desk, tools=tools))) as call:
        await call.says("Do it.")
        await call.use(name, arguments)
        answered = call.of(facts.ToolAnswered)
        assert [(answer.ok, answer.error) for answer in answered] == [(False, code)]
        assert "555-0142" not in answered[0].output
        assert call.reasons[-1] == "tool desk"


async def test_a_guardrail_that_raises_lets_the_reply_through_where_its_policy_is_open() -> None:
    output, said = OutputGuardrail(broken_check), InputGuardrail(broken_check)
    policy = GuardPolicy(failure="fail_open")
    careful = replace(desk, output_guardrails=[output], input_guardrails=[said], guard_policy=policy)
    async with ScriptedCall(team_with(careful)) as call:
        await call.says("When?")
        await call.answer("At nine.")
        await call.pass_ms(300)
        assert call.conversation[-1] == ("desk", "At nine.")
        assert not call.of(facts.GuardrailTripped)


async def test_a_hook_that_raises_and_one_that_hangs_are_given_up() -> None:
    hooks = Hooks()
    async with ScriptedCall(team_with(replace(desk, hooks=hooks))) as call:
        await call.says("Anything free?")
        await call.use("look", '{"what": "a slot"}')
        await call.pass_ms(2_100)
        assert hooks.given_up.is_set()
        await call.answer("One moment, please.")
        assert call.of(facts.ToolAnswered)[0].ok
        assert call.reasons[-1] == "tool desk"


async def test_a_consult_of_a_specialist_without_instructions_is_refused() -> None:
    async with ScriptedCall(team_with(expert_agent=told_by(broken))) as call:
        await call.says("Why?")
        await call.use("consult_expert", '{"question": "why?"}')
        assert not call.of(facts.Consulted)[0].ok
        assert call.of(facts.ToolAnswered)[0].error == "tool_failed"
        assert call.reasons[-1] == "tool desk"


async def test_a_receiver_that_cannot_be_prepared_leaves_the_call_with_the_giver() -> None:
    async with ScriptedCall(team_with(expert_agent=told_by(broken))) as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        assert call.of(facts.HandoffRolledBack)[0].reason == "tool_failed"
        assert call.of(facts.ToolAnswered)[0].error == "tool_failed"
        assert call.reasons[-1] == "tool desk"


async def test_a_receiver_whose_preparation_hangs_leaves_the_call_with_the_giver() -> None:
    async with ScriptedCall(team_with(expert_agent=told_by(endless), deadline_ms=0)) as call:
        await call.says("Why?")
        await call.use(*TRANSFER)
        assert call.of(facts.HandoffRolledBack)[0].reason == "tool_timed_out"
        assert call.reasons[-1] == "tool desk"


async def test_a_first_agent_without_instructions_ends_the_call_and_hangs_up() -> None:
    call = ScriptedCall(team_with(replace(desk, instructions=broken)))
    assert await call.session.run() == "error"
    assert call.line.hung_up_by_call
    assert call.of(facts.CallEnded)[0].reason == "error"


async def test_no_words_of_a_call_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    careful = replace(desk, output_guardrails=[OutputGuardrail(broken_check)], tools=[*desk.tools, stock])
    async with ScriptedCall(team_with(careful, told_by(broken))) as call:
        await call.says(SECRET)
        await call.answer(SECRET)
        for name in ("fail", "stock", "consult_expert", "transfer_to_expert"):
            await call.says(SECRET)
            await call.answer("The refusal, which the caller has passed over.")
            await call.use(name, f'{{"question": "{SECRET}", "amount": 5}}')
            await call.answer(SECRET)
        await call.pass_ms(3_000)
        assert len(call.of(facts.ToolAnswered)) == 4
    await ScriptedCall(team_with(replace(desk, instructions=broken))).session.run()
    assert len(caplog.records) >= 6
    assert "555-0142" not in caplog.text
