"""The call's trace arrives whole in its own summary, in OpenTelemetry and in the Agents SDK's processors."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from agents import tracing
from agents.tracing.processors import default_processor
from agents.tracing.provider import DefaultTraceProvider
from agents.tracing.setup import get_trace_provider, set_trace_provider
from opentelemetry import trace as otel
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from huntgroup.calls.telemetry import (
    AgentsSdkSink,
    OtelSink,
    SpanRecord,
    TraceInfo,
    TraceSink,
    stop_vendor_export,
)
from huntgroup.calls.telemetry.tracing import CallTracer


class HandClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.ms = 5_000

    def now_ms(self) -> int:
        return self.ms

    def utc_now(self) -> datetime:
        return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    async def sleep_ms(self, ms: int) -> None:
        self.ms += ms


class Collector(tracing.TracingProcessor):
    """Keeps what the SDK's tracing hands on."""

    def __init__(self) -> None:
        self.traces: list[tracing.Trace] = []
        self.ended_traces: list[tracing.Trace] = []
        self.spans: list[tracing.Span[Any]] = []

    def on_trace_start(self, trace: tracing.Trace) -> None:
        self.traces.append(trace)

    def on_trace_end(self, trace: tracing.Trace) -> None:
        self.ended_traces.append(trace)

    def on_span_start(self, span: tracing.Span[Any]) -> None: ...

    def on_span_end(self, span: tracing.Span[Any]) -> None:
        self.spans.append(span)

    def shutdown(self) -> None: ...

    def force_flush(self) -> None: ...

    def named(self, kind: str) -> tracing.Span[Any]:
        return next(span for span in self.spans if span.span_data.type == kind)


