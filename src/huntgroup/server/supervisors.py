"""A supervisor's browser: its microphone and its loudspeaker, for a call that they take."""

from __future__ import annotations

import asyncio

from huntgroup.rtc import Network, Peer

# Browsers send sound in silence too.
AWAY_FRAMES = 50
_closing: set[asyncio.Task[None]] = set()


class BrowserSupervisor:
    """`calls.ports.Supervisor` on a browser's peer connection. `answer` comes first; `let_go` must follow."""

    def __init__(self, network: Network | None = None) -> None:
        self._peer = Peer(self, network)
        self._is_gone = False

    async def answer(self, offer: str) -> str:
        """Return the answer to the browser's offer. Raises `rtc.OfferRefused`."""
        return await self._peer.answer(offer)

    @property
    def is_there(self) -> bool:
        """Whether sound reaches the browser, and came from it within the last second."""
        silent = self._peer.soundless_frames
        return not self._is_gone and self._peer.is_sending and silent is not None and silent <= AWAY_FRAMES

    def play(self, pcm16: bytes) -> None:
        """Send 20 ms."""
        self._peer.play(pcm16)

    def take(self) -> bytes | None:
        """The browser's next 20 ms."""
        return self._peer.take()

    def let_go(self) -> None:
        """Close the connection in the background."""
        if self._is_gone:
            return
        self._is_gone = True
        task = asyncio.get_running_loop().create_task(self._peer.close(), name="close a supervisor's peer")
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    # -- what the peer tells --------------------------------------------------------------------------------------

    def peer_opened(self, peer: Peer) -> None:
        """What happens in the call, the page is told by its stream."""

    def peer_pressed(self, peer: Peer, key: str) -> None:
        """Keys are the caller's."""

    def peer_said(self, peer: Peer, message: str | bytes) -> None:
        """Nothing is asked by this way."""

    def peer_gone(self, peer: Peer) -> None:
        """The connection is over; the call waits for a while whether the supervisor comes back on another."""
        self.let_go()
