"""The sinks of one call's trace. One that fails is dropped for the rest of the call and never disturbs it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from huntgroup.calls.telemetry.spans import CallSink, SpanRecord, TraceInfo, TraceSink

logger = logging.getLogger(__name__)


class Sinks:
    """All sinks that could be opened for a trace, each told the same in the same order; see `CallSink`."""

    def __init__(self, sinks: Sequence[TraceSink], trace: TraceInfo) -> None:
        self._open: list[CallSink] = []
        for sink in sinks:
            try:
                self._open.append(sink.open(trace))
            except Exception as error:
                logger.warning("a trace sink could not be opened for this call: %s", type(error).__name__)

    def start(self, record: SpanRecord) -> None:
        """A span has begun."""
        self._tell(lambda sink: sink.start(record))

    def end(self, record: SpanRecord) -> None:
        """A span has its end, its status and its last attributes."""
        self._tell(lambda sink: sink.end(record))

    @contextmanager
    def active(self, record: SpanRecord) -> Iterator[None]:
        """Make a span the current one in every sink; a sink that cannot is kept."""
        with ExitStack() as stack:
            for sink in self._open:
                try:
                    stack.enter_context(sink.active(record))
                except Exception as error:
                    logger.warning("a trace sink could not make its span current: %s", type(error).__name__)
            yield

    async def finish(self) -> None:
        """Let the sinks do what takes long; nothing may follow."""
        for sink in list(self._open):
            try:
                await sink.finish()
            except Exception as error:
                logger.warning("a trace sink could not finish: %s", type(error).__name__)

    def _tell(self, step: Callable[[CallSink], None]) -> None:
        for sink in list(self._open):
            try:
                step(sink)
            except Exception as error:
                logger.warning("a trace sink failed and is dropped for this call: %s", type(error).__name__)
                self._open.remove(sink)
