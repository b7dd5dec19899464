"""The live messages of one call over a browser's data channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from huntgroup.calls.turns.hand import Hand
from huntgroup.server.confirming import Confirming
from huntgroup.server.house import House
from huntgroup.server.livefeed import LiveFeed
from huntgroup.server.livehand import carry_out, refusal_of
from huntgroup.server.webcalls import Visit
from huntgroup.wire import live

MOST_UNREAD = 50
_FULL_PAUSE_S = 0.05
_OPENING_TRIES = 60
_TOO_FAST = live.Refused(code="too_fast", message="Messages come faster than they can be carried out.")


class Channel(Protocol):
    """The way to one browser; `rtc.Peer` fits. `say` is False when it is closed, or full for now."""

    @property
    def can_say(self) -> bool: ...

    def say(self, message: str) -> bool: ...


class LiveChannel:
    """Sends the feed of a call, and carries out what the page sends, one message after the other.

    `on_bad` is told the code and the place of what cannot be read. `close` must be called.
    """

    def __init__(
        self,
        house: House,
        visit: Visit,
        channel: Channel,
        on_bad: Callable[[str, str], None],
        *,
        returns_within_ms: int | None = None,
    ) -> None:
        self._house = house
        self._visit = visit
        self._channel = channel
        self._on_bad = on_bad
        self._feed = LiveFeed(
            house,
            visit.call_id,
            house.teams[visit.team],
            token=visit.token,
            expires_in_s=_return_s(house) if returns_within_ms is None else returns_within_ms // 1000,
        )
        self._wishes: asyncio.Queue[live.FromClient] = asyncio.Queue(MOST_UNREAD)
        self._transfers: set[asyncio.Task[None]] = set()
        self._confirming = Confirming(self._feed.push)
        self._sending = asyncio.create_task(self._send(), name="live messages to a browser")
        self._doing = asyncio.create_task(self._do(), name="live messages from a browser")

    def take(self, message: str | bytes) -> None:
        """Take a message of the page."""
        wish = self._read(message)
        if wish is None:
            return
        try:
            self._wishes.put_nowait(wish)
        except asyncio.QueueFull:
            self._feed.push(refusal_of(wish, _TOO_FAST))

    def refuse(self, message: str | bytes, refused: live.Refused) -> None:
        """Tell the page that a message of it was not taken, whatever is in it."""
        wish = self._read(message)
        if wish is not None:
            self._feed.push(refusal_of(wish, refused))

    def _read(self, message: str | bytes) -> live.FromClient | None:
        try:
            return live.decode_client(message)
        except live.BadMessage as bad:
            self._on_bad(bad.code, bad.detail)
            self._feed.push(bad.refusal())
            return None

    async def finish(self, limit_s: float) -> None:
        """Return when the last message was sent, or the time is over."""
        await asyncio.wait({self._sending}, timeout=limit_s)

    def close(self) -> None:
        """Send and do nothing any more."""
        self._feed.close()
        self._confirming.close()
        self._sending.cancel()
        self._doing.cancel()
        for task in tuple(self._transfers):
            task.cancel()

    async def _send(self) -> None:
        while (data := await self._feed.next()) is not None:
            text = data.decode()
            while not self._channel.say(text):
                if not self._channel.can_say:
                    return
                await asyncio.sleep(_FULL_PAUSE_S)

    async def _do(self) -> None:
        while True:
            wish = await self._wishes.get()
            if isinstance(wish, live.Transfer):
                # It takes its time, in which the caller may hang up.
                task = asyncio.create_task(self._carry_out(wish), name="a caller's own transfer")
                self._transfers.add(task)
                task.add_done_callback(self._transfers.discard)
            else:
                await self._carry_out(wish)

    async def _carry_out(self, wish: live.FromClient) -> None:
        hand = await self._hand()
        refused = await carry_out(wish, hand)
        if refused is not None:
            self._feed.push(refused)
        elif hand is not None and isinstance(wish, live.Say) and wish.id is not None:
            self._confirming.taken(wish.id, hand)

    async def _hand(self) -> Hand | None:
        """The call, which may just be opening: what a page sends with its first breath is not lost."""
        for _ in range(_OPENING_TRIES):
            hand = self._house.hand(self._visit.call_id)
            if (hand is not None and hand.is_open) or self._visit.over.is_set():
                return hand
            await asyncio.sleep(_FULL_PAUSE_S)
        return None


def _return_s(house: House) -> int:
    return int(house.settings.web_return_seconds)
