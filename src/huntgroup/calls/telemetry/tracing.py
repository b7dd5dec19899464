"""One trace per call, with spans for turn, response, tool, handoff, guardrail, consult and doubtful speech.

All methods are synchronous and cheap (tens of microseconds). Names and attributes must hold no personal data; what may
identify the caller goes through `Span.set_personal`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from huntgroup.calls.telemetry.sinks import Sinks
from huntgroup.calls.telemetry.spans import SpanKind, SpanRecord, SpanStatus, TraceInfo, TraceSink, Value
from huntgroup.domain.clock import Clock
from huntgroup.domain.facts import Fact


class TimeSource(Protocol):
    """Milliseconds of whatever clock the call runs on; a `Clock` and a `Line` are both."""

    def now_ms(self) -> int: ...


class Span:
    """A handle on one open span; every method is safe after its end."""

    __slots__ = ("_record", "_tracer")

    def __init__(self, tracer: "CallTracer", record: SpanRecord) -> None:
        self._tracer = tracer
        self._record = record

    @property
    def ended(self) -> bool:
        return self._record.end_ms is not None

    def set(self, **attributes: Value | None) -> "Span":
        """Add attributes; None is left out. A late one, after the end, still shows in the summary."""
        self._record.attributes.update({name: value for name, value in attributes.items() if value is not None})
        return self

    def set_personal(self, **attributes: Value) -> "Span":
        """Add what may identify the caller; sinks pass it on only when they were made to."""
        self._record.personal.update(attributes)
        return self

    def end(self, status: SpanStatus = "ok", at_ms: int | None = None) -> None:
        """End the span at `at_ms` after the call's beginning, or now. A second end is ignored."""
        self._tracer.end_span(self._record, status, at_ms)

    @contextmanager
    def active(self) -> Iterator["Span"]:
        """Make this the current span for code that traces by itself (a tool's body, a `Runner` inside a consult)."""
        with self._tracer.sinks.active(self._record):
            yield self


