"""A call with a browser: its line, and whichever peer connection is below it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from huntgroup.domain.clock import Clock
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.rtc import Offer, OfferRefused, Peer, read_offer
from huntgroup.server.house import House
from huntgroup.server.iceservers import network
from huntgroup.server.livechannel import LiveChannel
from huntgroup.server.webcalls import Visit, WebCalls, WebRefused

# Each costs sockets and a handshake; who comes back so often has no network to talk over.
MOST_OFFERS = 100
_LAST_WORDS_S = 1.0


_STATUS = {"no_port": 503, "connection_gone": 409}


@dataclass(frozen=True)
class Answer:
    """The answer to an offer, and what became of our TURN server: none, ready, refused, unreachable."""

    sdp: str
    relay: str


class BrowserCall:
    """Answers the offers of one call, the first and those of a caller who comes back; hears its peers."""

    def __init__(self, house: House, clock: Clock, visit: Visit) -> None:
        self._house = house
        self._visit = visit
        self._clock = clock
        self._peer: Peer | None = None
        self._known: set[object] = set()
        self._channel: LiveChannel | None = None
        self._answering = asyncio.Lock()
        self._offers = 0
        self._left = visit.left
        self._closing: asyncio.Task[None] | None = None
        self.line = WebRtcLine(clock, return_ms=int(house.settings.web_return_seconds * 1000))

    async def answer(self, offer: str, calls: WebCalls) -> Answer:
        """Answer an offer: the first begins the call; one of another connection takes the place of the one before.

        One of the same connection is answered by the peer that is there: it may restart ICE. Raises `WebRefused`.
        """
        async with self._answering:
            self._offers += 1
            if self._visit.over.is_set():
                raise WebRefused(403, "token_unknown")
            if self._offers > MOST_OFFERS:
                raise WebRefused(429, "too_many_offers")
            try:
                read = read_offer(offer)
                if self._peer is not None and self._peer.continues(read):
                    return await self._answered(self._peer, read)
                if read.connection in self._known:
                    # Another page, or another connection of this one, has taken its place.
                    raise OfferRefused("connection_gone")
                return await self._answered_anew(read, calls)
            except OfferRefused as refused:
                raise WebRefused(_STATUS.get(refused.code, 400), refused.code) from None

    async def _answered(self, peer: Peer, offer: Offer) -> Answer:
        sdp = await peer.answer(offer)
        return Answer(sdp, peer.relay)

    async def _answered_anew(self, offer: Offer, calls: WebCalls) -> Answer:
        peer = Peer(self, network(self._house.settings, self._clock, self._visit.call_id))
        try:
            answer = await self._answered(peer, offer)
            self._connect(peer, calls)
        except BaseException:
            await peer.close()
            raise
        self._peer = peer
        self._known.add(offer.connection)
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
