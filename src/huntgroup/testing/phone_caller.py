"""A caller with a telephone: dials the real server, talks, listens, interrupts, presses keys and hangs up."""

from __future__ import annotations

import wave
from pathlib import Path
from types import TracebackType

from huntgroup.media.formats import PCM16_24K, PCMU_8K, AudioFormat
from huntgroup.media.transcode import transcode
from huntgroup.testing.call_recording import Span
from huntgroup.testing.telephone import NoAnswer, Telephone

__all__ = ["NoAnswer", "PhoneCaller", "Span"]


class PhoneCaller(Telephone):
    """One call. Use as `async with`: entering dials and connects, leaving hangs up.

    All times are ms of the call's media clock. `audio` is PCM16 mono at 24 kHz, or the path of a 16-bit WAV file.
    """

    _listening_since_ms = 0

    async def __aenter__(self) -> PhoneCaller:
        try:
            await self.dial()
        except BaseException:
            await self.put_away()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.hang_up()
        await self.put_away()

    async def say(self, audio: bytes | Path | str) -> Span:
        """Say something; returns when the last of it was sent, and when that was. Ends early when the call does."""
        ulaw = _as_ulaw(audio)
        start_ms = self.now_ms
        self.speak(ulaw)
        await self.until(lambda: not self._speech)
        self._listening_since_ms = self.now_ms
        return Span(start_ms, self.now_ms)

    async def wait_for_agent(self, quiet_ms: int = 700, timeout_ms: int = 30_000) -> Span | None:
        """Wait until the agent has spoken since our last words and then been quiet for `quiet_ms`.

        Returns when it spoke, from first to last; None when the call ended before it said anything. Raises `NoAnswer`.
        """
        since_ms = self._listening_since_ms
        await self.until(lambda: self._has_answered(since_ms, quiet_ms), timeout_ms)
        spoken = [span for span in self.heard if span.end_ms > since_ms]
        self._listening_since_ms = self.now_ms
        return Span(max(since_ms, spoken[0].start_ms), spoken[-1].end_ms) if spoken else None

    async def wait_until_agent_speaks(self, for_ms: int = 20, timeout_ms: int = 30_000) -> int:
        """Wait until the agent has been speaking for `for_ms`; returns when it began. Raises `NoAnswer`."""
        await self.until(lambda: self.recording.playing_for_ms >= for_ms, timeout_ms)
        return self.now_ms - self.recording.playing_for_ms

    async def barge_in(self, after_ms: int, audio: bytes | Path | str, timeout_ms: int = 30_000) -> Span:
        """Talk over the agent once it has been speaking for `after_ms`. Raises `NoAnswer`."""
        await self.wait_until_agent_speaks(after_ms, timeout_ms)
        return await self.say(audio)

    async def press(self, digits: str) -> None:
        """Press keys, five a second."""
        for digit in digits:
            await self._send(self._protocol.dtmf(digit))
            await self.wait(200)

    async def wait(self, ms: int) -> None:
        """Say nothing for `ms`."""
        until_ms = self.now_ms + ms
        await self.until(lambda: self.now_ms >= until_ms)

    async def wait_closed(self, timeout_ms: int = 30_000) -> None:
        """Wait until the call is over. Raises `NoAnswer`."""
        await self.until(lambda: False, timeout_ms)

    @property
    def heard(self) -> list[Span]:
        """When agent audio was played at the ear."""
        return self.recording.heard()

    def save_wav(self, path: Path | str) -> Path:
        """Write both sides as stereo, the caller left, the agent right."""
        return self.recording.save_wav(path)

    def _has_answered(self, since_ms: int, quiet_ms: int) -> bool:
        last_ms = self.recording.last_played_ms
        is_quiet = self._playback.is_empty and self.now_ms - last_ms >= quiet_ms
        return last_ms > since_ms and is_quiet


def _as_ulaw(audio: bytes | Path | str) -> bytes:
    if isinstance(audio, bytes):
        return transcode(audio, PCM16_24K, PCMU_8K)
    with wave.open(str(audio), "rb") as wav:
        if wav.getsampwidth() != 2 or wav.getnchannels() not in (1, 2):
            raise ValueError(f"{audio}: only mono and stereo 16-bit WAV files can be said")
        pcm16, channels, rate_hz = wav.readframes(wav.getnframes()), wav.getnchannels(), wav.getframerate()
    if channels == 2:
        pcm16 = b"".join(pcm16[i : i + 2] for i in range(0, len(pcm16), 4))
    return transcode(pcm16, AudioFormat("audio/pcm", rate_hz), PCMU_8K)
