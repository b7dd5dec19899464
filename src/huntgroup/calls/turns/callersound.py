"""The caller's sound on its way to the model, and the last of it, kept for a session that takes over."""

from collections import deque

from huntgroup.calls.state.conversation import Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.media.formats import FRAME_MS, AudioFormat
from huntgroup.media.transcode import Transcoder
from huntgroup.wire.realtime import InputAudioBufferAppend

IDLE_MS = 2_000
LIMIT_MS = 30_000
LOOK_EVERY_MS = 500


class SoundRing:
    """A bounded ring of the line's frames.

    `IDLE_MS` are kept while everything is understood; from `keep_from_ms` on (the beginning of speech that no
    transcript has told yet) everything is, at most `LIMIT_MS`.
    """

    def __init__(self) -> None:
        self._frames: deque[tuple[int, bytes]] = deque(maxlen=LIMIT_MS // FRAME_MS)
        self.keep_from_ms: int | None = None

    def push(self, end_ms: int, audio: bytes) -> None:
        """Take a frame that ended at `end_ms` of the line's clock."""
        frames = self._frames
        frames.append((end_ms, audio))
        floor_ms = end_ms - IDLE_MS
        if self.keep_from_ms is not None and self.keep_from_ms < floor_ms:
            floor_ms = self.keep_from_ms
        while frames[0][0] < floor_ms:
            frames.popleft()

    def since(self, start_ms: int) -> list[tuple[int, bytes]]:
        """Return the kept frames that end after `start_ms`, each with its end, oldest first."""
        return [frame for frame in self._frames if frame[0] > start_ms]

    def reaches(self, start_ms: int) -> bool:
        """Whether all sound since `start_ms` is kept."""
        return not self._frames or self._frames[0][0] - FRAME_MS <= max(start_ms, 0)


class CallerSound:
    """Feeds the caller's frames to the present session; without one they wait in the ring.

    Audio time of a session begins with the first frame that it is fed; `Conversation.origin_ms` says which that is.
    """

    def __init__(self, live: LiveCall, sound: AudioFormat, conversation: Conversation) -> None:
        self._live = live
        self._sound = sound
        self._conversation = conversation
        self._ring = SoundRing()
        self._in: Transcoder | None = None
        self._fed = False
        self._looked_ms = 0

    def push(self, audio: bytes) -> None:
        """Take the next frame of the line."""
        now_ms = self._live.line.now_ms()
        self._ring.push(now_ms, audio)
        if now_ms - self._looked_ms >= LOOK_EVERY_MS:
            self._looked_ms = now_ms
            if self._in is not None:
                self._ring.keep_from_ms = self._conversation.unheard_from_ms(now_ms)
        self._send(now_ms, audio)

    def wait(self, from_ms: int) -> None:
        """There is no session: keep all sound from `from_ms` on."""
        self._in = None
        self._ring.keep_from_ms = from_ms

    def restart(self, from_ms: int) -> bool:
        """Feed another session with what is kept from `from_ms` on; False when the beginning of that is gone."""
        self._in, self._fed = Transcoder(self._live.line.format, self._sound), False
        whole = self._ring.reaches(from_ms)
        for end_ms, audio in self._ring.since(from_ms):
            self._send(end_ms, audio)
        self._ring.keep_from_ms = None
        return whole

    def _send(self, end_ms: int, audio: bytes) -> None:
        if self._in is None:
            return
        if not self._fed:
            self._fed = True
            self._conversation.origin_ms = max(0, end_ms - FRAME_MS)
        self._live.model.send(InputAudioBufferAppend(audio=self._in.push(audio)))
