"""One change of hands: what it is, and whether it may happen."""

from dataclasses import dataclass, field
from typing import Any

from huntgroup.calls import takeover
from huntgroup.calls.live import LiveCall
from huntgroup.calls.responses import Ask
from huntgroup.calls.toolrun import Invocation
from huntgroup.calls.toolset import Return
from huntgroup.calls.tracing import Span
from huntgroup.domain.errors import HandoffRefused
from huntgroup.teams import Edge


@dataclass(kw_only=True)
class Move:
    """One change of hands while it runs. `back` is True along a return edge, from receiver to giver."""

    edge: Edge
    back: bool
    call: Invocation | None
    payload: dict[str, Any]
    span: Span
    started_ms: int
    ask: Ask
    response_id: str | None = None
    committed: bool = False
    hidden: list[str] = field(default_factory=list)
    returns: list[Edge] = field(default_factory=list)

    @property
    def frm(self) -> str:
        return self.edge.to if self.back else self.edge.frm

    @property
    def to(self) -> str:
        return self.edge.frm if self.back else self.edge.to


@dataclass(frozen=True)
class Proposal:
    """A transfer that may happen: its edge, its direction, and what is told along it."""

    edge: Edge
    back: bool
    payload: dict[str, Any]


def admit(live: LiveCall, call: Invocation) -> Proposal:
    """Check a transfer call against owner, edges, claims, hop limit and payload type.

    Raises `HandoffRefused`, `ClaimMissing` or `BadArguments`; then nothing has happened.
    """
    if call.agent != live.owner:
        raise HandoffRefused("busy", "the call has changed hands since")
    action = live.toolset.actions.get(call.name)
    if isinstance(action, Return):
        return Proposal(action.edge, True, takeover.read_payload(action.edge.returns, call.arguments))
    if not isinstance(action, Edge):
        raise HandoffRefused("no_edge", "there is no such transfer here")
    live.context.claims.require(action.requires)
    if live.hops >= live.team.hop_limit:
        raise HandoffRefused("hop_limit", "this call was transferred too often; carry on yourself")
    return Proposal(action, False, takeover.read_payload(action.brief, call.arguments))


def returns_after(live: LiveCall, proposal: Proposal) -> list[Edge]:
    """Return the stack of return edges that holds once the call has moved."""
    if proposal.back:
        return live.returns[:-1]
    return [*live.returns, proposal.edge] if proposal.edge.returns is not None else []
