"""Facts of what agents did: tools, the approvals they wait for, and consults."""

from typing import Any, ClassVar

import msgspec

from huntgroup.domain.facts.base import FactBase


class ToolCalled(FactBase, frozen=True, kw_only=True):
    """A model called a tool, in its response `response_id` to the caller's `turn`; "" behind the line."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"arguments"})

    turn: int
    tool: str
    tool_call_id: str
    arguments: dict[str, Any]
    effect: str
    response_id: str = ""


class ToolAnswered(FactBase, frozen=True, kw_only=True):
    """The one answer of a tool call; `error` is a code of `TellModel` when `ok` is False by our doing."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"output"})

    tool: str
    tool_call_id: str
    output: str
    ok: bool
    error: str | None
    duration_ms: int


class LateResult(FactBase, frozen=True, kw_only=True):
    """A tool of `from` answered when another agent had the call; `policy` (deliver, brief, drop) is the tool's own."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"output"})

    tool: str
    tool_call_id: str
    from_agent: str = msgspec.field(name="from")
    policy: str
    output: str


class ApprovalAsked(FactBase, frozen=True, kw_only=True):
    """A tool call waits for `approver` (caller, supervisor, either)."""

    tool: str
    tool_call_id: str
    approver: str
    deadline_ms: int


class ApprovalGiven(FactBase, frozen=True, kw_only=True):
    """The one answer to an `ApprovalAsked`, a refusal included. `how`: key, supervisor, deadline,
    duplicate (the id was asked about before), call_ended.

    `by` is the caller's or the supervisor's name for the record; "" when nobody answered.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by"})

    tool: str
    tool_call_id: str
    approved: bool
    by: str
    how: str
    after_ms: int


class Consulted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"question", "answer"})

    specialist: str
    question: str
    answer: dict[str, Any]
    ok: bool
    duration_ms: int