class CallTracer:
    """The trace of one call.

    `clock` gives the time of day of the start; times of spans come from `time_source` (default: `clock`), so a call
    on a line's media clock gets spans in that clock's milliseconds. `facts`, the call's so far, are for sinks that tell
    the trace as the record has it. `sinks` is for `Span`.
    """

    def __init__(
        self,
        call_id: str,
        team: str,
        clock: Clock,
        sinks: Sequence[TraceSink],
        *,
        time_source: TimeSource | None = None,
        facts: Callable[[], Sequence[Fact]] | None = None,
    ) -> None:
        self._time: TimeSource = time_source if time_source is not None else clock
        self._origin_ms = self._time.now_ms()
        self._records: list[SpanRecord] = []
        self.sinks = Sinks(sinks, TraceInfo(call_id, team, clock.utc_now(), facts))
        self._root = self._begin("call", "call", None, {"team": team})
        self._turn: SpanRecord | None = None
        self._responses: dict[str, SpanRecord] = {}

    @property
    def call(self) -> Span:
        """The root span: for attributes of the whole call."""
        return Span(self, self._root)

    def turn(self, number: int, agent: str | None = None) -> Span:
        """Open the next turn; the one before it ends now."""
        if self._turn is not None:
            self.end_span(self._turn, "ok", None)
        self._turn = self._begin("turn", "turn", self._root, _given(turn=number, agent=agent))
        return Span(self, self._turn)

    def response(self, response_id: str, agent: str, reason: str = "") -> Span:
        """Open a response of the model. `reason` says why it was asked for: caller, tool, handoff, silence …"""
        record = self._begin(
            "response",
            "response",
            self._here(),
            _given(response_id=response_id, agent=agent, reason=reason or None),
        )
        self._responses[response_id] = record
        return Span(self, record)

    def tool(self, name: str, agent: str, tool_call_id: str) -> Span:
        attributes = _given(tool=name, agent=agent, tool_call_id=tool_call_id)
        return Span(self, self._begin("tool", f"tool {name}", self._here(), attributes))

    def handoff(self, frm: str, to: str) -> Span:
        """Open a handoff; set `gap_ms` and end it when the receiver is heard."""
        attributes: dict[str, Value] = {"from": frm, "to": to}
        return Span(
            self,
            self._begin("handoff", f"handoff {frm} to {to}", self._here(), attributes),
        )

    def guardrail(self, name: str, response_id: str | None = None) -> Span:
        """Open a guardrail's check, under the response it looks at when that is known; set `triggered`."""
        parent = self._responses.get(response_id or "", self._here())
        return Span(
            self,
            self._begin("guardrail", f"guardrail {name}", parent, _given(guardrail=name)),
        )

    def consult(self, specialist: str, agent: str) -> Span:
        attributes = _given(specialist=specialist, agent=agent)
        return Span(
            self,
            self._begin("consult", f"consult {specialist}", self._here(), attributes),
        )

    def outage(self, reason: str) -> Span:
        """Open the time without a model; set `verdict` and end it when another session has taken over."""
        return Span(self, self._begin("outage", "model outage", self._here(), {"reason": reason}))

    def floor(self, response_id: str | None = None) -> Span:
        """Open a doubt whether the caller takes the floor, under the response it cuts into; set what `became` of it."""
        parent = self._responses.get(response_id or "", self._here())
        return Span(self, self._begin("floor", "floor", parent, {}))

    def supervisor(self) -> Span:
        """Open the time in which a supervisor speaks in the agent's place; set the `reason` of its end."""
        return Span(self, self._begin("supervisor", "supervisor", self._here(), {}))

    def approval(self, tool: str, tool_call_id: str) -> Span:
        """Open the wait for a person's approval; set `approved` and `how`."""
        attributes = _given(tool=tool, tool_call_id=tool_call_id)
        return Span(self, self._begin("approval", f"approval {tool}", self._here(), attributes))

    def resumption(self, reason: str, epoch: int, gap_ms: int) -> None:
        """Note that this process has taken the call over."""
        self.end_span(
            self._begin("resumption", "resumption", self._root, {"reason": reason, "epoch": epoch, "gap_ms": gap_ms}),
            "ok",
            None,
        )

    def end(self, reason: str, status: SpanStatus = "ok", at_ms: int | None = None) -> None:
        """End the call's trace: spans still open end as cancelled, turns as ok, the call itself last."""
        for record in reversed(self._records[1:]):
            self.end_span(record, "ok" if record.kind == "turn" else "cancelled", at_ms)
        if self._root.end_ms is None:
            self._root.attributes["reason"] = reason
        self.end_span(self._root, status, at_ms)

    async def finish(self) -> None:
        """Let the sinks do what takes long; `end` must come before, and nothing may follow."""
        await self.sinks.finish()

    def trace_summary(self) -> list[dict[str, Any]]:
        """Return all spans in order of their start: id, parent, kind, name, start_ms, end_ms, status, attributes."""
        return [_summary(record) for record in self._records]

    def end_span(self, record: SpanRecord, status: SpanStatus, at_ms: int | None) -> None:
        """End `record` unless it has ended; used by `Span`."""
        if record.end_ms is not None:
            return
        record.end_ms = max(record.start_ms, self._now_ms() if at_ms is None else at_ms)
        record.status = status
        self.sinks.end(record)

    def _begin(
        self,
        kind: SpanKind,
        name: str,
        parent: SpanRecord | None,
        attributes: dict[str, Value],
    ) -> SpanRecord:
        record = SpanRecord(len(self._records), kind, name, self._now_ms(), parent, attributes)
        self._records.append(record)
        self.sinks.start(record)
        return record

    def _here(self) -> SpanRecord:
        return self._turn if self._turn is not None else self._root

    def _now_ms(self) -> int:
        return max(0, self._time.now_ms() - self._origin_ms)


def _given(**attributes: Value | None) -> dict[str, Value]:
    return {name: value for name, value in attributes.items() if value is not None}


def _summary(record: SpanRecord) -> dict[str, Any]:
    return {
        "id": record.span_id,
        "parent": record.parent.span_id if record.parent is not None else None,
        "kind": record.kind,
        "name": record.name,
        "start_ms": record.start_ms,
        "end_ms": record.end_ms,
        "status": record.status,
        "attributes": dict(record.attributes),
    }
