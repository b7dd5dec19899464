"""Spans to OpenTelemetry.

What is exported of a call is its record's trace, the one that the desk shows: there are no two histories of a call. The
spans of the running call serve to hang foreign instrumentation under: a database's span keeps its tool's as its parent.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from opentelemetry import trace as otel
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, Tracer, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.calls.telemetry.handing import Handing
from huntgroup.calls.telemetry.spans import SpanRecord, TraceInfo, Value
from huntgroup.domain.facts import CallResumed, CallStarted, Fact

logger = logging.getLogger(__name__)

_STATUS = {
    "ok": Status(StatusCode.OK),
    "error": Status(StatusCode.ERROR),
    "cancelled": Status(StatusCode.UNSET),
}
MOST_WAIT_S = 1.0
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

    Where the trace has facts, its spans are made of them at `finish`, in a thread of the sink's own and one call after
    the other, so that they take no more than one core's share when many end together, and no faster than they are
    exported (`Handing`); a process that took the call over exports what happened since. Spans are handed to the
    provider's processors whole, which costs a fifth of a live span; `on_start` is not called. The provider's sampler is
    asked once per call. Personal attributes are of the live spans only.
    """

    def __init__(self, provider: TracerProvider, *, personal: bool = False, handing: Handing | None = None) -> None:
        tracer = provider.get_tracer("huntgroup")
        # A provider that is switched off has tracers that do nothing.
        self._tracer = tracer if isinstance(tracer, Tracer) else None
        self._personal = personal
        self._handing = handing or Handing(self._tracer.span_processor if self._tracer else SpanProcessor())

    def open(self, trace: TraceInfo) -> "OtelCall":
        return OtelCall(self._tracer, trace, self._personal, self._handing)

    def close(self) -> None:
        """Return when the traces of all calls are with the provider, or after a while without the rest; blocks.

        The provider is shut down after this.
        """
        self._handing.close()


