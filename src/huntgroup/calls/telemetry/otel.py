"""Spans to OpenTelemetry."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode

from huntgroup.calls.telemetry.spans import SpanRecord, TraceInfo

_STATUS = {
    "ok": StatusCode.OK,
    "error": StatusCode.ERROR,
    "cancelled": StatusCode.UNSET,
}


def otlp_provider(endpoint: str, *, service: str = "huntgroup") -> TracerProvider:
    """Return a provider that exports to the OTLP/HTTP collector at `endpoint` (its base, without `/v1/traces`).

    The caller must `shutdown()` it, which flushes and may wait for the collector: do that in a thread.
    """
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class OtelSink:
    """One trace per call. Attributes are prefixed `huntgroup.`; personal ones `huntgroup.personal.`, on request."""

    def __init__(self, provider: otel.TracerProvider, *, personal: bool = False) -> None:
        self._tracer = provider.get_tracer("huntgroup")
        self._personal = personal

    def open(self, trace: TraceInfo) -> "OtelCall":
        return OtelCall(self._tracer, trace, self._personal)


class OtelCall:
    """The spans of one call on their way to OpenTelemetry."""

    def __init__(self, tracer: otel.Tracer, trace: TraceInfo, personal: bool) -> None:
        self._tracer = tracer
        self._trace = trace
        self._personal = personal
        self._start_ns = int(trace.started_at.timestamp() * 1_000_000_000)
        self._spans: dict[int, Span] = {}

    def start(self, span: SpanRecord) -> None:
        parent = self._spans.get(span.parent.span_id) if span.parent is not None else None
        context = otel.set_span_in_context(parent, Context()) if parent is not None else Context()
        attributes = {
            "huntgroup.call_id": self._trace.call_id,
            "huntgroup.kind": span.kind,
        }
        if parent is None:
            attributes["huntgroup.team"] = self._trace.team
        self._spans[span.span_id] = self._tracer.start_span(
            span.name,
            context=context,
            attributes=attributes,
            start_time=self._ns(span.start_ms),
        )

    def end(self, span: SpanRecord) -> None:
        live = self._spans[span.span_id]
        live.set_attributes({f"huntgroup.{name}": value for name, value in span.attributes.items()})
        if self._personal:
            live.set_attributes({f"huntgroup.personal.{name}": value for name, value in span.personal.items()})
        live.set_attribute("huntgroup.status", span.status or "ok")
        live.set_status(Status(_STATUS[span.status or "ok"]))
        live.end(self._ns(span.end_ms if span.end_ms is not None else span.start_ms))

    @contextmanager
    def active(self, span: SpanRecord) -> Iterator[None]:
        with otel.use_span(
            self._spans[span.span_id],
            record_exception=False,
            set_status_on_exception=False,
        ):
            yield

    def _ns(self, at_ms: int) -> int:
        return self._start_ns + at_ms * 1_000_000
