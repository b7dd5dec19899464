"""What OpenTelemetry gets of a call is what the desk's page shows of it."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from huntgroup.calls.session import CallSession
from huntgroup.calls.telemetry import OtelSink
from huntgroup.domain.facts import CallStarted, Fact, decode_any, encode_fact
from huntgroup.server.views import whole_call
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import TEAM

TRANSFER = use("transfer_to_expert", '{"question": "why?", "secret": "x"}')
OWN = ("call_id", "kind", "status")


class TracedDesk(CallDesk):
    """A call that is told to OpenTelemetry."""

    def __init__(self, *answers: Any, processor: SpanProcessor | None = None) -> None:
        super().__init__(TEAM, *answers)
        self.exporter, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(processor or SimpleSpanProcessor(self.exporter))
        self.session = CallSession(replace(self.session._around, sinks=(OtelSink(provider),)), TEAM, self.line)


class Gate(SpanProcessor):
    """Lets spans through once it is opened; `passed` says of each whether it was."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.passed: list[bool] = []

    def on_end(self, span: ReadableSpan) -> None:
        self.reached.set()
        self.passed.append(self.opened.wait(5))


class Broken(SpanProcessor):
    """Takes nothing."""

    def on_end(self, span: ReadableSpan) -> None:
        raise RuntimeError("Ann is down")


def on_the_page(facts: Sequence[Fact]) -> list[Any]:
    """The spans of the desk's page, of the record as it is stored."""
    stored = [decode_any(encode_fact(fact).decode()) for fact in facts]
    spans = whole_call("call_1", stored, None)["trace"]
    names = {span["id"]: span["name"] for span in spans}
    return sorted(
        (span["start_ms"], span["end_ms"], span["kind"], span["name"], span["status"], names.get(span["parent"], ""),
         {name: str(value) for name, value in span["attributes"].items()})
        for span in spans
    )  # fmt: skip


def exported(spans: Sequence[ReadableSpan], started_at: str) -> list[Any]:
    """The same of what was exported."""
    names = {span.context.span_id: span.name for span in spans}
    start_ns = int(datetime.fromisoformat(started_at).timestamp() * 1_000_000_000)
    found = []
    for span in spans:
        given = {name.removeprefix("huntgroup."): value for name, value in (span.attributes or {}).items()}
        assert span.start_time is not None and span.end_time is not None
        times = ((at - start_ns) // 1_000_000 for at in (span.start_time, span.end_time))
        parent = names[span.parent.span_id] if span.parent is not None else ""
        rest = {name: str(value) for name, value in given.items() if name not in OWN}
        found.append((*times, given["kind"], span.name, given["status"], parent, rest))
    return sorted(found)


async def test_the_spans_of_the_page_are_those_exported() -> None:
    back = use("return_to_desk", '{"outcome": "answered"}')
    long = say("There is tea, and a long story about it that nobody wants to hear.")
    async with TracedDesk(
        say("Hello."), use("look", '{"what": "tea"}'), long, use("fail"), say("Sorry."), TRANSFER, say("Because."),
        back, say("Bye."),
    ) as call:  # fmt: skip
        await call.speak("Look.")
        await call.pass_ms(1_000)
        for words in ("No, fail.", "Why?", "Thanks."):
            await call.say(words)
    page = on_the_page(call.session.log.facts)
    assert exported(call.exporter.get_finished_spans(), call.of(CallStarted)[0].started_at) == page
    assert {span[2] for span in page} >= {"call", "turn", "response", "tool", "handoff"}
    assert {span[4] for span in page} == {"ok", "error"}


async def test_other_calls_go_on_while_the_trace_of_an_ended_one_is_built() -> None:
    gate = Gate()
    call = TracedDesk(say("Hello."), processor=gate)
    async with call:
        call.line.caller_hangs_up()
        ending = asyncio.create_task(call.over())
        # Were it built on the loop, nobody could open the gate.
        assert await asyncio.to_thread(gate.reached.wait, 5)
        assert not ending.done()
        gate.opened.set()
        assert await ending == "caller_hung_up"
    assert gate.passed
    assert all(gate.passed)


async def test_a_call_that_is_cancelled_at_its_end_leaves_its_trace_to_the_thread() -> None:
    gate = Gate()
    call = TracedDesk(say("Hello."), processor=gate)
    async with call:
        call.line.caller_hangs_up()
        ending = asyncio.create_task(call.session.tracer.finish())
        assert await asyncio.to_thread(gate.reached.wait, 5)
        ending.cancel()
        gate.opened.set()
    assert len(gate.passed) == 2 * len(on_the_page(call.session.log.facts))
    assert all(gate.passed)


async def test_a_trace_that_cannot_be_exported_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        async with TracedDesk(say("Hello."), processor=Broken()) as call:
            assert call.spoken == ["Hello."]
    assert [record.message for record in caplog.records] == ["the trace of a call could not be exported: RuntimeError"]