class BrokenSink:
    """Fails at its first span."""

    def __init__(self) -> None:
        self.seen = 0

    def open(self, trace: TraceInfo) -> "BrokenSink":
        return self

    def start(self, span: SpanRecord) -> None:
        self.seen += 1
        raise RuntimeError("down")

    def end(self, span: SpanRecord) -> None:
        self.seen += 1

    async def finish(self) -> None:
        self.seen += 1

    def active(self, span: SpanRecord) -> AbstractContextManager[None]:
        return nullcontext()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(exporter: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return provider


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector behind a trace provider of its own."""
    before = get_trace_provider()
    collector = Collector()
    mine = DefaultTraceProvider()
    mine.register_processor(collector)
    set_trace_provider(mine)
    yield collector
    set_trace_provider(before)


def trace_a_call(clock: HandClock, *sinks: TraceSink) -> CallTracer:
    """One turn with a response, a tool, a guardrail, a handoff and a consult; the tool fails."""
    tracer = CallTracer("call_1", "clinic", clock, sinks)
    clock.ms += 100
    turn = tracer.turn(1, agent="desk")
    response = tracer.response("resp_1", "desk", reason="caller")
    tracer.guardrail("no_advice", "resp_1").set(triggered=True).end()
    clock.ms += 50
    response.set(input_tokens=10, output_tokens=5).end()
    tool = tracer.tool("find_slot", "desk", "fc_1").set_personal(arguments='{"name": "Ann"}')
    clock.ms += 30
    tool.set(error="tool_failed").end("error")
    tracer.consult("nurse", "desk").end()
    handoff = tracer.handoff("desk", "nurse")
    clock.ms += 20
    handoff.set(gap_ms=420).end(at_ms=180)
    turn.end()
    tracer.end("caller_hung_up")
    return tracer


def test_the_summary_has_every_kind_in_order(clock: HandClock) -> None:
    summary = trace_a_call(clock).trace_summary()
    kinds = [span["kind"] for span in summary]
    assert kinds == ["call", "turn", "response", "guardrail", "tool", "consult", "handoff"]
    assert [(span["start_ms"], span["end_ms"]) for span in summary[:3]] == [(0, 200), (100, 200), (100, 150)]


def test_times_come_from_the_line_when_it_is_given(clock: HandClock) -> None:
    line = HandClock()
    tracer = CallTracer("call_1", "clinic", clock, [], time_source=line)
    line.ms += 7_000
    tracer.end("caller_hung_up")
    assert tracer.trace_summary()[0]["end_ms"] == 7_000


def test_a_second_end_changes_nothing(clock: HandClock) -> None:
    tracer = CallTracer("call_1", "clinic", clock, [])
    tool = tracer.tool("find_slot", "desk", "fc_1")
    tool.end("error")
    clock.ms += 10
    tool.end("ok")
    assert tracer.trace_summary()[1]["status"] == "error"
    assert tracer.trace_summary()[1]["end_ms"] == 0


def test_what_is_open_ends_with_the_call(clock: HandClock) -> None:
    tracer = CallTracer("call_1", "clinic", clock, [])
    tracer.turn(1)
    tracer.response("resp_1", "desk")
    tracer.end("line_lost", status="error")
    assert [span["status"] for span in tracer.trace_summary()] == ["error", "ok", "cancelled"]


def test_the_next_turn_ends_the_one_before(clock: HandClock) -> None:
    tracer = CallTracer("call_1", "clinic", clock, [])
    first = tracer.turn(1)
    tracer.turn(2)
    assert first.ended


def test_opentelemetry_gets_one_tree(
    clock: HandClock, provider: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    trace_a_call(clock, OtelSink(provider))
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert len({span.context.trace_id for span in spans.values()}) == 1
    assert spans["call"].parent is None
    assert spans["turn"].parent.span_id == spans["call"].context.span_id
    assert spans["guardrail no_advice"].parent.span_id == spans["response"].context.span_id


def test_opentelemetry_gets_times_status_and_gap(
    clock: HandClock, provider: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    trace_a_call(clock, OtelSink(provider))
    spans = {span.name: span for span in exporter.get_finished_spans()}
    response, handoff = spans["response"], spans["handoff desk to nurse"]
    assert response.end_time - response.start_time == 50_000_000
    assert handoff.attributes["huntgroup.gap_ms"] == 420
    assert spans["tool find_slot"].status.status_code is otel.StatusCode.ERROR


@pytest.mark.parametrize(("personal", "shown"), [(False, False), (True, True)])
def test_personal_attributes_leave_only_on_request(
    clock: HandClock, provider: TracerProvider, exporter: InMemorySpanExporter, personal: bool, shown: bool
) -> None:
    trace_a_call(clock, OtelSink(provider, personal=personal))
    assert ("Ann" in str([dict(span.attributes) for span in exporter.get_finished_spans()])) is shown


def test_the_sdk_gets_one_trace_with_its_own_span_types(clock: HandClock, collector: Collector) -> None:
    trace_a_call(clock, AgentsSdkSink())
    assert [trace.export()["group_id"] for trace in collector.ended_traces] == ["call_1"]
    kinds = {span.span_data.type for span in collector.spans}
    assert kinds == {"turn", "response", "guardrail", "function", "custom", "handoff"}
    assert len({span.trace_id for span in collector.spans}) == 1


def test_the_sdk_gets_details_and_no_personal_data(clock: HandClock, collector: Collector) -> None:
    trace_a_call(clock, AgentsSdkSink())
    assert collector.named("response").export()["span_data"]["response_id"] == "resp_1"
    assert collector.named("guardrail").span_data.triggered
    error = collector.named("function").error
    assert error is not None
    assert error["message"] == "tool_failed"
    assert collector.named("handoff").span_data.to_agent == "nurse"
    assert "Ann" not in str([span.export() for span in collector.spans])


def test_foreign_spans_attach_to_the_active_one(
    clock: HandClock, provider: TracerProvider, exporter: InMemorySpanExporter, collector: Collector
) -> None:
    tracer = CallTracer("call_1", "clinic", clock, [OtelSink(provider), AgentsSdkSink()])
    tool = tracer.tool("find_slot", "desk", "fc_1")
    with tool.active():
        provider.get_tracer("database").start_span("SELECT").end()
        with tracing.custom_span("inner"):
            pass
    tool.end()
    tracer.end("caller_hung_up")
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert spans["SELECT"].parent.span_id == spans["tool find_slot"].context.span_id
    assert collector.named("custom").parent_id == collector.named("function").span_id


def test_a_broken_sink_is_dropped_and_the_others_go_on(
    clock: HandClock, provider: TracerProvider, exporter: InMemorySpanExporter
) -> None:
    broken = BrokenSink()
    tracer = trace_a_call(clock, broken, OtelSink(provider))
    assert broken.seen == 1
    assert len(exporter.get_finished_spans()) == len(tracer.trace_summary())


def test_the_vendor_export_goes_and_added_processors_stay(collector: Collector) -> None:
    provider = get_trace_provider()
    provider.register_processor(default_processor())
    stop_vendor_export()
    assert provider._multi_processor._processors == (collector,)  # type: ignore[attr-defined]
