"""Sound that says which sound it is: a constant level per stretch, which survives companding and resampling.

A stretch is one second of a caller or one reply of an agent. Whoever hears a level knows the stretch, counts how much
of it has arrived, and so knows when each 20 ms frame of it did, whatever chunks a server makes of it. A frame counts
as arrived when half of it has.
"""

from __future__ import annotations

import base64
import binascii
from array import array
from dataclasses import dataclass, field
from functools import cache

from huntgroup.media.g711 import pcm16_to_ulaw, ulaw_to_pcm16

LEVELS = 16
FRAME_MS = 20
_STEP = 3733
_LOWEST = -28_000
# A stretch that seems to be further ahead is the ringing at an edge between two.
_MAX_AHEAD = 4


@dataclass(frozen=True)
class Sound:
    """A format of sound at the edges of the world: `pcmu` at 8 kHz or `pcm16` at 24 kHz."""

    name: str
    frame_bytes: int

    def frame(self, stretch: int, ms: int = FRAME_MS) -> bytes:
        """`ms` of a stretch, in base64."""
        return _level_sound(self, stretch % LEVELS, ms)

    def size(self, payload: str) -> int:
        """How many bytes a base64 text stands for."""
        return len(payload) * 3 // 4 - payload.count("=", -2)

    def level(self, payload: str, at_byte: int) -> int:
        """The stretch's number, modulo 16, that sounds at a byte of a base64 text."""
        start = at_byte // 6 * 8
        bit = binascii.a2b_base64(payload[start : start + 8])
        if self.name == "pcmu":
            return _OF_ULAW[bit[0]]
        return _nearest(int.from_bytes(bit[:2], "little", signed=True))


@cache
def _level_sound(sound: Sound, level: int, ms: int) -> bytes:
    pcm = (_LOWEST + _STEP * level).to_bytes(2, "little", signed=True)
    one = pcm16_to_ulaw(pcm) if sound.name == "pcmu" else pcm
    return base64.b64encode(one * (sound.frame_bytes * ms // FRAME_MS // len(one)))


def _nearest(pcm: int) -> int:
    return min(LEVELS - 1, max(0, (pcm - _LOWEST + _STEP // 2) // _STEP))


_OF_ULAW = [_nearest(int.from_bytes(ulaw_to_pcm16(bytes((n,))), "little", signed=True)) for n in range(256)]
PCMU = Sound("pcmu", 160)
PCM16 = Sound("pcm16", 960)
SOUNDS = {sound.name: sound for sound in (PCMU, PCM16)}


@dataclass
class Track:
    """When each frame of each stretch of one stream was sent, or arrived; times in s of the machine's clock."""

    times: dict[int, array[float]] = field(default_factory=dict)

    def note(self, stretch: int, at: float, frames: int = 1) -> None:
        """`frames` more of a stretch."""
        if stretch not in self.times:
            self.times[stretch] = array("d")
        self.times[stretch].extend([at] * frames)


class Ear:
    """Follows one stream of tagged sound."""

    def __init__(self, sound: Sound) -> None:
        self.track = Track()
        self.heard_ms = 0.0
        self._sound = sound
        self._stretch = -1
        self._bytes = 0
        self._frames = 0

    def hear(self, payload: str, at: float) -> int:
        """Take a base64 payload that arrived at `at`; returns its bytes."""
        size, frame = self._sound.size(payload), self._sound.frame_bytes
        self.heard_ms += size * FRAME_MS / frame
        for start in range(0, size, frame):
            length = min(frame, size - start)
            self._piece(self._sound.level(payload, start + length // 2), length, at)
        return size

    def _piece(self, level: int, length: int, at: float) -> None:
        ahead = (level - self._stretch) % LEVELS
        if 0 < ahead <= _MAX_AHEAD or self._stretch < 0:
            self._stretch = level if self._stretch < 0 else self._stretch + ahead
            self._bytes = self._frames = 0
        self._bytes += length
        frame = self._sound.frame_bytes
        whole = (self._bytes + frame // 2) // frame
        if whole > self._frames:
            self.track.note(self._stretch, at, whole - self._frames)
            self._frames = whole


def delays_ms(sent: Track, arrived: Track, *, of: range) -> tuple[list[float], int]:
    """How long each frame of the stretches in `of` took, and how many never arrived."""
    delays: list[float] = []
    lost = 0
    for stretch, times in sent.times.items():
        if stretch not in of:
            continue
        there = arrived.times.get(stretch, array("d"))
        delays += [1000 * (b - a) for a, b in zip(times, there, strict=False)]
        lost += max(0, len(times) - len(there))
    return delays, lost
