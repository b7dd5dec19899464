"""A line that brings the agent's own sound back to it, as speaker phones and two-wire lines do."""

from __future__ import annotations

from huntgroup.domain.clock import Clock
from huntgroup.media import levels
from huntgroup.media.formats import FRAME_MS, PCM16_8K, PCMU_8K
from huntgroup.media.transcode import transcode
from huntgroup.testing.loopback_line import LoopbackLine


class EchoingLine(LoopbackLine):
    """`LoopbackLine` at 8 kHz µ-law whose far end is heard again, `delay_ms` late (whole frames) and fainter."""

    delay_ms = 160
    loss_db = 12.0

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, PCMU_8K)
        self._on_its_way = [PCM16_8K.silence(FRAME_MS)] * (self.delay_ms // FRAME_MS)

    def on_the_way(self, frame: bytes, played: bytes) -> bytes:
        """The caller's frame with the echo in it."""
        self._on_its_way.append(transcode(played, PCMU_8K, PCM16_8K))
        echo = levels.gain(self._on_its_way.pop(0), 10 ** (-self.loss_db / 20))
        return transcode(levels.mix(transcode(frame, PCMU_8K, PCM16_8K), echo), PCM16_8K, PCMU_8K)
