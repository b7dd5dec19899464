"""What lines of pages have in common: their events lie in an inbox until the call takes them."""

from __future__ import annotations

import asyncio

from huntgroup.calls.ports import LineEnded, LineEvent
from huntgroup.domain.clock import Clock
from huntgroup.lines.inbox import LineInbox
from huntgroup.lines.presence import Presence
from huntgroup.media.formats import PCMU_8K, AudioFormat


class InboxedLine:
    """The receiving half of a `Line`; subclasses post to `_inbox`, and end it once."""

    def __init__(self) -> None:
        self._inbox = LineInbox()

    @property
    def was_lost(self) -> bool:
        """Whether the line ended without a goodbye from either side."""
        return self._inbox.was_lost

    @property
    def is_over(self) -> bool:
        """Whether the line has ended, for whatever reason."""
        return self._inbox.ended is not None

    async def receive(self) -> LineEvent:
        """Return the next event; `LineEnded` for ever after the end. Cancelling loses nothing."""
        return await self._inbox.receive()

    def report(self, code: str, detail: str = "") -> None:
        """Something malformed came and was dropped; a flood of it is reported only in its beginning."""
        self._inbox.report(code, detail)


class SoundlessLine(InboxedLine):
    """A line that carries no sound of its own, and whose page may come and go: silence stands for what is said on it.

    `attach` when a page is there, `detach` when it is gone; one that does not come back within `return_ms` is lost.
    """

    def __init__(self, clock: Clock, return_ms: int) -> None:
        super().__init__()
        self._clock = clock
        self._opened_ms = clock.now_ms()
        self.return_ms = return_ms
        self._over = asyncio.Event()
        self._presence = Presence(clock, return_ms, lambda: self._end(LineEnded("page_lost", lost=True)))

    @property
    def format(self) -> AudioFormat:
        """A format for the silence."""
        return PCMU_8K

    def now_ms(self) -> int:
        """Milliseconds since the line was opened."""
        return self._clock.now_ms() - self._opened_ms

    def attach(self) -> None:
        """A page is there."""
        self._presence.attach()

    def detach(self) -> None:
        """A page is gone; the line waits a while for it to come back."""
        self._presence.detach()

    def _end(self, ended: LineEnded) -> bool:
        """End the line; False when it is over already."""
        if not self._inbox.end(ended):
            return False
        self._over.set()
        self._presence.close()
        return True
