"""The tools of a recorded call: they answer from the record, and nothing of the world is read or written."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields, replace
from typing import Any

from agents import FunctionTool
from msgspec import structs

from huntgroup.calls.replay.takes import Cassette, Take
from huntgroup.domain.errors import BadArguments, StoreUnavailable, TellModel
from huntgroup.domain.facts import FactBase
from huntgroup.teams import CallContext, Team, ToolContext
from huntgroup.teams.team import AnyAgent

_OF_THE_LOG = {spec.name for spec in structs.fields(FactBase)}


class NotRecorded(TellModel):
    """The record has no such call of this tool."""

    code = "not_recorded"


class RecordedRefusal(TellModel):
    """A tool failed in the record, and fails again with the same code and words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def with_recorded_tools(team: Team, cassette: Cassette) -> Team:
    """Return the team with the same tools as models see them, answered from the cassette.

    Claims are still checked outside of the tools, and the arguments must still have what the schema requires.
    """
    return replace(team, agents=[_agent(agent, cassette) for agent in team.agents])


def _agent(agent: AnyAgent, cassette: Cassette) -> AnyAgent:
    tools = [_tool(tool, cassette) if isinstance(tool, FunctionTool) else tool for tool in agent.tools]
    return agent.clone(tools=tools)


def _tool(tool: FunctionTool, cassette: Cassette) -> FunctionTool:
    async def invoke(ctx: ToolContext, arguments: str) -> Any:
        given = json.loads(arguments or "{}")
        take = cassette.take(tool.name, given)
        if take is None or take.answer.error != BadArguments.code:
            _check(tool, given)
        if take is None:
            raise NotRecorded(f"the record has no call of {tool.name} with these arguments")
        return await _play(take, ctx.context)

    inherited = {spec.name: getattr(tool, spec.name) for spec in fields(tool) if spec.init}
    inherited.update(on_invoke_tool=invoke, _failure_error_function=None, _use_default_failure_error_function=False)
    return type(tool)(**inherited)


def _check(tool: FunctionTool, given: dict[str, Any]) -> None:
    missing = [name for name in tool.params_json_schema.get("required", ()) if name not in given]
    if missing:
        raise BadArguments(f"the arguments do not fit {tool.name}: {', '.join(missing)}")


async def _play(take: Take, call: CallContext) -> str:
    """Take as long as the tool took, leave what it left, and answer what it answered."""
    if take.answer.error == "call_ended":
        await asyncio.Event().wait()
    await call.clock.sleep_ms(take.ran_ms)
    for claim, subject in take.claims:
        call.claims.grant(claim, subject)
    for fact in take.recorded:
        call.record(type(fact), **{k: v for k, v in structs.asdict(fact).items() if k not in _OF_THE_LOG})
    if take.ends_call is not None:
        call.hang_up(take.ends_call)
    if take.answer.error == "not_saved":
        raise StoreUnavailable("away in the record")
    if take.answer.error is not None:
        raise _refusal(take.answer.error, take.answer.output)
    return take.answer.output


def _refusal(code: str, output: str) -> RecordedRefusal:
    try:
        message = json.loads(output).get("message", "")
    except (ValueError, AttributeError):
        message = output
    return RecordedRefusal(code, str(message))
