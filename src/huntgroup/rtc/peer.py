"""One browser's peer connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)

from huntgroup.rtc.description import key_event_type, with_key_events, without_hidden_candidates
from huntgroup.rtc.inbound import Inbound
from huntgroup.rtc.outbound import OutboundTrack

CHANNEL = "huntgroup"
MAX_OFFER_CHARS = 32_768
_ANSWER_LIMIT_S = 15.0
_CLOSE_LIMIT_S = 2.0
_LAST_WORDS_LOOKS, _LOOK_EVERY_S = 25, 0.02
_MOST_UNSENT_BYTES = 1 << 20
_ANSWER_FAILURES = (ValueError, LookupError, AttributeError, AssertionError, OSError)


class OfferRefused(Exception):
    """The offer cannot be answered: it is malformed, or has no Opus. `code` says which: bad_offer or no_answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
    """Answers one offer and then carries sound, and messages on the `channel` that the browser opens by that name.

    The holder calls `play` and `take` every 20 ms, whatever there is to play; `close` must follow.
    """

    def __init__(
        self, events: PeerEvents, ice_servers: Sequence[Mapping[str, Any]] = (), *, channel: str = CHANNEL
    ) -> None:
        self._label = channel
        self._events = events
        servers = [RTCIceServer(**server) for server in ice_servers]
        self._connection = RTCPeerConnection(
            RTCConfiguration(iceServers=servers, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        )
        self._out = OutboundTrack()
        self._in: Inbound | None = None
        self._channel: RTCDataChannel | None = None
        self._is_closed = False

    async def answer(self, offer: str) -> str:
        """Return the answer to an offer, with all our candidates in it. Raises `OfferRefused`; `close` must follow."""
        if len(offer) > MAX_OFFER_CHARS or "m=audio" not in offer:
            raise OfferRefused("bad_offer")
        try:
            async with asyncio.timeout(_ANSWER_LIMIT_S):
                return await self._answered(without_hidden_candidates(offer))
        except TimeoutError:
            raise OfferRefused("no_answer") from None
        except Exception as error:
            # aiortc and aioice answer a malformed offer with whatever breaks first.
            raise OfferRefused("bad_offer" if isinstance(error, _ANSWER_FAILURES) else "no_answer") from error

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
        """How many frames were taken since a packet came from the browser; None before the first."""
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

    async def _answered(self, offer: str) -> str:
        connection = self._connection
        connection.on("connectionstatechange", self._look)
        connection.on("datachannel", self._take_channel)
        sender = connection.addTrack(self._out)
        transceiver = next(one for one in connection.getTransceivers() if one.sender is sender)
        capabilities = RTCRtpSender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([one for one in capabilities if one.mimeType.lower() == "audio/opus"])
        self._in = Inbound(transceiver.receiver, key_event_type(offer), self._pressed)
        # aiortc asks its receiver to begin when the transport is up: ours begins in its place, and its own stays idle.
        transceiver.receiver.receive = self._in.receive  # type: ignore[method-assign]
        await connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return with_key_events(connection.localDescription.sdp, offer)

    def _look(self) -> None:
        if self._connection.connectionState in ("failed", "closed") and not self._is_closed:
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
