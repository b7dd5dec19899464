"""A call with a browser: its line, and whichever peer connection is below it."""

from __future__ import annotations

import asyncio

from huntgroup.domain.clock import Clock
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.rtc import OfferRefused, Peer
from huntgroup.server.house import House
from huntgroup.server.livechannel import LiveChannel
from huntgroup.server.webcalls import Visit, WebCalls, WebRefused

# Each costs sockets and a handshake; who comes back so often has no network to talk over.
MOST_OFFERS = 100
_LAST_WORDS_S = 1.0


class BrowserCall:
    """Answers the offers of one call, the first and those of a caller who comes back; hears its peers."""

    def __init__(self, house: House, clock: Clock, visit: Visit) -> None:
        self._house = house
        self._visit = visit
        self._channel: LiveChannel | None = None
        self._answering = asyncio.Lock()
        self._offers = 0
        self._left = visit.left
        self._closing: asyncio.Task[None] | None = None
        self.line = WebRtcLine(clock, return_ms=int(house.settings.web_return_seconds * 1000))

    async def answer(self, offer: str, calls: WebCalls) -> str:
        """Connect a peer by its offer, and begin the call with the first. Raises `WebRefused`."""
        async with self._answering:
            self._offers += 1
            if self._offers > MOST_OFFERS or self._visit.over.is_set():
                raise WebRefused(403, "token_unknown")
            peer = Peer(self, self._house.settings.ice_servers)
            try:
                answer = await peer.answer(offer)
                self._connect(peer, calls)
            except OfferRefused as refused:
                await peer.close()
                raise WebRefused(400, refused.code) from None
            except BaseException:
                await peer.close()
                raise
            return answer

    def _connect(self, peer: Peer, calls: WebCalls) -> None:
        if self._visit.over.is_set():
            raise WebRefused(403, "token_unknown")
        if self.line.is_over:
            # The call is being settled here; what becomes of it, who asks again is told.
            raise WebRefused(503, "later", 1)
        if self._visit.keeper is not self:
            raise WebRefused(409, "other_kind")
        if self._visit.line is None:
            calls.begin(self._visit, self.line)
            self._left = self._visit.left
            self._closing = asyncio.create_task(self._close_when_left(), name="close a browser's call")
        self.line.attach(peer)

    async def _close_when_left(self) -> None:
        await self._left.wait()
        if self._channel is not None:
            await self._channel.finish(_LAST_WORDS_S)
            self._channel.close()
        await self.line.close()

    # -- what the peer tells --------------------------------------------------------------------------------------

    def peer_opened(self, peer: Peer) -> None:
        """The channel is open: it takes the place of the one before."""
        if self._left.is_set():
            return
        if self._channel is not None:
            self._channel.close()
        self._channel = LiveChannel(self._house, self._visit, peer, self.line.report)

    def peer_pressed(self, peer: Peer, key: str) -> None:
        """A key came as an RTP event."""
        self.line.press(key)

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        """A message came on the channel."""
        if self._channel is not None:
            self._channel.take(message)

    def peer_gone(self, peer: Peer) -> None:
        """A connection is over; its caller may come back."""
        self.line.detach(peer)
