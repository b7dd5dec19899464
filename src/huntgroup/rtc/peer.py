"""One browser's peer connection."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Protocol

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from huntgroup.rtc.agent import Network, Relay
from huntgroup.rtc.description import with_key_events
from huntgroup.rtc.ice import RestartableIce
from huntgroup.rtc.inbound import Inbound
from huntgroup.rtc.offers import Offer, OfferRefused, read_offer
from huntgroup.rtc.outbound import OutboundTrack

log = logging.getLogger(__name__)

CHANNEL = "huntgroup"
_ANSWER_LIMIT_S = 15.0
_CLOSE_LIMIT_S = 2.0
_LAST_WORDS_LOOKS, _LOOK_EVERY_S = 25, 0.02
_MOST_UNSENT_BYTES = 1 << 20
_MOST_UNASKED_BYTES = 1 << 20
_ANSWER_FAILURES = (ValueError, LookupError, AttributeError, AssertionError, OSError)


class PeerEvents(Protocol):
    """Who hears what the browser does. Every method must be quick."""

    def peer_opened(self, peer: Peer) -> None:
        """The channel of messages is open."""
        ...

    def peer_pressed(self, peer: Peer, key: str) -> None:
        """A telephone key came as an RTP event."""
        ...

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        """A message came on the channel."""
        ...

    def peer_gone(self, peer: Peer) -> None:
        """The connection is over, whoever ended it; told once, and not after `close`."""
        ...


class Peer:
    """Answers the offers of one connection, and carries sound, and messages on the `channel` that the browser opens.

    The holder calls `play` and `take` every 20 ms, whatever there is to play; `close` must follow.
    """

    def __init__(self, events: PeerEvents, network: Network | None = None, *, channel: str = CHANNEL) -> None:
        self._label = channel
        self._events = events
        # The servers are for our own agent: aiortc's is never used.
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._connection = RTCPeerConnection(configuration)
        self._ice = RestartableIce(network if network is not None else Network())
        self._out = OutboundTrack()
        self._in: Inbound | None = None
        self._channel: RTCDataChannel | None = None
        self._offer: Offer | None = None
        self._signs, self._signless_frames = 0, 0
        self._is_flooded = False
        self._is_closed = False

    async def answer(self, offer: str | Offer) -> str:
        """Return the answer to an offer, with all our candidates in it. Raises `OfferRefused`; `close` must follow.

        A later offer must be one that this connection `continues`; with other ICE names in it ICE begins anew, and
        sound and messages go on meanwhile. When it is refused, the connection stays as it was.
        """
        read = read_offer(offer) if isinstance(offer, str) else offer
        if self._offer is not None and not (self.is_open and self.continues(read)):
            raise OfferRefused("connection_gone")
        try:
            async with asyncio.timeout(_ANSWER_LIMIT_S):
                answer = await self._answered(read)
        except TimeoutError:
            raise OfferRefused("no_answer") from None
        except OfferRefused:
            raise
        except Exception as error:
            # aiortc and aioice answer a malformed offer with whatever breaks first.
            raise OfferRefused("bad_offer" if isinstance(error, _ANSWER_FAILURES) else "no_answer") from error
        self._offer = read
        return answer

    def continues(self, offer: Offer) -> bool:
        """Whether an offer comes from the page's same connection as the one before."""
        return self._offer is not None and offer.connection == self._offer.connection

    @property
    def is_open(self) -> bool:
        """Whether the connection can still be talked over, or come to that."""
        return not self._is_closed and self._connection.connectionState not in ("failed", "closed")

    @property
    def relay(self) -> Relay:
        """What became of the TURN server when our candidates were gathered."""
        return self._ice.relay

    @property
    def is_sending(self) -> bool:
        """Whether what is played reaches the network."""
        return self._out.is_read and not self._is_closed

    @property
    def can_say(self) -> bool:
        """Whether the channel of messages is open."""
        return self._channel is not None and self._channel.readyState == "open"

    @property
    def silent_frames(self) -> int | None:
        """How many frames were taken since anything came from the browser; None before it sent first."""
        return self._signless_frames if self._signs else None

    @property
    def soundless_frames(self) -> int | None:
        """How many frames were taken since a packet of sound came; None before the first."""
        return self._in.silent_pulls if self._in is not None else None

    @property
    def lost_packets(self) -> int:
        """How many of the browser's packets never came, or too late."""
        return self._in.lost if self._in is not None else 0

    def play(self, pcm16: bytes) -> None:
        """Send exactly 20 ms of PCM16 mono at 24 kHz."""
        if not self._is_closed:
            self._out.push(pcm16)

    def take(self) -> bytes | None:
        """The browser's next 20 ms in that format; None when nothing came."""
        self._look_at_window()
        signs = self._ice.signs
        self._signless_frames = 0 if signs != self._signs else self._signless_frames + 1
        self._signs = signs
        return self._in.take() if self._in is not None else None

    def say(self, message: str) -> bool:
        """Send a message; False when the channel is not open, or the browser takes nothing any more."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > _MOST_UNSENT_BYTES:
            return False
        channel.send(message)
        return True

    async def close(self) -> None:
        """Close the connection, within two seconds; safe to repeat."""
        if self._is_closed:
            return
        self._is_closed = True
        await self._let_words_out()
        self._out.stop()
        with contextlib.suppress(TimeoutError, ConnectionError, OSError):
            async with asyncio.timeout(_CLOSE_LIMIT_S):
                await self._connection.close()

    async def _let_words_out(self) -> None:
        """Let the last messages leave, when the network still takes them."""
        for _ in range(_LAST_WORDS_LOOKS):
            if not self.can_say or self._channel is None or not self._channel.bufferedAmount:
                return
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _answered(self, offer: Offer) -> str:
        connection = self._connection
        if self._offer is None:
            self._prepare(offer)
        elif offer.restarts(self._offer):
            await self._ice.restart(offer.ice, offer.candidates)
        await connection.setRemoteDescription(RTCSessionDescription(sdp=offer.sdp, type="offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        if not self._ice.local_candidates:
            raise OfferRefused("no_port")
        return with_key_events(connection.localDescription.sdp, offer.sdp)

    def _prepare(self, offer: Offer) -> None:
        connection = self._connection
        connection.on("connectionstatechange", self._look)
        connection.on("datachannel", self._take_channel)
        sender = connection.addTrack(self._out)
        transceiver = next(one for one in connection.getTransceivers() if one.sender is sender)
        capabilities = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([one for one in capabilities if one.mimeType.lower() == "audio/opus"])
        self._ice.put_below(sender.transport.transport)
        self._in = Inbound(transceiver.receiver, offer.key_type, self._pressed)
        # aiortc asks its receiver to begin when the transport is up: ours begins in its place, and its own stays idle.
        transceiver.receiver.receive = self._in.receive  # type: ignore[method-assign]

    def _look(self) -> None:
        gone = self._connection.connectionState in ("failed", "closed")
        if gone and not self._is_closed and not self._is_flooded:
            self._events.peer_gone(self)

    def _look_at_window(self) -> None:
        """Give up on a browser that sends more than we allow: aiortc tells its window, but does not keep to it."""
        sctp = self._connection.sctp
        if sctp is not None and sctp._advertised_rwnd < -_MOST_UNASKED_BYTES and not self._is_flooded:
            self._is_flooded = True
            log.warning("a browser sends far more on its channels than fits: its connection is closed")
            self._events.peer_gone(self)

    def _take_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != self._label or self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.on("message", self._said)
        self._events.peer_opened(self)

    def _said(self, message: str | bytes) -> None:
        if not self._is_closed:
            self._events.peer_said(self, message)

    def _pressed(self, key: str) -> None:
        if not self._is_closed:
            self._events.peer_pressed(self, key)
