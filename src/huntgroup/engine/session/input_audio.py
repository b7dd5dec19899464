"""The input audio buffer: the client's sound, converted once and kept until it is committed."""

from __future__ import annotations

from huntgroup.engine.session.refusal import Refused
from huntgroup.media.formats import PCM16_16K, AudioFormat
from huntgroup.media.transcode import Transcoder, transcode

MAX_APPEND_BYTES = 15 * 1024 * 1024
MIN_COMMIT_MS = 100
KEPT_BEFORE_SPEECH_MS = 10_000
KEPT_MS = 600_000


class InputAudio:
    """16 kHz mono PCM16 since the last commit, on a clock of milliseconds appended since the session began.

    Sound longer ago than `KEPT_MS` (or `KEPT_BEFORE_SPEECH_MS` while nobody speaks) is forgotten.
    """

    def __init__(self, source: AudioFormat) -> None:
        self._source = source
        self._transcoder = Transcoder(source, PCM16_16K)
        self._kept = bytearray()
        self._kept_from_ms = 0.0
        self.total_ms = 0.0

    def change_format(self, source: AudioFormat) -> None:
        """Sound appended from now on is in `source`."""
        if source != self._source:
            self._source = source
            self._transcoder = Transcoder(source, PCM16_16K)

    def append(self, audio: bytes, *, speech_since_ms: float | None, automatic: bool) -> bytes:
        """Keep and return the sound as 16 kHz PCM16. Refused when it is too large."""
        if len(audio) > MAX_APPEND_BYTES:
            raise Refused("invalid_value", "One append may carry 15 MiB of audio at most.", "audio")
        pcm16 = self._transcoder.push(audio)
        self._kept += pcm16
        self.total_ms += self._source.duration_ms(len(audio))
        if automatic and speech_since_ms is None:
            self._forget_before(self.total_ms - KEPT_BEFORE_SPEECH_MS)
        else:
            self._forget_before(self.total_ms - KEPT_MS)
        return pcm16

    def take(self, start_ms: float, end_ms: float) -> bytes:
        """The sound between two moments; everything before `end_ms` leaves the buffer."""
        start, end = self._offset(start_ms), self._offset(end_ms)
        taken = bytes(self._kept[start:end])
        self._forget_before(end_ms)
        return taken

    def take_all(self) -> bytes:
        """All sound in the buffer, for a manual commit. Refused below `MIN_COMMIT_MS`."""
        held_ms = self.total_ms - self._kept_from_ms
        if held_ms < MIN_COMMIT_MS:
            text = (
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{MIN_COMMIT_MS}ms of audio, but buffer only has {held_ms:.2f}ms of audio."
            )
            raise Refused("input_audio_buffer_commit_empty", text)
        taken = bytes(self._kept)
        self.clear()
        return taken

    def clear(self) -> None:
        """Forget all sound."""
        self._kept.clear()
        self._kept_from_ms = self.total_ms

    def in_client_format(self, pcm16: bytes) -> bytes:
        """Kept sound as the client sent it."""
        return transcode(pcm16, PCM16_16K, self._source)

    def _offset(self, at_ms: float) -> int:
        samples = round((at_ms - self._kept_from_ms) * PCM16_16K.rate_hz / 1000)
        return min(max(samples, 0) * 2, len(self._kept))

    def _forget_before(self, at_ms: float) -> None:
        cut = self._offset(at_ms)
        if cut:
            del self._kept[:cut]
            self._kept_from_ms += PCM16_16K.duration_ms(cut)
