"""One change of hands: what it is while it runs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from huntgroup.calls.handoffs.trimming import Trim
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.calls.tools.toolrun import Answer, Invocation
from huntgroup.teams import Edge
from huntgroup.wire.realtime import ConversationItemCreate, Usage

TRANSFERRED = Answer('{"ok": true, "status": "transferred"}', True)


@dataclass(kw_only=True)
class Move:
    """One change of hands while it runs.

    `back` is True along a return edge, from receiver to giver. `by` says who wanted it. `answer` is what the tool call
    `call` is told when the move is applied. `response_id` is the receiver's first response, held back until the move
    is committed; `parked` are consequences of it that wait for the same moment, `usage` is what it took. `known` are
    the items of the conversation when the move began: what comes later is said across it and for the receiver.
    `trim` is what was made of the conversation when the move was applied, `note` the item that tells of it there when
    no tool call does. `outcome` is True once it is committed.
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
    bridge: Ask | None = None
    response_id: str | None = None
    known: frozenset[str]
    trim: Trim = field(default_factory=Trim)
    note: ConversationItemCreate | None = None
    usage: Usage | None = None
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
    def policy(self) -> str:
        """What of the conversation the receiver gets; whom the call comes back to remembers it all."""
        return "full" if self.back else self.edge.policy

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
        ask=Ask(reason=Reason.HANDOFF, agent=to),
        voice=proposal.edge.voice,
        answer=proposal.answer,
        known=live.items.ids(),
        outcome=asyncio.get_running_loop().create_future(),
    )


def _returns_after(live: LiveCall, proposal: Proposal) -> list[Edge]:
    """Return the stack of return edges that holds once the call has moved.

    A transfer without a way back leaves the stack behind: nobody waits for a result any more.
    """
    if proposal.back:
        return live.returns[:-1]
    return [*live.returns, proposal.edge] if proposal.edge.returns is not None else []
