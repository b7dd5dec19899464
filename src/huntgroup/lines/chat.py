"""A caller who writes: a `Line` without sound, whose page may come and go."""

from __future__ import annotations

from huntgroup.calls.ports import LineEnded, LineMark
from huntgroup.domain.clock import Clock
from huntgroup.lines.inboxed import SoundlessLine

RETURN_MS = 60_000


class ChatLine(SoundlessLine):
    """`Line` of one written call. What is delivered is heard at once, and while no page is there nothing is.

    Words travel by the live feed and not by the line, which only keeps their account: `written` tells the call so.
    """

    kind = "chat"
    written = True

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, RETURN_MS)
        self._pending: list[str] = []

    # -- the call's side: Line --------------------------------------------------------------------------------------

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
        super().attach()
        self._echo_pending()

    def _echo_pending(self) -> None:
        pending, self._pending = self._pending, []
        for name in pending:
            self._inbox.post(LineMark(name))
