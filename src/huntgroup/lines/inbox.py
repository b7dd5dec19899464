"""What a line has for its call: events in order, up to the end of the line."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from huntgroup.calls.ports import LineBadInput, LineEnded, LineEvent

MAX_REPORTS_PER_PROBLEM = 20


class LineInbox:
    """Events of one line. The end comes once, is the last event, and is received again and again.

    `problems` counts what was malformed, by code.
    """

    def __init__(self) -> None:
        self._events: deque[LineEvent] = deque()
        self._has_event = asyncio.Event()
        self.ended: LineEnded | None = None
        self.problems: Counter[str] = Counter()

    @property
    def was_lost(self) -> bool:
        """Whether the line ended without a goodbye from either side."""
        return self.ended is not None and self.ended.lost

    def post(self, event: LineEvent) -> None:
        """Add an event; nothing after the end."""
        if self.ended is None:
            self._events.append(event)
            self._has_event.set()

    def end(self, ended: LineEnded) -> bool:
        """End the line; False when it is over already."""
        if self.ended is not None:
            return False
        self.post(ended)
        self.ended = ended
        return True

    def report(self, code: str, detail: str = "") -> None:
        """Note something malformed that was dropped; a flood of it is told to the call only in its beginning."""
        self.problems[code] += 1
        if self.problems[code] <= MAX_REPORTS_PER_PROBLEM:
            self.post(LineBadInput(code, detail))

    async def receive(self) -> LineEvent:
        """Return the next event; `LineEnded` for ever after the end. Cancelling loses nothing."""
        while not self._events:
            if self.ended is not None:
                return self.ended
            self._has_event.clear()
            await self._has_event.wait()
        return self._events.popleft()
