"""The span of a call as plain data, and what a sink of spans must offer."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from huntgroup.domain.facts import Fact

SpanKind = Literal[
    "call",
    "turn",
    "response",
    "tool",
    "handoff",
    "guardrail",
    "consult",
    "outage",
    "floor",
    "approval",
    "resumption",
    "whisper",
    "supervisor",
]
SpanStatus = Literal["ok", "error", "cancelled"]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class TraceInfo:
    """One call's trace. Span times are ms after `started_at`, which is aware. `facts` returns the call's so far."""

    call_id: str
    team: str
    started_at: datetime
    facts: Callable[[], Sequence[Fact]] | None = None


@dataclass(slots=True, eq=False)
class SpanRecord:
    """One span. `end_ms` and `status` are None while it is open.

    `personal` holds what may identify the caller; a sink passes it on only when it was made to.
    """

    span_id: int
    kind: SpanKind
    name: str
    start_ms: int
    parent: "SpanRecord | None"
    attributes: dict[str, Value] = field(default_factory=dict)
    personal: dict[str, Value] = field(default_factory=dict)
    end_ms: int | None = None
    status: SpanStatus | None = None


class CallSink(Protocol):
    """Receives the spans of one call, in order: a parent is started before its children, the call itself first."""

    def start(self, span: SpanRecord) -> None: ...

    def end(self, span: SpanRecord) -> None:
        """`span` has its end, status and final attributes; the call itself ends last."""
        ...

    async def finish(self) -> None:
        """Do what takes long, off the event loop; called once after all spans have ended, and nothing follows."""
        ...

    def active(self, span: SpanRecord) -> AbstractContextManager[None]:
        """Make `span` the current one for foreign instrumentation inside the `with`."""
        ...


class TraceSink(Protocol):
    """A destination for traces; one per process."""

    def open(self, trace: TraceInfo) -> CallSink: ...
