"""What a network does to a stream of packets, by arithmetic: no socket, no clock."""

import asyncio
import random
from dataclasses import dataclass

from aiortc.rtp import RtpPacket

from huntgroup.rtc.arrivals import Arrivals
from huntgroup.rtc.inbound import Inbound
from huntgroup.rtc.opus import FRAME_BYTES, FRAME_MS, OpusEncoder

TRAVEL_MS = 50
OPUS, KEYS = 96, 110


@dataclass(frozen=True)
class Weather:
    """`loss` is a share of packets, lost singly or in bursts of so many on average.

    The sender's clock runs faster than ours by `ppm`. Each packet comes up to `jitter_ms` later than the fastest:
    some overtake others.
    """

    loss: float = 0.0
    burst: int = 1
    jitter_ms: float = 0.0
    ppm: float = 0.0
    seed: int = 1

    def sent_ms(self, number: int) -> float:
        return number * FRAME_MS * (1 - self.ppm / 1e6)

    def carry(self, count: int) -> list[tuple[float, int]]:
        """When which packet arrives, of so many that are sent every 20 ms."""
        chance, lost, arrivals = random.Random(self.seed), False, []
        for number in range(count):
            lost = chance.random() < self._risk(after_a_loss=lost)
            if not lost:
                arrivals.append((self.sent_ms(number) + TRAVEL_MS + chance.random() * self.jitter_ms, number))
        return sorted(arrivals)

    def _risk(self, *, after_a_loss: bool) -> float:
        if self.burst == 1:
            return self.loss
        return 1 - 1 / self.burst if after_a_loss else self.loss / (self.burst * (1 - self.loss))


def delays_ms(weather: Weather, minutes: int) -> list[tuple[int, float]]:
    """For each packet that is played: when, and how long after it was sent."""
    count = minutes * 60_000 // FRAME_MS
    arrivals, waiting, played = Arrivals(), weather.carry(count), []
    waiting.reverse()
    for now_ms in range(3, count * FRAME_MS, FRAME_MS):
        while waiting and waiting[-1][0] <= now_ms:
            number = waiting.pop()[1]
            arrivals.push(number % 65_536, b"%d" % number)
        packet = arrivals.pull()
        if packet is not None:
            played.append((now_ms, now_ms - weather.sent_ms(int(packet))))
    return played


async def through(weather: Weather, pcm16_24k: bytes) -> bytes:
    """Sound as it comes out of the other end."""
    encoder, inbound = OpusEncoder(), Inbound(None, None, lambda key: None)  # type: ignore[arg-type]
    frames = [
        pcm16_24k[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(pcm16_24k), FRAME_BYTES)
    ]
    packets = [encoder.encode(frame) for frame in frames]
    waiting, heard = weather.carry(len(packets))[::-1], bytearray()
    for now_ms in range(3, (len(packets) + 20) * FRAME_MS, FRAME_MS):
        while waiting and waiting[-1][0] <= now_ms:
            number = waiting.pop()[1]
            packet = RtpPacket(payload_type=OPUS, sequence_number=number, timestamp=number * 960, ssrc=1)
            packet.payload = packets[number]
            await inbound._handle_rtp_packet(packet, now_ms)
        heard += inbound.take() or bytes(FRAME_BYTES)
        await asyncio.sleep(0)
    return bytes(heard)
