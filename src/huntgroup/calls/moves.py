"""One change of hands: what it is, and whether it may happen."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from huntgroup.calls import takeover
from huntgroup.calls.live import LiveCall
from huntgroup.calls.responses import Ask
from huntgroup.calls.toolrun import Answer, Invocation
from huntgroup.calls.toolset import Return
from huntgroup.calls.tracing import Span
from huntgroup.domain.errors import HandoffRefused
from huntgroup.domain.facts import CallerSpoke, Fact, HandoffCommitted, HandoffProposed, ToolAnswered
from huntgroup.domain.facts import HandoffRefused as RefusedFact
from huntgroup.teams import Edge

TRANSFERRED = Answer('{"ok": true, "status": "transferred"}', True)
PROGRESS_TURNS = 2


@dataclass(kw_only=True)
class Move:
    """One change of hands while it runs.

    `back` is True along a return edge, from receiver to giver. `by` says who wanted it. `answer` is what the tool call
    `call` is told when the move is applied. `response_id` is the receiver's first response, held back until the move
    is committed; `parked` are consequences of it that wait for the same moment. `outcome` is True once it is committed.
    """

    edge: Edge
    back: bool
    by: str
    call: Invocation | None
    payload: dict[str, Any]
    span: Span
    started_ms: int
    ask: Ask
    voice: str = "keep"
    answer: Answer = TRANSFERRED
    response_id: str | None = None
    hidden: list[str] = field(default_factory=list)
    returns: list[Edge] = field(default_factory=list)
    parked: list[Callable[[], None]] = field(default_factory=list)
    outcome: asyncio.Future[bool]

    @property
    def frm(self) -> str:
        return self.edge.to if self.back else self.edge.frm

    @property
    def to(self) -> str:
        return self.edge.frm if self.back else self.edge.to

    @property
    def tool_call_id(self) -> str | None:
        return self.call.tool_call_id if self.call is not None else None

    def decide(self, committed: bool) -> None:
        if not self.outcome.done():
            self.outcome.set_result(committed)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A transfer that may happen: its edge, its direction, what is told along it, who wants it."""

    edge: Edge
    back: bool
    payload: dict[str, Any]
    by: str = "model"
    answer: Answer = TRANSFERRED


def admit(live: LiveCall, call: Invocation) -> Proposal:
    """Check a transfer call against owner, edges, claims, limits and payload type.

    Raises `HandoffRefused`, `ClaimMissing` or `BadArguments`; then nothing has happened.
    """
    if call.agent != live.owner:
        raise HandoffRefused("busy", "the call has changed hands since")
    action = live.toolset.actions.get(call.name)
    if isinstance(action, Return):
        _check_loop(live, action.edge.frm)
        return Proposal(edge=action.edge, back=True, payload=takeover.read_payload(action.edge.returns, call.arguments))
    if not isinstance(action, Edge):
        raise HandoffRefused("no_edge", "there is no such transfer here")
    _check_edge(live, action)
    return Proposal(edge=action, back=False, payload=takeover.read_payload(action.brief, call.arguments))


def begin_move(live: LiveCall, proposal: Proposal, call: Invocation | None) -> Move:
    """Return the move of a proposal, with its span open."""
    to = proposal.edge.frm if proposal.back else proposal.edge.to
    return Move(
        edge=proposal.edge,
        back=proposal.back,
        by=proposal.by,
        call=call,
        payload=proposal.payload,
        returns=_returns_after(live, proposal),
        span=live.tracer.handoff(live.owner, to),
        started_ms=live.line.now_ms(),
        ask=Ask(reason="handoff", agent=to),
        voice=proposal.edge.voice,
        answer=proposal.answer,
        outcome=asyncio.get_running_loop().create_future(),
    )


def bounces(facts: Sequence[Fact], one: str, other: str) -> int:
    """Return how often the call has just gone to and fro between two agents with nothing done for the caller.

    Something was done when a tool answered well, or when the caller had two turns with the same agent.
    """
    moves = {fact.tool_call_id for fact in facts if isinstance(fact, HandoffProposed | RefusedFact)}
    count = turns = 0
    for fact in reversed(facts):
        if isinstance(fact, HandoffCommitted):
            if {fact.from_agent, fact.to_agent} != {one, other}:
                break
            count, turns = count + 1, 0
        elif isinstance(fact, CallerSpoke):
            turns += 1
        done = isinstance(fact, ToolAnswered) and fact.ok and fact.tool_call_id not in moves
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


def _returns_after(live: LiveCall, proposal: Proposal) -> list[Edge]:
    """Return the stack of return edges that holds once the call has moved.

    A transfer without a way back leaves the stack behind: nobody waits for a result any more.
    """
    if proposal.back:
        return live.returns[:-1]
    return [*live.returns, proposal.edge] if proposal.edge.returns is not None else []
