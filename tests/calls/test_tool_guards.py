"""The SDK's guardrails of tools: what each verdict does, and that no verdict is none."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from agents import (
    FunctionTool,
    ToolGuardrailFunctionOutput,
    ToolInputGuardrail,
    ToolOutputGuardrail,
)

from huntgroup.domain import facts
from huntgroup.teams import GuardPolicy, Team, ToolContext, tool
from tests.calls.scripted import ScriptedCall
from tests.calls.teams import TEAM, desk, expert

ran: list[str] = []


@tool(effect="read")
async def look(ctx: ToolContext) -> str:
    """Look it up."""
    ran.append("look")
    return "secret 555-0142"


def allow(data: Any) -> ToolGuardrailFunctionOutput:
    return ToolGuardrailFunctionOutput.allow()


def reject(data: Any) -> ToolGuardrailFunctionOutput:
    return ToolGuardrailFunctionOutput.reject_content("Ask for something else.")


async def stop(data: Any) -> ToolGuardrailFunctionOutput:
    return ToolGuardrailFunctionOutput.raise_exception()


async def broken(data: Any) -> ToolGuardrailFunctionOutput:
    raise ValueError("555-0142")


async def gives_up(data: Any) -> ToolGuardrailFunctionOutput:
    raise TimeoutError


async def endless(data: Any) -> ToolGuardrailFunctionOutput:
    await asyncio.Event().wait()
    return ToolGuardrailFunctionOutput.allow()


def team(stage: str, check: Any, **more: Any) -> Team:
    made: FunctionTool = replace(look)
    if stage == "tool_input":
        made.tool_input_guardrails = [ToolInputGuardrail(allow), ToolInputGuardrail(check, name="rule")]
    else:
        made.tool_output_guardrails = [ToolOutputGuardrail(allow), ToolOutputGuardrail(check, name="rule")]
    return replace(TEAM, agents=[replace(desk, tools=[made], **more), expert])


async def used(call: ScriptedCall) -> facts.ToolAnswered:
    ran.clear()
    await call.says("Do it.")
    await call.use("look")
    await call.pass_ms(300)
    (answer,) = call.of(facts.ToolAnswered)
    return answer


@pytest.mark.parametrize(
    ("stage", "check", "action", "said", "error"),
    [
        ("tool_input", reject, "rejected", "Ask for something else.", "blocked"),
        ("tool_input", stop, "stopped", "was not run", "blocked"),
        ("tool_output", reject, "replaced", "Ask for something else.", None),
        ("tool_output", stop, "stopped", "the tool was run", "blocked"),
    ],
)
async def test_what_trips_is_answered_and_recorded(
    stage: str, check: Any, action: str, said: str, error: str | None
) -> None:
    async with ScriptedCall(team(stage, check)) as call:
        answer = await used(call)
        assert (answer.error, ran) == (error, ["look"] if stage == "tool_output" else [])
        assert said in answer.output
        assert "555" not in answer.output
        tripped = call.of(facts.GuardrailTripped)[0]
        assert (tripped.guardrail, tripped.stage, tripped.action) == ("rule", stage, action)


def masks(word: str) -> Any:
    def check(data: Any) -> ToolGuardrailFunctionOutput:
        masked = data.output.replace(word, "***")
        return ToolGuardrailFunctionOutput.reject_content(masked) if masked != data.output else allow(data)

    return ToolOutputGuardrail(check, name=word)


async def test_each_guardrail_sees_what_the_one_before_left() -> None:
    made = replace(look, tool_output_guardrails=[masks("secret"), masks("555-0142"), masks("nothing")])
    async with ScriptedCall(replace(TEAM, agents=[replace(desk, tools=[made]), expert])) as call:
        answer = await used(call)
        assert (answer.ok, answer.output) == (True, "*** ***")
        assert [trip.guardrail for trip in call.of(facts.GuardrailTripped)] == ["secret", "555-0142"]


@pytest.mark.parametrize("stage", ["tool_input", "tool_output"])
@pytest.mark.parametrize(("check", "reason"), [(broken, "raised"), (gives_up, "raised"), (endless, "timed_out")])
async def test_a_check_without_a_verdict_blocks(stage: str, check: Any, reason: str) -> None:
    async with ScriptedCall(team(stage, check, guard_policy=GuardPolicy(deadline_ms=100))) as call:
        answer = await used(call)
        assert answer.error == "blocked"
        assert "555" not in answer.output
        failed = call.of(facts.GuardrailFailed)[0]
        assert (failed.stage, failed.reason, failed.policy) == (stage, reason, "fail_closed")


@pytest.mark.parametrize("stage", ["tool_input", "tool_output"])
async def test_or_lets_the_tool_go_where_the_team_says_so(stage: str) -> None:
    policies = {"rule": GuardPolicy(failure="fail_open", deadline_ms=100)}
    async with ScriptedCall(team(stage, broken, guard_policies=policies)) as call:
        assert (await used(call)).ok
