"""A model that takes its time: one reply is kept back before its first word, until it is let through."""

import asyncio

from huntgroup.wire import realtime as rt

_FIRST = rt.ResponseOutputAudioTranscriptDelta | rt.ResponseOutputAudioDelta


class Gate:
    """Open until `close`. `waiting` is whether the reply that is to be kept back is there."""

    def __init__(self) -> None:
        self._let_by: int | None = None
        self._begun: set[str] = set()
        self._open = asyncio.Event()
        self.waiting = False

    def close(self, *, let_by: int) -> None:
        """Keep back the next reply that begins to be said after `let_by` others."""
        self._let_by = let_by
        self._begun.clear()
        self._open.clear()

    def open(self) -> None:
        """Let through what is kept back, and all that follows."""
        self._let_by = None
        self.waiting = False
        self._open.set()

    async def passed(self, event: rt.ServerEvent) -> None:
        """Return when this event of a model may be told."""
        if self._let_by is None or not isinstance(event, _FIRST) or event.response_id in self._begun:
            return
        if len(self._begun) < self._let_by:
            self._begun.add(event.response_id)
            return
        self.waiting = True
        await self._open.wait()
