"""Asking a person before a tool runs: by the caller's key, or a supervisor elsewhere."""

import asyncio
import inspect
import logging
from typing import Any

from agents import FunctionTool

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.approvals import Decision, PendingApproval
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.invocation import Invocation, parse_arguments
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.tools.authorise import Authority, authorise
from huntgroup.domain import facts
from huntgroup.domain.errors import ApprovalRefused
from huntgroup.teams import VoiceTool
from huntgroup.teams.tool import DEFAULT_APPROVAL_MS, Approver

logger = logging.getLogger(__name__)
BY_KEY = "Please press 1 to confirm, or 2 to refuse."
BY_SUPERVISOR = "I need a colleague's approval for that. One moment, please."


async def seek_approval(live: LiveCall, tool: FunctionTool, call: Invocation) -> None:
    """Return when the tool may run, at once where nobody needs to be asked. Each call is asked about at most once.

    Raises `ApprovalRefused`, and before anybody is asked what `authorise` and `parse_arguments` raise. A policy that
    cannot say whether it needs an approval needs one.
    """
    decided = live.approvals.decision(call)
    if decided is None:
        authorise(call.agent, tool, Authority.of(live))
        arguments = parse_arguments(call.arguments)
        if await _is_needed(live, tool, call, arguments):
            decided = await _ask(live, call, _pending(live, tool, call, arguments))
        else:
            live.approvals.waive(call)
            return
    if not decided:
        raise ApprovalRefused("approval_refused", f"{tool.name} was not approved; it was not done")


class Announcements:
    """Has the caller told what is waited for, by whoever has the call; a question that waits is not put twice."""

    def __init__(self, live: LiveCall, responses: ResponseQueue) -> None:
        self._live = live
        self._responses = responses
        self._asks: dict[str, Ask] = {}

    def put(self, pending: PendingApproval) -> None:
        """Put the question of one approval, again if need be."""
        self.take_back(pending.tool_call_id)
        ask = self._asks[pending.tool_call_id] = Ask(
            reason=Reason.APPROVAL,
            agent=self._live.owner,
            instructions=f'Say exactly: "{pending.words}"',
            tools=False,
            approval_of=pending.tool_call_id,
        )
        self._responses.ask(ask)

    def take_back(self, tool_call_id: str) -> None:
        """Do not put a question that still waits to be put."""
        earlier = self._asks.pop(tool_call_id, None)
        if earlier is not None:
            self._responses.withdraw(earlier)


async def _ask(live: LiveCall, call: Invocation, pending: PendingApproval) -> bool:
    started_ms = live.clock.now_ms()
    live.log.add(
        facts.ApprovalAsked,
        owned_by=call.agent,
        tool=call.name,
        tool_call_id=call.tool_call_id,
        approver=pending.approver,
        deadline_ms=pending.deadline_ms,
    )
    span = live.tracer.approval(call.name, call.tool_call_id)
    decision = Decision(False, "", "call_ended")
    try:
        decision = await live.approvals.ask(call, pending, live.clock)
    finally:
        span.set(approved=decision.approved, how=decision.how).end("ok" if decision.approved else "cancelled")
        live.log.add(
            facts.ApprovalGiven,
            owned_by=call.agent,
            tool=call.name,
            tool_call_id=call.tool_call_id,
            approved=decision.approved,
            by=decision.by,
            how=decision.how,
            after_ms=live.clock.now_ms() - started_ms,
        )
    if decision.how == "deadline":
        raise ApprovalRefused("approval_timed_out", f"nobody approved {call.name} in time; it was not done")
    return decision.approved


async def _is_needed(live: LiveCall, tool: FunctionTool, call: Invocation, arguments: dict[str, Any]) -> bool:
    policy = tool.needs_approval
    if isinstance(policy, bool):
        return policy
    try:
        async with asyncio.timeout(2):
            verdict: Any = policy(live.run_context(), arguments, call.tool_call_id)
            return bool(await verdict if inspect.isawaitable(verdict) else verdict)
    except Exception as error:
        logger.warning("the approval policy of %s raised %s", tool.name, type(error).__name__)
        return True


def _pending(live: LiveCall, tool: FunctionTool, call: Invocation, arguments: dict[str, Any]) -> PendingApproval:
    approver: Approver = tool.approver if isinstance(tool, VoiceTool) else "supervisor"
    own = tool.approval_words if isinstance(tool, VoiceTool) else None
    return PendingApproval(
        tool_call_id=call.tool_call_id,
        tool=call.name,
        agent=call.agent,
        arguments=arguments,
        approver=approver,
        words=own or (BY_SUPERVISOR if approver == "supervisor" else BY_KEY),
        asked_ms=live.line.now_ms(),
        deadline_ms=tool.approval_deadline_ms if isinstance(tool, VoiceTool) else DEFAULT_APPROVAL_MS,
    )
