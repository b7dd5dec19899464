"""What a tool can reach of the call that it runs in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from agents.tool_context import ToolContext as SdkToolContext

from huntgroup.domain.claims import Claims
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import TeamError
from huntgroup.domain.facts import FactBase

DEFAULT_TENANT = "default"
ResourceT = TypeVar("ResourceT")


def idempotency_key(call_id: str, tool_call_id: str) -> str:
    """Return the key of a tool call; the same in every process that has the call, as long as data is kept."""
    return f"{call_id}:{tool_call_id}"


def _no_record(fact_type: type[FactBase], fields: Mapping[str, Any]) -> None:
    """Take a fact and keep it nowhere; for tools that run outside of a call."""


def _no_hang_up(reason: str) -> None:
    """Take a wish to end the call where there is none."""


@dataclass(kw_only=True)
class CallContext:
    """The call as its tools see it; the SDK passes it as `ctx.context`.

    `tenant` is the business that the call belongs to. `caller` is the number that the carrier reports, which proves
    nothing about who speaks. `memory` lives as long as
    the call and is the tools' own; nothing in it reaches the model or the record by itself.
    """

    call_id: str
    clock: Clock
    team: str = ""
    tenant: str = DEFAULT_TENANT
    caller: str | None = None
    callee: str | None = None
    claims: Claims = field(default_factory=Claims)
    memory: dict[str, Any] = field(default_factory=dict)
    resources: Mapping[type, object] = field(default_factory=dict, repr=False)
    on_record: Callable[[type[FactBase], Mapping[str, Any]], None] = field(default=_no_record, repr=False)
    on_hang_up: Callable[[str], None] = field(default=_no_hang_up, repr=False)

    def need(self, kind: type[ResourceT]) -> ResourceT:
        """Return the resource of exactly this type. Raises `TeamError` when the house has none."""
        resource = self.resources.get(kind)
        if not isinstance(resource, kind):
            raise TeamError(f"a tool needs a {kind.__name__}, and this house has none")
        return resource

    def idempotency_key(self, tool_call_id: str) -> str:
        """Return the key under which a write of this tool call happens at most once."""
        return idempotency_key(self.call_id, tool_call_id)

    def record(self, fact_type: type[FactBase], **fields: Any) -> None:
        """Add a fact to the call's log; id, order, time and agent are filled in."""
        self.on_record(fact_type, fields)

    def hang_up(self, reason: str) -> None:
        """End the call once the words about it have been heard."""
        self.on_hang_up(reason)


ToolContext = SdkToolContext[CallContext]
