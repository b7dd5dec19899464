"""A caller who writes: a `Line` without sound, whose page may come and go."""

from __future__ import annotations

import asyncio

from huntgroup.calls.ports import LineEnded, LineEvent, LineMark
from huntgroup.domain.clock import Clock
from huntgroup.lines.inbox import LineInbox
from huntgroup.lines.presence import Presence
from huntgroup.media.formats import PCMU_8K, AudioFormat

RETURN_MS = 60_000


class ChatLine:
    """`Line` of one written call. What is delivered is heard at once, and while no page is there nothing is.

    `attach` when a page is there, `detach` when it is gone; one that does not come back within `RETURN_MS` is lost.
    Words travel by the live feed and not by the line, which only keeps their account: `written` tells the call so.
    """

    kind = "chat"
    written = True
    return_ms = RETURN_MS

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._opened_ms = clock.now_ms()
        self._inbox = LineInbox()
        self._pending: list[str] = []
        self._over = asyncio.Event()
        self._presence = Presence(clock, self.return_ms, lambda: self._end(LineEnded("page_lost", lost=True)))

    # -- the call's side: Line --------------------------------------------------------------------------------------

    @property
    def format(self) -> AudioFormat:
        """A format for the silence that words are counted in."""
        return PCMU_8K

    @property
    def was_lost(self) -> bool:
        """Whether the page went away for good without a goodbye."""
        return self._inbox.was_lost

    @property
    def is_over(self) -> bool:
        """Whether the line has ended, for whatever reason."""
        return self._inbox.ended is not None

    def now_ms(self) -> int:
        """Milliseconds since the line was opened."""
        return self._clock.now_ms() - self._opened_ms

    async def receive(self) -> LineEvent:
        """Return the next event; `LineEnded` for ever after the end."""
        return await self._inbox.receive()

    def play(self, audio: bytes) -> None:
        """Take silence that stands for words; reading takes no time that anybody could know."""

    def mark(self, name: str) -> None:
        """Echo a mark as soon as a page is there to have got what was before it."""
        if self._inbox.ended is not None:
            return
        if self._presence.is_here:
            self._inbox.post(LineMark(name))
        else:
            self._pending.append(name)

    def clear(self) -> None:
        """Give back the marks of what nobody has got."""
        self._echo_pending()

    async def pump(self) -> None:
        """Return when the line is over: there is nothing to write."""
        await self._over.wait()

    async def hang_up(self) -> None:
        """Close the line; the feed tells the page."""
        self._end(LineEnded("hung_up_by_us", lost=False))

    # -- the page's side --------------------------------------------------------------------------------------------

    def attach(self) -> None:
        """A page is there."""
        self._presence.attach()
        self._echo_pending()

    def detach(self) -> None:
        """A page is gone; the line waits a while for it to come back."""
        self._presence.detach()

    def report(self, code: str, detail: str = "") -> None:
        """The page sent something malformed, which was dropped; a flood of it is told only in its beginning."""
        self._inbox.report(code, detail)

    def _echo_pending(self) -> None:
        pending, self._pending = self._pending, []
        for name in pending:
            self._inbox.post(LineMark(name))

    def _end(self, ended: LineEnded) -> None:
        if self._inbox.end(ended):
            self._over.set()
            self._presence.close()
