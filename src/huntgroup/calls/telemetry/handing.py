"""Spans handed to a provider in a thread of their own, no faster than it gets rid of them."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

logger = logging.getLogger(__name__)

# Half of what a `BatchSpanProcessor` holds by default: other instrumentation needs room there, too.
PIECE_SPANS = 1_024
MOST_WAITING = 256
CLOSE_LIMIT_S = 10.0


class Handing:
    """One thread that builds the spans of one call after the other and hands them over.

    A processor's queue drops what it has no room for. So after every `piece` spans it is emptied first, and this thread
    waits for that; whatever is dropped because a collector does not keep up, or is away, is named in the log.
    """

    def __init__(self, processor: SpanProcessor, *, piece: int = PIECE_SPANS, most_waiting: int = MOST_WAITING) -> None:
        self._processor = processor
        self._piece = piece
        self._handed = 0
        self._room = threading.Semaphore(most_waiting)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="trace export")
        self._open: set[Future[None]] = set()

    def submit(self, work: Callable[[], None]) -> Future[None] | None:
        """Have a call's spans handed over by `work`, which calls `hand`; None when too many calls wait already."""
        if not self._room.acquire(blocking=False):
            logger.warning("the trace of a call is dropped: the collector does not keep up")
            return None
        done = self._worker.submit(work)
        self._open.add(done)
        done.add_done_callback(self._was_done)
        return done

    def hand(self, span: ReadableSpan) -> None:
        """Hand a span over; waits while there is no room. Only within `work`."""
        if self._handed >= self._piece:
            self._processor.force_flush()
            self._handed = 0
        self._handed += 1
        self._processor.on_end(span)

    def close(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Return when all is handed over, or after `limit_s` without the rest; blocks. Nothing may be submitted later.

        The provider is to be shut down after this.
        """
        left = wait(list(self._open), timeout=limit_s).not_done
        if left:
            logger.warning("the traces of %d calls are dropped: the collector does not keep up", len(left))
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _was_done(self, done: Future[None]) -> None:
        self._open.discard(done)
        self._room.release()
