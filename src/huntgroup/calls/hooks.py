"""The SDK's agent hooks, fired where the SDK fires them; a hook that raises is noted and disturbs nothing."""

import logging
from collections.abc import Awaitable
from typing import Any

from agents import FunctionTool, RunContextWrapper
from agents.realtime import RealtimeAgent

from huntgroup.teams import CallContext

logger = logging.getLogger(__name__)
Context = RunContextWrapper[CallContext]
Agent = RealtimeAgent[Any]


async def agent_started(context: Context, agent: Agent) -> None:
    if agent.hooks is not None:
        await _guarded(agent.hooks.on_start(context, agent))  # type: ignore[arg-type]  # the SDK types the wider context


async def agent_ended(context: Context, agent: Agent, output: str) -> None:
    if agent.hooks is not None:
        await _guarded(agent.hooks.on_end(context, agent, output))  # type: ignore[arg-type]


async def handed_off(context: Context, source: Agent, target: Agent) -> None:
    if target.hooks is not None:
        await _guarded(target.hooks.on_handoff(context, target, source))


async def tool_started(context: Context, agent: Agent, tool: FunctionTool) -> None:
    if agent.hooks is not None:
        await _guarded(agent.hooks.on_tool_start(context, agent, tool))


async def tool_ended(context: Context, agent: Agent, tool: FunctionTool, result: str) -> None:
    if agent.hooks is not None:
        await _guarded(agent.hooks.on_tool_end(context, agent, tool, result))


async def _guarded(hook: Awaitable[None]) -> None:
    try:
        await hook
    except Exception as error:
        logger.warning("an agent hook raised %s", type(error).__name__)
