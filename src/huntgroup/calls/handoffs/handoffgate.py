"""Whether the call may change hands: edges, claims, limits, loops, and what is told along the way."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.handoffs.moves import Proposal
from huntgroup.calls.model.standing import Standing
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Return
from huntgroup.calls.tools.toolrun import Answer, Invocation, parse_arguments, refusal
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.errors import BadArguments, ClaimMissing, HandoffRefused, TellModel
from huntgroup.teams import Edge

LIMITS = frozenset({"loop", "hop_limit"})
PROGRESS_TURNS = 2


class Gate:
    """Lets proposals through or refuses them, each refusal with a fact and an answer that says why."""

    def __init__(self, live: LiveCall, tools: ToolDesk, standing: Standing) -> None:
        self._live = live
        self._tools = tools
        self._standing = standing

    def for_call(self, call: Invocation) -> Proposal | None:
        """Judge a transfer call; None when it is refused and answered. A limit may send it to the team's fallback."""
        try:
            self._check_standing()
            return admit(self._live, call)
        except TellModel as error:
            way_out = to_fallback(self._live, call, error.code)
            if way_out is None:
                self.refuse(call, error)
            else:
                self._note(call.agent, self._target(call), call.tool_call_id, error)
            return way_out

    def for_us(self, to: str, brief: Mapping[str, Any], by: str, *, running: bool) -> Proposal:
        """Judge a transfer that no model asked for; raises why not, with a fact."""
        try:
            if running:
                raise HandoffRefused("busy", "another transfer is under way")
            self._check_standing()
            return admit_direct(self._live, to, brief, by)
        except TellModel as error:
            self._note(self._live.owner, to, None, error)
            raise

    def refuse(self, call: Invocation, error: TellModel) -> None:
        """Answer a transfer call with the reason why it does not happen."""
        self._note(call.agent, self._target(call), call.tool_call_id, error)
        self._tools.answered(call, refusal(error))

    def _check_standing(self) -> None:
        if self._standing.in_doubt:
            raise HandoffRefused("busy", "the last transfer is still being undone; carry on yourself")

    def _note(self, frm: str, to: str, tool_call_id: str | None, error: TellModel) -> None:
        reason = ", ".join(error.needs) if isinstance(error, ClaimMissing) else error.code
        self._live.log.add(
            facts.HandoffRefused, owned_by=frm, from_agent=frm, to_agent=to, tool_call_id=tool_call_id, reason=reason
        )

    def _target(self, call: Invocation) -> str:
        action = self._live.toolset.actions.get(call.name)
        return action.edge.frm if isinstance(action, Return) else getattr(action, "to", call.name[:64])


def admit(live: LiveCall, call: Invocation) -> Proposal:
    """Check a transfer call against owner, edges, claims, limits and payload type.

    Raises `HandoffRefused`, `ClaimMissing` or `BadArguments`; then nothing has happened.
    """
    if call.agent != live.owner:
        raise HandoffRefused("busy", "the call has changed hands since")
    action = live.toolset.actions.get(call.name)
    given = parse_arguments(call.arguments)
    if isinstance(action, Return):
        _check_loop(live, action.edge.frm)
        return Proposal(edge=action.edge, back=True, payload=takeover.read_payload(action.edge.returns, given))
    if not isinstance(action, Edge):
        raise HandoffRefused("no_edge", "there is no such transfer here")
    _check_edge(live, action)
    return Proposal(edge=action, back=False, payload=takeover.read_payload(action.brief, given))


def admit_direct(live: LiveCall, to: str, brief: Mapping[str, Any], by: str) -> Proposal:
    """Check a transfer that no model asked for.

    A key and code are bound to the owner's edges, claims, limits and payload type as a model is. So is the caller's own
    choice from a menu, but for the payload: a caller has no brief to give, and the receiver is told none. Where no edge
    leads to an agent who waits for the call, it goes back to them, with their edge's result as payload. A supervisor
    may send the call to any agent of the team. Raises as `admit` does, and `TeamError` for an agent that is not there.
    """
    live.team.agent(to)
    if to == live.owner:
        raise HandoffRefused("no_edge", f"{to} has the call already")
    edge = next((edge for edge in live.team.edges_from(live.owner) if edge.to == to), None)
    if by == "supervisor":
        return Proposal(edge=_free_edge(live.owner, to, edge), back=False, payload=dict(brief), by=by)
    if edge is None and live.returns and live.returns[-1].frm == to:
        _check_loop(live, to)
        return _way_back(live.returns[-1], brief, by)
    if edge is None:
        raise HandoffRefused("no_edge", f"{live.owner} has no handoff to {to}")
    _check_edge(live, edge)
    if by == "menu":
        return Proposal(edge=replace(edge, brief=None, sdk=None), back=False, payload={}, by=by)
    return Proposal(edge=edge, back=False, payload=takeover.read_payload(edge.brief, brief), by=by)


def _way_back(edge: Edge, brief: Mapping[str, Any], by: str) -> Proposal:
    """Return the way to the agent who waits for the call; a caller's own choice brings no result."""
    if by == "menu":
        return Proposal(edge=edge, back=True, payload={}, by=by)
    return Proposal(edge=edge, back=True, payload=takeover.read_payload(edge.returns, brief), by=by)


def to_fallback(live: LiveCall, call: Invocation, code: str) -> Proposal | None:
    """Return the way out when a limit refuses a transfer; None when the team names none or its agent has the call."""
    fallback = live.team.fallback
    if code not in LIMITS or fallback is None or fallback == live.owner:
        return None
    try:
        told = parse_arguments(call.arguments)
    except BadArguments:
        told = {}
    edge = next((edge for edge in live.team.edges_from(live.owner) if edge.to == fallback), None)
    answer = Answer(json.dumps({"ok": True, "status": "transferred", "to": fallback, "reason": code}), True)
    free = _free_edge(live.owner, fallback, edge)
    return Proposal(edge=free, back=False, payload=told, by="fallback", answer=answer)


def _free_edge(frm: str, to: str, declared: Edge | None) -> Edge:
    """Return a way that is always open; of a declared edge it keeps what the receiver sees and how it begins."""
    if declared is None:
        return Edge(frm=frm, to=to, description="")
    return replace(declared, brief=None, returns=None, requires=(), sdk=None)


def bounces(log: Sequence[facts.Fact], one: str, other: str) -> int:
    """Return how often the call has just gone to and fro between two agents with nothing done for the caller.

    Something was done when a tool answered well, or when the caller had two turns with the same agent.
    """
    moves = {fact.tool_call_id for fact in log if isinstance(fact, facts.HandoffProposed | facts.HandoffRefused)}
    count = turns = 0
    for fact in reversed(log):
        if isinstance(fact, facts.HandoffCommitted):
            if {fact.from_agent, fact.to_agent} != {one, other}:
                break
            count, turns = count + 1, 0
        elif isinstance(fact, facts.CallerSpoke):
            turns += 1
        done = isinstance(fact, facts.ToolAnswered) and fact.ok and fact.tool_call_id not in moves
        if done or turns >= PROGRESS_TURNS:
            break
    return count


def _check_edge(live: LiveCall, edge: Edge) -> None:
    live.context.claims.require(edge.requires)
    if live.hops >= live.team.hop_limit:
        raise HandoffRefused("hop_limit", "this call was transferred too often; carry on yourself")
    _check_loop(live, edge.to)


def _check_loop(live: LiveCall, to: str) -> None:
    if bounces(live.log.facts, live.owner, to) >= live.team.loop_limit:
        raise HandoffRefused("loop", f"the call goes to and fro between you and {to}; carry on yourself")
