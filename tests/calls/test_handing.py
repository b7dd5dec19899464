"""However many spans a call has, its collector gets them all; what cannot be kept is named."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from huntgroup.calls.telemetry import OtelSink, TraceInfo
from huntgroup.calls.telemetry.handing import Handing
from huntgroup.domain.facts import CallerSpoke, Fact

TURNS = 500
STARTED = datetime(2026, 11, 16, 9, tzinfo=UTC)


class SlowExporter(SpanExporter):
    """Takes spans once it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.taken: list[str] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.reached.set()
        self.opened.wait(5)
        self.taken += [span.name for span in spans]
        return SpanExportResult.SUCCESS


class Stuck(SpanProcessor):
    """Takes nothing before it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()

    def on_end(self, span: ReadableSpan) -> None:
        self.opened.wait(5)


def long_call() -> TraceInfo:
    facts: list[Fact] = [
        CallerSpoke(
            call_id="c", seq=n, t_ms=n * 9, turn=n, item_id=f"i{n}", text="so", start_ms=n * 9, end_ms=n * 9 + 5
        )
        for n in range(TURNS)
    ]
    return TraceInfo("c", "clinic", STARTED, lambda: facts)


async def test_a_call_with_more_spans_than_the_queue_holds_is_exported_whole() -> None:
    exporter, provider = SlowExporter(), TracerProvider()
    queue = BatchSpanProcessor(exporter, max_queue_size=64, max_export_batch_size=16)
    provider.add_span_processor(queue)
    sink = OtelSink(provider, handing=Handing(queue, piece=32))
    ending = asyncio.create_task(sink.open(long_call()).finish())
    assert await asyncio.to_thread(exporter.reached.wait, 5)
    # Whoever handed all of them over meanwhile would have lost most of them.
    await asyncio.wait({ending}, timeout=0.3)
    exporter.opened.set()
    await ending
    await asyncio.to_thread(sink.close)
    await asyncio.to_thread(provider.shutdown)
    assert sorted(exporter.taken) == ["call", *["turn"] * TURNS]


async def test_what_is_still_to_be_handed_over_is_waited_for_at_the_end() -> None:
    stuck, provider = Stuck(), TracerProvider()
    provider.add_span_processor(stuck)
    sink = OtelSink(provider)
    finishing = asyncio.create_task(sink.open(long_call()).finish())
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(sink.close))
    await asyncio.wait({closing}, timeout=0.05)
    assert not closing.done()
    stuck.opened.set()
    await asyncio.gather(closing, finishing)


def test_a_collector_that_does_not_keep_up_costs_whole_traces_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handing, opened = Handing(Stuck(), most_waiting=1), threading.Event()
    assert handing.submit(lambda: [None, opened.wait(5)][0]) is not None
    with caplog.at_level(logging.WARNING):
        assert handing.submit(lambda: None) is None
        handing.close(limit_s=0.01)
    opened.set()
    assert [record.getMessage() for record in caplog.records] == [
        "the trace of a call is dropped: the collector does not keep up",
        "the traces of 1 calls are dropped: the collector does not keep up",
    ]
