"""A call from a browser: a clock of 20 ms, a playback queue, and whichever peer is there below them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from huntgroup.calls.ports import LineAudio, LineDtmf, LineEnded, LineMark, LineReturned
from huntgroup.domain.clock import Clock
from huntgroup.lines.inboxed import InboxedLine
from huntgroup.media.formats import FRAME_MS, PCM16_24K, AudioFormat
from huntgroup.media.playback import Playback

# The least that a browser's jitter buffer and sound card take. An echo must not come back before its sound counts as
# heard: then nobody would know it as ours.
PLAYOUT_MS = 40
# Browsers send sound in silence too: a stream of it that breaks off, with all else, is a network that is gone.
QUIET_LIMIT_FRAMES = 3_000 // FRAME_MS
# Whoever sends no sound, a listener or a microphone taken away, still shows a sign of life every 2.5 s (Chromium's ICE
# checks) to 6 s (those of RFC 7675), however deep in the background the page is.
SIGNLESS_LIMIT_FRAMES = 8_000 // FRAME_MS
_BROKE_OFF_FRAMES = 200 // FRAME_MS
MAX_QUEUED_MS = 600_000
# A process that stood still goes on from where it is; what the caller said meanwhile is gone.
_LATE_LIMIT_MS = 200
_SILENCE = PCM16_24K.silence(FRAME_MS)


class Peer(Protocol):
    """What the line needs of a connection to a browser; `rtc.Peer` fits."""

    @property
    def is_sending(self) -> bool: ...

    @property
    def silent_frames(self) -> int | None: ...

    @property
    def soundless_frames(self) -> int | None: ...

    def play(self, pcm16: bytes) -> None: ...

    def take(self) -> bytes | None: ...

    async def close(self) -> None: ...


class WebRtcLine(InboxedLine):
    """`Line` whose clock is its own: while a peer is there, every 20 ms a frame goes each way.

    Sound is sent as the clock tells, so what was sent is known exactly; it counts as heard `playout_ms` later. While
    nobody is there the clock stands still and nothing is played; after `return_ms` of that the line is lost. `attach`
    puts another peer below the same line.
    """

    kind = "webrtc"
    written = False

    def __init__(
        self, clock: Clock, *, return_ms: int = 10_000, playout_ms: int = PLAYOUT_MS, drain_ms: int = 15_000
    ) -> None:
        super().__init__()
        self._clock = clock
        self._return_ms = return_ms
        self._playout_ms = playout_ms
        self._drain_ms = drain_ms
        self._playback = Playback(PCM16_24K)
        self._sent_marks: deque[tuple[int, str]] = deque()
        self._peer: Peer | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._now_ms = 0
        self._away_since_ms: int | None = None
        self._is_leaving = False

    # -- the call's side: Line ------------------------------------------------------------------------------------

    @property
    def format(self) -> AudioFormat:
        """24 kHz PCM16."""
        return PCM16_24K

    @property
    def playout_ms(self) -> int:
        """How much later than sent a frame counts as heard."""
        return self._playout_ms

    def now_ms(self) -> int:
        """Milliseconds of frames exchanged."""
        return self._now_ms

    def play(self, audio: bytes) -> None:
        """Queue sound; beyond ten minutes unsent it is dropped, with a report."""
        if self._inbox.ended is not None or self._is_leaving:
            return
        if self._playback.queued_ms + PCM16_24K.duration_ms(len(audio)) > MAX_QUEUED_MS:
            self.report("outbound_overflow")
            return
        self._playback.play(audio)

    def mark(self, name: str) -> None:
        """Queue a mark behind the sound."""
        if self._inbox.ended is None:
            self._playback.mark(name)

    def clear(self) -> None:
        """Drop what is not sent; marks come back as soon as what is under way was heard."""
        self._sent_marks.extend((self._now_ms + self._playout_ms, name) for name in self._playback.clear())
        self._return_marks()

    async def pump(self) -> None:
        """Exchange frames until the line is over."""
        due_ms = self._clock.now_ms()
        while self._inbox.ended is None:
            due_ms = max(due_ms + FRAME_MS, self._clock.now_ms() - _LATE_LIMIT_MS)
            await self._clock.sleep_ms(due_ms - self._clock.now_ms())
            if self._inbox.ended is None:
                self._tick()

    async def hang_up(self) -> None:
        """Let queued sound be heard (with a limit), then end the line; its peer stays until `close`."""
        self._is_leaving = True
        until_ms = self._clock.now_ms() + self._drain_ms
        while self._inbox.ended is None and self._away_since_ms is None and self._is_playing:
            if self._clock.now_ms() >= until_ms:
                self._inbox.problems["farewell_unheard"] += 1
                break
            await self._clock.sleep_ms(FRAME_MS)
        self._inbox.end(LineEnded("hung_up_by_us", lost=False))

    # -- the browser's side ---------------------------------------------------------------------------------------

    def attach(self, peer: Peer) -> None:
        """Put a peer below the line; the one before is closed."""
        before, self._peer = self._peer, peer
        if before is not None and before is not peer:
            self._close_later(before)

    def detach(self, peer: Peer) -> None:
        """A peer is gone, which nobody misses when there is another by now."""
        if self._peer is peer:
            self._peer = None
        self._close_later(peer)

    def press(self, digit: str) -> None:
        """The caller pressed a key."""
        self._inbox.post(LineDtmf(digit))

    def say_goodbye(self) -> None:
        """The caller hangs up."""
        self._inbox.end(LineEnded("caller_hung_up", lost=False))

    async def close(self) -> None:
        """Close the peer; safe to repeat."""
        self._inbox.end(LineEnded("hung_up_by_us", lost=False))
        peer, self._peer = self._peer, None
        if peer is not None:
            await peer.close()
        if self._closing:
            await asyncio.wait(self._closing)

    # -- the clock ------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        peer = self._peer
        if peer is None or not peer.is_sending:
            self._nobody_there()
            return
        frame = peer.take()
        if _is_away(peer):
            self._nobody_there()
            return
        if self._away_since_ms is not None:
            self._back()
        played = self._playback.advance(FRAME_MS)
        peer.play(played.audio)
        self._now_ms += FRAME_MS
        self._sent_marks.extend((self._now_ms + self._playout_ms, name) for name in played.marks)
        self._return_marks()
        self._inbox.post(LineAudio(frame if frame is not None else _SILENCE))

    def _nobody_there(self) -> None:
        now_ms = self._clock.now_ms()
        if self._away_since_ms is None:
            self._away_since_ms = now_ms
        if now_ms - self._away_since_ms >= self._return_ms:
            # Without one frame exchanged no path through the network was found, or nobody ever came.
            self._inbox.end(LineEnded("peer_lost" if self._now_ms else "never_connected", lost=True))

    def _back(self) -> None:
        assert self._away_since_ms is not None
        away_ms = self._clock.now_ms() - self._away_since_ms
        self._away_since_ms = None
        if self._now_ms:
            self._inbox.post(LineReturned(away_ms))

    def _return_marks(self) -> None:
        while self._sent_marks and self._sent_marks[0][0] <= self._now_ms:
            self._inbox.post(LineMark(self._sent_marks.popleft()[1]))

    @property
    def _is_playing(self) -> bool:
        return not self._playback.is_empty or bool(self._sent_marks)

    def _close_later(self, peer: Peer) -> None:
        task = asyncio.create_task(peer.close(), name="close a browser's peer")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _is_away(peer: Peer) -> bool:
    """Whether too long nothing came at all; a stream of sound that broke off is missed sooner."""
    silent, soundless = peer.silent_frames, peer.soundless_frames
    if silent is None:
        return False
    broke_off = soundless is not None and soundless - silent <= _BROKE_OFF_FRAMES
    return silent > (QUIET_LIMIT_FRAMES if broke_off else SIGNLESS_LIMIT_FRAMES)