class OtelCall:
    """The spans of one call on their way to OpenTelemetry."""

    def __init__(self, tracer: Tracer | None, trace: TraceInfo, personal: bool, handing: Handing) -> None:
        self._tracer = tracer
        self._handing = handing
        self._trace = trace
        self._personal = personal
        self._start_ns = int(trace.started_at.timestamp() * 1_000_000_000)
        self._contexts: dict[int, SpanContext] = {}
        self._tools: dict[Value, SpanRecord] = {}
        self._trace_id, self._flags = _begin_trace(tracer)

    def start(self, span: SpanRecord) -> None:
        self._contexts[span.span_id] = self._new_context()
        if span.kind == "tool":
            self._tools[span.attributes["tool_call_id"]] = span

    def end(self, span: SpanRecord) -> None:
        if self._is_wanted and self._trace.facts is None:
            self._export_live(span)

    async def finish(self) -> None:
        """Export the record's spans; returns when they are with the provider, or after `MOST_WAIT_S` without them.

        Whoever goes on before, or is cancelled, leaves the thread at work: the spans are exported all the same.
        """
        if self._is_wanted and self._trace.facts is not None:
            facts = self._trace.facts()
            done = self._handing.submit(partial(self._export_safely, facts))
            if done is not None:
                await asyncio.wait({asyncio.wrap_future(done)}, timeout=MOST_WAIT_S)

    @property
    def _is_wanted(self) -> bool:
        return self._tracer is not None and self._flags.sampled

    def _export_safely(self, facts: Sequence[Fact]) -> None:
        try:
            self._export_record(facts)
        except Exception as error:
            logger.warning("the trace of a call could not be exported: %s", type(error).__name__)

    def _export_live(self, span: SpanRecord) -> None:
        status = span.status or "ok"
        attributes = self._attributes(span.kind, status, span.attributes, is_root=span.parent is None)
        if self._personal:
            attributes.update({f"huntgroup.personal.{name}": value for name, value in span.personal.items()})
        parent = self._contexts[span.parent.span_id] if span.parent is not None else None
        times = self._ns(span.start_ms), self._ns(span.end_ms if span.end_ms is not None else span.start_ms)
        assert self._tracer is not None
        context = self._contexts[span.span_id]
        self._tracer.span_processor.on_end(self._whole(span.name, context, parent, attributes, status, times))

    def _export_record(self, facts: Sequence[Fact]) -> None:
        """Export the spans of the call's record, from when this process has it."""
        started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
        if started is not None:
            self._start_ns = int(datetime.fromisoformat(started.started_at).timestamp() * 1_000_000_000)
        since_ms = max((fact.t_ms for fact in facts if isinstance(fact, CallResumed)), default=0)
        spans = spans_of(facts)
        contexts = {span["id"]: self._context_of(span) for span in spans}
        for span in (one for one in spans if one["end_ms"] >= since_ms):
            self._export_recorded(span, contexts)

    def _export_recorded(self, span: dict[str, Any], contexts: dict[int, SpanContext]) -> None:
        is_root = span["parent"] is None
        attributes = self._attributes(span["kind"], span["status"], span["attributes"], is_root=is_root)
        tool = self._tools.get(span["attributes"].get("tool_call_id", ""))
        if self._personal and tool is not None:
            attributes.update({f"huntgroup.personal.{name}": value for name, value in tool.personal.items()})
        parent = None if is_root else contexts[span["parent"]]
        times = self._ns(span["start_ms"]), self._ns(span["end_ms"])
        whole = self._whole(span["name"], contexts[span["id"]], parent, attributes, span["status"], times)
        self._handing.hand(whole)

    def _context_of(self, span: dict[str, Any]) -> SpanContext:
        """Return the context of the live span that is the same, where foreign spans may hang; else a new one."""
        if span["parent"] is None:
            return self._contexts.get(0, self._new_context())
        tool = self._tools.get(span["attributes"].get("tool_call_id", ""))
        return self._contexts[tool.span_id] if tool is not None and span["kind"] == "tool" else self._new_context()

    def _new_context(self) -> SpanContext:
        if self._tracer is None:
            return INVALID_SPAN_CONTEXT
        own_id = self._tracer.id_generator.generate_span_id()
        return SpanContext(self._trace_id, own_id, is_remote=False, trace_flags=self._flags)

    def _whole(
        self,
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        attributes: dict[str, Value],
        status: str,
        times: tuple[int, int],
    ) -> ReadableSpan:
        assert self._tracer is not None
        return ReadableSpan(
            name, context=context, parent=parent, resource=self._tracer.resource, attributes=attributes,
            status=_STATUS[status], start_time=times[0], end_time=times[1], instrumentation_scope=_SCOPE,
        )  # fmt: skip

    @contextmanager
    def active(self, span: SpanRecord) -> Iterator[None]:
        here = NonRecordingSpan(self._contexts.get(span.span_id, INVALID_SPAN_CONTEXT))
        with otel.use_span(here, record_exception=False, set_status_on_exception=False):
            yield

    def _attributes(self, kind: str, status: str, given: Mapping[str, Value], *, is_root: bool) -> dict[str, Value]:
        own: dict[str, Value] = {"call_id": self._trace.call_id, "kind": kind, "status": status}
        if is_root:
            own["team"] = self._trace.team
        return {f"huntgroup.{name}": value for name, value in {**own, **given}.items()}

    def _ns(self, at_ms: int) -> int:
        return self._start_ns + at_ms * 1_000_000


def _begin_trace(tracer: Tracer | None) -> tuple[int, TraceFlags]:
    """A trace's id, and whether the sampler wants it."""
    if tracer is None:
        return 0, TraceFlags(TraceFlags.DEFAULT)
    trace_id = tracer.id_generator.generate_trace_id()
    decision = tracer.sampler.should_sample(None, trace_id, "call").decision
    return trace_id, TraceFlags(TraceFlags.SAMPLED if decision is Decision.RECORD_AND_SAMPLE else TraceFlags.DEFAULT)
