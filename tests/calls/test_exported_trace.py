"""What OpenTelemetry gets of a call is what the desk's page shows of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
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

    def __init__(self, *answers: Any) -> None:
        super().__init__(TEAM, *answers)
        self.exporter, provider = InMemorySpanExporter(), TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.session = CallSession(replace(self.session._around, sinks=(OtelSink(provider),)), TEAM, self.line)


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
