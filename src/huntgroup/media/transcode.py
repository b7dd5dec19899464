"""From one `AudioFormat` to another, streaming."""

from __future__ import annotations

from collections.abc import Callable

from huntgroup.media import g711
from huntgroup.media.formats import AudioFormat, Encoding
from huntgroup.media.resample import Resampler

_TO_PCM: dict[Encoding, Callable[[bytes], bytes]] = {
    "audio/pcmu": g711.ulaw_to_pcm16,
    "audio/pcma": g711.alaw_to_pcm16,
}
_FROM_PCM: dict[Encoding, Callable[[bytes], bytes]] = {
    "audio/pcmu": g711.pcm16_to_ulaw,
    "audio/pcma": g711.pcm16_to_alaw,
}


class Transcoder:
    """One stream from `src` to `dst`; hands the same object back untouched when the two are equal."""

    def __init__(self, src: AudioFormat, dst: AudioFormat) -> None:
        self.src = src
        self.dst = dst
        self.is_identity = src == dst
        self._resampler = Resampler(src.rate_hz, dst.rate_hz)
        self._decode = _TO_PCM.get(src.encoding)
        self._encode = _FROM_PCM.get(dst.encoding)

    def push(self, audio: bytes) -> bytes:
        """Feed the next bytes; returns what is ready (at most 2 ms are held back)."""
        if self.is_identity:
            return audio
        pcm16 = audio if self._decode is None else self._decode(audio)
        return self._out(self._resampler.push(pcm16))

    def flush(self) -> bytes:
        """End the stream and return its tail; the next push begins another one."""
        return b"" if self.is_identity else self._out(self._resampler.flush())

    def reset(self) -> None:
        """Forget what is held back, as after a barge-in."""
        self._resampler.flush()

    def _out(self, pcm16: bytes) -> bytes:
        return pcm16 if self._encode is None else self._encode(pcm16)


def transcode(audio: bytes, src: AudioFormat, dst: AudioFormat) -> bytes:
    """Convert a whole recording at once."""
    stream = Transcoder(src, dst)
    return stream.push(audio) + stream.flush()
