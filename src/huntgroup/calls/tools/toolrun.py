"""Running one tool: checks before, a limit on time, and an answer in every case."""

import asyncio
import dataclasses
import inspect
import json
import logging
from typing import Any

from agents import FunctionTool, ModelBehaviorError
from pydantic import BaseModel

from huntgroup.calls.state.invocation import Answer, Invocation, parse_arguments, refusal
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.calls.tools import hooks
from huntgroup.calls.tools.authorise import Authority, authorise
from huntgroup.calls.tools.consent import seek_approval
from huntgroup.calls.tools.toolguards import Rejected, ToolGuards
from huntgroup.domain.errors import (
    BadArguments,
    NotSaved,
    OutputTooLarge,
    StoreUnavailable,
    TellModel,
    ToolFailed,
    ToolTimedOut,
    UnknownTool,
)
from huntgroup.teams import ToolContext, VoiceTool, effect_of
from huntgroup.teams.tool import DEFAULT_TIMEOUT_MS

__all__ = ["Answer", "Invocation", "find", "parse_arguments", "refusal", "run_tool", "succeeded", "to_text"]

logger = logging.getLogger(__name__)
MAX_OUTPUT_CHARS = 24_000


def find(toolset: Toolset, name: str) -> FunctionTool:
    """Return the function tool of that name. Raises `UnknownTool`."""
    action = toolset.actions.get(name)
    if not isinstance(action, FunctionTool):
        raise UnknownTool(f"there is no tool {name[:80]!r} here")
    return action


async def run_tool(live: LiveCall, tool: FunctionTool, call: Invocation) -> Answer:
    """Run a tool for a call and return its answer; never raises but when its own task is cancelled.

    Who may run it is checked here, outside of the model and in the moment of execution; a tool that needs an approval
    waits for it. The tool's own time limit applies; an exception, a time-out, and an output too large for a model
    become answers with a code.
    """
    try:
        await seek_approval(live, tool, call)
        authorise(call.agent, tool, Authority.of(live))
        if live.acknowledged is not None and effect_of(tool) == "write":
            # Whoever resumes the call must know of this write before it can be done, or it may be done twice.
            await live.acknowledged()
        return await _invoke(live, tool, call)
    except Rejected as rejected:
        return Answer(rejected.words, False, rejected.code)
    except TellModel as error:
        return refusal(error)
    except StoreUnavailable:
        return refusal(NotSaved("The database cannot be reached at the moment, so nothing was saved or looked up."))
    except asyncio.CancelledError:
        if _is_leaving():
            raise
        return refusal(ToolFailed(f"{tool.name} gave up"))
    except Exception as error:
        # The exception's text may quote the caller, so only its kind is told and logged.
        logger.warning("the tool %s raised %s", tool.name, type(error).__name__)
        return refusal(ToolFailed(f"{tool.name} failed and changed nothing that is known of"))


def _is_leaving() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _invoke(live: LiveCall, tool: FunctionTool, call: Invocation) -> Answer:
    agent = live.team.agent(call.agent)
    context = ToolContext(
        context=live.context,
        tool_name=call.name,
        tool_call_id=call.tool_call_id,
        tool_arguments=call.arguments,
        agent=agent,
    )
    guards = ToolGuards(live, tool, context, agent)
    await guards.before()
    await hooks.tool_started(context, agent, tool)
    output = to_text(await _limited(tool, context, call))
    output = await guards.after(output)
    await hooks.tool_ended(context, agent, tool, output)
    return Answer(output, succeeded(output))


async def _limited(tool: FunctionTool, context: ToolContext, call: Invocation) -> Any:
    limit_ms = tool.timeout_ms if isinstance(tool, VoiceTool) else DEFAULT_TIMEOUT_MS
    if tool.timeout_seconds is not None:
        limit_ms = int(tool.timeout_seconds * 1000)
    try:
        async with asyncio.timeout(limit_ms / 1000):
            return await _outspoken(tool).on_invoke_tool(context, call.arguments)
    except TimeoutError as error:
        raise ToolTimedOut(f"{tool.name} did not answer in time") from error
    except ModelBehaviorError as error:
        raise BadArguments(f"the arguments do not fit {tool.name}: {_fields(error)}") from error


def _outspoken(tool: FunctionTool) -> FunctionTool:
    """Return the tool such that it raises: the SDK's default turns an exception into words that look like success."""
    if isinstance(tool, VoiceTool) or not tool._use_default_failure_error_function:
        return tool
    return dataclasses.replace(tool, _failure_error_function=None, _use_default_failure_error_function=False)


def to_text(result: Any) -> str:
    """Return a tool's result as the text that a model reads: strings as they are, all else as JSON.

    Raises `OutputTooLarge` beyond what a model can use on a call.
    """
    if isinstance(result, str):
        text = result
    elif isinstance(result, BaseModel):
        text = result.model_dump_json()
    else:
        text = json.dumps(result, default=str, ensure_ascii=False)
    # A lone surrogate is no text: neither the wire nor the database can carry it.
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > MAX_OUTPUT_CHARS:
        raise OutputTooLarge(f"the tool answered {len(text)} characters, more than can be used on a call")
    return text


def succeeded(output: str) -> bool:
    """Return what a tool says of itself: False only for a JSON object with a false `ok`."""
    try:
        body = json.loads(output)
    except (ValueError, RecursionError):
        return True
    return not (isinstance(body, dict) and body.get("ok") is False)


def _fields(error: Exception) -> str:
    """Name the arguments that do not fit, without their values."""
    cause = error.__cause__
    problems = getattr(cause, "errors", None)
    if problems is None or not inspect.ismethod(problems):
        return "see the schema"
    places = (".".join(str(part) for part in problem["loc"]) for problem in problems(include_input=False))
    return ", ".join(places) or "see the schema"
