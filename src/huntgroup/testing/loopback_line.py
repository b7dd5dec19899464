"""A telephone line without a telephone: a `Line` whose far end is driven by the test, frame by frame on its clock."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from huntgroup.calls.ports import (
    LineAudio,
    LineBadInput,
    LineDtmf,
    LineEnded,
    LineEvent,
    LineMark,
)
from huntgroup.domain.clock import Clock
from huntgroup.media.formats import FRAME_MS, PCMU_8K, AudioFormat
from huntgroup.media.frames import Framer
from huntgroup.media.playback import Playback

_DRAIN_LIMIT_MS = 10_000


@dataclass(frozen=True, slots=True)
class Sound:
    """One stretch of uninterrupted agent sound at the caller's ear, on the line's clock."""

    start_ms: int
    end_ms: int
    audio: bytes


class LoopbackLine:
    """`Line` with a caller in the same process.

    While `pump` runs, every 20 ms of `clock` one frame goes each way: what `speak` queued or silence towards the call,
    and 20 ms of the playback queue to `heard`. Marks come back when played, all at once after `clear`.
    """

    kind = "loopback"
    written = False

    def __init__(self, clock: Clock, fmt: AudioFormat = PCMU_8K) -> None:
        self._clock = clock
        self._format = fmt
        self._frames: deque[bytes] = deque()
        self._framer = Framer(fmt.frame_bytes)
        self._inbox: asyncio.Queue[LineEvent] = asyncio.Queue()
        self._playback = Playback(fmt)
        self._ended: LineEnded | None = None
        self._now_ms = 0
        self._sounds: list[tuple[int, bytearray]] = []
        self._silent = True
        self.hung_up_by_call = False
        self.clears = 0

    # -- the call's side: Line ------------------------------------------------------------------------------------

    @property
    def format(self) -> AudioFormat:
        """The format of `LineAudio` and of `play`."""
        return self._format

    def now_ms(self) -> int:
        """Milliseconds of frames exchanged."""
        return self._now_ms

    async def receive(self) -> LineEvent:
        """The next event; `LineEnded` for ever after the end."""
        if self._ended is not None and self._inbox.empty():
            return self._ended
        return await self._inbox.get()

    def play(self, audio: bytes) -> None:
        """Queue sound for the caller."""
        if self._ended is None:
            self._playback.play(audio)

    def mark(self, name: str) -> None:
        """Queue a mark behind the sound."""
        if self._ended is None:
            self._playback.mark(name)

    def clear(self) -> None:
        """Drop queued sound; pending marks come back at once."""
        self.clears += 1
        for name in self._playback.clear():
            self._inbox.put_nowait(LineMark(name))

    async def pump(self) -> None:
        """Exchange frames until the line is over."""
        while self._ended is None:
            await self._clock.sleep_ms(FRAME_MS)
            if self._ended is None:
                self._tick()

    async def hang_up(self) -> None:
        """Let queued sound be heard, then end the line."""
        deadline = self._clock.now_ms() + _DRAIN_LIMIT_MS
        while self._ended is None and not self._playback.is_empty and self._clock.now_ms() < deadline:
            await self._clock.sleep_ms(FRAME_MS)
        self.hung_up_by_call = self.hung_up_by_call or self._ended is None
        self._end(LineEnded(reason="hung_up_by_us", lost=False))

    # -- the caller's side ----------------------------------------------------------------------------------------

    def speak(self, audio: bytes) -> None:
        """Say something (in the line's format), starting with the next frame."""
        self._frames.extend(self._framer.push(audio))
        last = self._framer.flush(self._format.silence(1))
        if last:
            self._frames.append(last)

    def press(self, digits: str) -> None:
        """Press keys."""
        for digit in digits:
            self._inbox.put_nowait(LineDtmf(digit))

    def send_bad_input(self, code: str, detail: str = "") -> None:
        """Let the line report something malformed."""
        self._inbox.put_nowait(LineBadInput(code, detail))

    def caller_hangs_up(self) -> None:
        """The caller puts the phone down."""
        self._end(LineEnded(reason="caller_hung_up", lost=False))

    def lose(self, reason: str = "socket_lost") -> None:
        """The line breaks without a goodbye."""
        self._end(LineEnded(reason=reason, lost=True))

    @property
    def is_speaking(self) -> bool:
        """Whether the caller still has frames to send."""
        return bool(self._frames)

    @property
    def is_playing(self) -> bool:
        """Whether agent sound is queued that the caller has not heard yet."""
        return self._ended is None and not self._playback.is_empty

    @property
    def sounds(self) -> list[Sound]:
        """All agent sound the caller heard, as stretches without a gap."""
        per_ms = self._format.bytes_per_ms
        return [Sound(start, start + len(pcm) // per_ms, bytes(pcm)) for start, pcm in self._sounds]

    @property
    def heard(self) -> bytes:
        """All agent sound the caller heard, gaps left out."""
        return b"".join(bytes(pcm) for _, pcm in self._sounds)

    def _tick(self) -> None:
        start_ms = self._now_ms
        played = self._playback.advance(FRAME_MS)
        self._now_ms += FRAME_MS
        if played.voiced_bytes:
            if self._silent:
                self._sounds.append((start_ms, bytearray()))
            self._sounds[-1][1].extend(played.audio[: played.voiced_bytes])
        self._silent = played.voiced_bytes < self._format.frame_bytes
        for name in played.marks:
            self._inbox.put_nowait(LineMark(name))
        frame = self._frames.popleft() if self._frames else self._format.silence(FRAME_MS)
        self._inbox.put_nowait(LineAudio(self.on_the_way(frame, played.audio)))

    def on_the_way(self, frame: bytes, played: bytes) -> bytes:
        """What arrives of a caller's frame while `played` sounds at the caller's ear; a bad line overrides this."""
        return frame

    def _end(self, ended: LineEnded) -> None:
        if self._ended is None:
            self._ended = ended
            self._inbox.put_nowait(ended)
