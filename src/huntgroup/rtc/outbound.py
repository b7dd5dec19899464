"""Our sound as a track that aiortc sends."""

from __future__ import annotations

import asyncio
from typing import Any

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.packet import Packet

from huntgroup.rtc.opus import RTP_TIME_BASE, TICKS_PER_FRAME, OpusEncoder

# A transport that does not take packets for so long is none; what waits would be heard late.
MOST_WAITING = 50


class OutboundTrack(MediaStreamTrack):
    """Sends exactly the frames that it is given, each at once: whoever gives them keeps the time.

    Frames are encoded here, so that aiortc needs no thread for it. Nothing is encoded before somebody reads the track.
    """

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._encoder = OpusEncoder()
        self._packets: asyncio.Queue[Packet[Any] | None] = asyncio.Queue()
        self._ticks = 0
        self._is_read = False
        self.dropped = 0

    @property
    def is_read(self) -> bool:
        """Whether the transport has begun to send."""
        return self._is_read

    def push(self, pcm16: bytes) -> None:
        """Send the next 20 ms. Time passes also for what is not sent."""
        ticks = self._ticks
        self._ticks += TICKS_PER_FRAME
        if not self._is_read:
            return
        if self._packets.qsize() >= MOST_WAITING:
            self.dropped += 1
            return
        packet = Packet(self._encoder.encode(pcm16))
        packet.pts = ticks
        packet.time_base = RTP_TIME_BASE
        self._packets.put_nowait(packet)

    async def recv(self) -> Packet[Any]:
        """Return the next packet; aiortc calls this."""
        self._is_read = True
        packet = await self._packets.get()
        if packet is None or self.readyState != "live":
            raise MediaStreamError
        return packet

    def stop(self) -> None:
        """End the track, also for a reader that waits."""
        super().stop()
        self._packets.put_nowait(None)
