"""Spans to OpenTelemetry."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace as otel
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Tracer, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from huntgroup.calls.telemetry.spans import SpanRecord, TraceInfo, Value

_STATUS = {
    "ok": Status(StatusCode.OK),
    "error": Status(StatusCode.ERROR),
    "cancelled": Status(StatusCode.UNSET),
}
_SCOPE = InstrumentationScope("huntgroup")


def otlp_provider(endpoint: str, *, service: str = "huntgroup") -> TracerProvider:
    """Return a provider that exports to the OTLP/HTTP collector at `endpoint` (its base, without `/v1/traces`).

    The caller must `shutdown()` it, which flushes and may wait for the collector: do that in a thread.
    """
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class OtelSink:
    """One trace per call. Attributes are prefixed `huntgroup.`; personal ones `huntgroup.personal.`, on request.

    Spans are handed to the provider's processors whole, at their end, which costs a fifth of a live span; `on_start`
    is not called. The provider's sampler is asked once per call.
    """

    def __init__(self, provider: TracerProvider, *, personal: bool = False) -> None:
        tracer = provider.get_tracer("huntgroup")
        # A provider that is switched off has tracers that do nothing.
        self._tracer = tracer if isinstance(tracer, Tracer) else None
        self._personal = personal

    def open(self, trace: TraceInfo) -> "OtelCall":
        return OtelCall(self._tracer, trace, self._personal)


class OtelCall:
    """The spans of one call on their way to OpenTelemetry."""

    def __init__(self, tracer: Tracer | None, trace: TraceInfo, personal: bool) -> None:
        self._tracer = tracer
        self._trace = trace
        self._personal = personal
        self._start_ns = int(trace.started_at.timestamp() * 1_000_000_000)
        self._contexts: dict[int, SpanContext] = {}
        self._trace_id, self._flags = _begin_trace(tracer)

    def start(self, span: SpanRecord) -> None:
        if self._tracer is not None:
            own_id = self._tracer.id_generator.generate_span_id()
            self._contexts[span.span_id] = SpanContext(self._trace_id, own_id, is_remote=False, trace_flags=self._flags)

    def end(self, span: SpanRecord) -> None:
        if self._tracer is None or not self._flags.sampled:
            return
        status = span.status or "ok"
        whole = ReadableSpan(
            span.name,
            context=self._contexts[span.span_id],
            parent=self._contexts[span.parent.span_id] if span.parent is not None else None,
            resource=self._tracer.resource,
            attributes=self._attributes(span, status),
            status=_STATUS[status],
            start_time=self._ns(span.start_ms),
            end_time=self._ns(span.end_ms if span.end_ms is not None else span.start_ms),
            instrumentation_scope=_SCOPE,
        )
        self._tracer.span_processor.on_end(whole)

    @contextmanager
    def active(self, span: SpanRecord) -> Iterator[None]:
        here = NonRecordingSpan(self._contexts.get(span.span_id, INVALID_SPAN_CONTEXT))
        with otel.use_span(here, record_exception=False, set_status_on_exception=False):
            yield

    def _attributes(self, span: SpanRecord, status: str) -> dict[str, Value]:
        attributes: dict[str, Value] = {
            "huntgroup.call_id": self._trace.call_id,
            "huntgroup.kind": span.kind,
            "huntgroup.status": status,
        }
        if span.parent is None:
            attributes["huntgroup.team"] = self._trace.team
        for name, value in span.attributes.items():
            attributes[f"huntgroup.{name}"] = value
        if self._personal:
            attributes.update({f"huntgroup.personal.{name}": value for name, value in span.personal.items()})
        return attributes

    def _ns(self, at_ms: int) -> int:
        return self._start_ns + at_ms * 1_000_000


def _begin_trace(tracer: Tracer | None) -> tuple[int, TraceFlags]:
    """A trace's id, and whether the sampler wants it."""
    if tracer is None:
        return 0, TraceFlags(TraceFlags.DEFAULT)
    trace_id = tracer.id_generator.generate_trace_id()
    decision = tracer.sampler.should_sample(None, trace_id, "call").decision
    return trace_id, TraceFlags(TraceFlags.SAMPLED if decision is Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT)
