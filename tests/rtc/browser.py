"""A browser without a page: aiortc as it is, as the offering side."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections.abc import Awaitable, Callable
from fractions import Fraction
from struct import pack

import aioice
import numpy as np
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcicetransport import candidate_to_aioice
from aiortc.sdp import SessionDescription
from av import AudioFrame
from av.audio.resampler import AudioResampler


class Microphone(MediaStreamTrack):
    """Sends what is put into `speech` (PCM16 mono at 24 kHz) in real time, silence otherwise."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.speech = bytearray()
        self._start = 0.0
        self._frames = 0

    async def recv(self) -> AudioFrame:
        self._start = self._start or time.monotonic()
        await asyncio.sleep(max(0.0, self._start + self._frames * 0.02 - time.monotonic()))
        pcm = bytes(self.speech[:960]).ljust(960, b"\0")
        del self.speech[:960]
        frame = AudioFrame(format="s16", layout="mono", samples=480)
        frame.planes[0].update(pcm)
        frame.sample_rate, frame.time_base = 24_000, Fraction(1, 24_000)
        frame.pts = self._frames * 480
        self._frames += 1
        return frame


class Browser:
    """Offers sound and a channel; keeps what it hears and is told. Without a microphone it only listens."""

    def __init__(self, channel: str = "huntgroup", *, may_speak: bool = True) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.messages: list[str | bytes] = []
        self.heard = bytearray()
        self.channel: RTCDataChannel = self.connection.createDataChannel(channel)
        self.channel.on("message", self.messages.append)
        if may_speak:
            self.connection.addTrack(self.microphone)
        else:
            self.connection.addTransceiver("audio", direction="recvonly")
        self._events_sent = 0
        self.sent_offer = ""
        self.restarted: list[aioice.Connection] = []
        self._paths: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None
        self._mono = AudioResampler(format="s16", layout="mono", rate=24_000)

    async def offer(self) -> str:
        """The offer with candidates; with telephone events as browsers offer them."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        self.sent_offer = self.connection.localDescription.sdp.replace(
            "a=rtpmap:96 opus", "a=rtpmap:110 telephone-event/48000\r\na=rtpmap:96 opus", 1
        )
        return self.sent_offer

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))
        self._listening = asyncio.create_task(self._listen())

    async def press(self, event: int, *, repeats: int = 3, payload_type: int = 110) -> None:
        """Send a telephone key as a browser does: the same event several times."""
        from aiortc.rtp import RtpPacket

        sender = self.connection.getSenders()[0]
        stamp = int(time.monotonic() * 48_000) % (1 << 32)
        for number in range(repeats):
            packet = RtpPacket(payload_type=payload_type, sequence_number=self._events_sent, timestamp=stamp, ssrc=7)
            self._events_sent += 1
            packet.payload = pack("!BBH", event, 0x8A if number == repeats - 1 else 0x0A, 960 * (number + 1))
            await sender.transport._send_rtp(packet.serialize())

    async def restart_ice(self, ask: Callable[[str], Awaitable[str]]) -> None:
        """What `restartIce` does: the same connection offers anew under other ICE names, from other sockets."""
        transport = self.connection.getSenders()[0].transport.transport
        fresh = aioice.Connection(ice_controlling=True)
        await fresh.gather_candidates()
        fields = [(r"a=ice-ufrag:.*", f"a=ice-ufrag:{fresh.local_username}")]
        fields += [(r"a=ice-pwd:.*", f"a=ice-pwd:{fresh.local_password}"), (r"a=candidate:.*\r\n", "")]
        offer = self.sent_offer
        for pattern, text in fields:
            offer = re.sub(pattern + ("" if text == "" else "(?=\r)"), text, offer)
        answer = SessionDescription.parse(await ask(offer)).media[0]
        assert answer.ice is not None
        fresh.remote_username, fresh.remote_password = answer.ice.usernameFragment, answer.ice.password
        for candidate in answer.ice_candidates:
            await fresh.add_remote_candidate(candidate_to_aioice(candidate))
        await fresh.connect()
        before, transport._send = transport._connection, fresh.send  # type: ignore[method-assign]
        self._paths.append(asyncio.create_task(_copied(fresh, before)))
        self.restarted.append(fresh)

    def cut_off(self) -> None:
        """Nothing comes to this browser any more over the path that it began with."""
        transport = self.connection.getSenders()[0].transport.transport
        for protocol in transport._connection._protocols:
            protocol.datagram_received = lambda data, addr: None

    def lose(self, share: float, seed: int = 1) -> None:
        """From now on this share of what the browser sends gets lost."""
        transport, chance = self.connection.getSenders()[0].transport.transport, random.Random(seed)
        send = transport._send

        async def lossy(data: bytes) -> None:
            if chance.random() >= share:
                await send(data)

        transport._send = lossy  # type: ignore[method-assign]

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        for path in self._paths:
            path.cancel()
        for agent in self.restarted:
            await agent.close()
        await self.connection.close()

    async def _listen(self) -> None:
        track = self.connection.getReceivers()[0].track
        while True:
            frame = await track.recv()
            assert isinstance(frame, AudioFrame)
            for out in self._mono.resample(frame):
                self.heard += bytes(out.planes[0])[: 2 * out.samples]


async def _copied(source: aioice.Connection, target: aioice.Connection) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            target._queue.put_nowait((await source.recv(), 1))


def tone(ms: int, hz: int = 440, loudness: int = 8_000) -> bytes:
    """PCM16 mono at 24 kHz."""
    t = np.arange(24 * ms) / 24_000
    return (np.sin(2 * np.pi * hz * t) * loudness).astype("<i2").tobytes()


def pitch(pcm16: bytes) -> int:
    """The strongest frequency of the sound, in Hz; 0 for nothing."""
    if len(pcm16) < 4_800:
        return 0
    samples = np.frombuffer(pcm16, "<i2").astype(float)
    return int(np.argmax(np.abs(np.fft.rfft(samples))) * 24_000 / len(samples))
