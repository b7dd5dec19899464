"""Spans to the Agents SDK's own tracing, so that every processor written for it sees our calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from agents import tracing
from agents.tracing.processors import default_processor
from agents.tracing.scope import Scope

from huntgroup.calls.telemetry.spans import SpanRecord, TraceInfo


def stop_vendor_export() -> None:
    """Take the SDK's default export to its vendor out of the SDK's processors; others that were added stay.

    Call once at start, before the first trace.
    """
    provider = tracing.get_trace_provider()
    registered = getattr(getattr(provider, "_multi_processor", None), "_processors", ())
    vendor = default_processor()
    provider.set_processors([processor for processor in registered if processor is not vendor])


class AgentsSdkSink:
    """One SDK trace per call. The SDK stamps spans with the time of day, so explicit `at_ms` do not show in them.

    Tool arguments and outputs are passed only with `personal=True`.
    """

    def __init__(self, *, personal: bool = False) -> None:
        self._personal = personal

    def open(self, trace: TraceInfo) -> "AgentsSdkCall":
        return AgentsSdkCall(trace, self._personal)


class AgentsSdkCall:
    """The spans of one call on their way through the SDK's processors."""

    def __init__(self, trace: TraceInfo, personal: bool) -> None:
        self._personal = personal
        self._trace = tracing.get_trace_provider().create_trace(
            name=f"huntgroup {trace.team}",
            group_id=trace.call_id,
            metadata={"team": trace.team},
        )
        self._spans: dict[int, tracing.Span[Any]] = {}

    def start(self, span: SpanRecord) -> None:
        if span.parent is None:
            self._trace.start()
            return
        parent = self._spans.get(span.parent.span_id, self._trace)
        live = tracing.get_trace_provider().create_span(span_data=_span_data(span), parent=parent)
        self._spans[span.span_id] = live
        live.start()

    def end(self, span: SpanRecord) -> None:
        if span.parent is None:
            self._trace.finish()
            return
        live = self._spans[span.span_id]
        _complete(live.span_data, span, self._personal)
        if span.status != "ok":
            message = str(span.attributes.get("error", span.status))
            live.set_error({"message": message, "data": dict(span.attributes)})
        live.finish()

    async def finish(self) -> None:
        """Nothing is left: each span went out at its end."""

    @contextmanager
    def active(self, span: SpanRecord) -> Iterator[None]:
        trace_token = Scope.set_current_trace(self._trace)
        span_token = Scope.set_current_span(self._spans.get(span.span_id))
        try:
            yield
        finally:
            Scope.reset_current_span(span_token)
            Scope.reset_current_trace(trace_token)


def _span_data(span: SpanRecord) -> tracing.SpanData:
    given = span.attributes
    match span.kind:
        case "turn":
            return tracing.TurnSpanData(turn=int(given.get("turn", 0)), agent_name=str(given.get("agent", "")))
        case "response":
            data = tracing.ResponseSpanData()
            data._response_id = str(given.get("response_id", "")) or None
            return data
        case "tool":
            return tracing.FunctionSpanData(name=str(given.get("tool", span.name)), input=None, output=None)
        case "handoff":
            return tracing.HandoffSpanData(from_agent=str(given.get("from")), to_agent=str(given.get("to")))
        case "guardrail":
            return tracing.GuardrailSpanData(name=str(given.get("guardrail", span.name)))
        case _:
            return tracing.CustomSpanData(name=span.name, data={})


def _complete(data: tracing.SpanData, span: SpanRecord, personal: bool) -> None:
    """Fill in what was learnt while the span was open."""
    match data:
        case tracing.FunctionSpanData():
            data.input = str(span.personal["arguments"]) if personal and "arguments" in span.personal else None
            data.output = span.personal.get("output") if personal else None
        case tracing.ResponseSpanData():
            data.usage = {name: value for name, value in span.attributes.items() if name.endswith("_tokens")} or None
        case tracing.GuardrailSpanData():
            data.triggered = bool(span.attributes.get("triggered", False))
        case tracing.TurnSpanData():
            data.agent_name = str(span.attributes.get("agent", data.agent_name))
        case tracing.CustomSpanData():
            data.data.update(span.attributes)
        case _:
            pass
