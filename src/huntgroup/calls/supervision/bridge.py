"""The caller's line and a supervisor's, put together: one frame each way at every frame of the caller's clock."""

from collections.abc import Callable

from huntgroup.calls.ports import Line, Supervisor
from huntgroup.media.formats import FRAME_MS, PCM16_24K
from huntgroup.media.frames import Framer
from huntgroup.media.transcode import Transcoder

_SILENCE = PCM16_24K.silence(FRAME_MS)


class Bridge:
    """Carries sound between a line and a person. `on_said` gets each 20 ms of theirs, silence where nothing came."""

    def __init__(self, line: Line, on_said: Callable[[bytes], None]) -> None:
        self._line = line
        self._on_said = on_said
        self._to_person = Transcoder(line.format, PCM16_24K)
        self._frames = Framer(PCM16_24K.frame_bytes)
        self._to_line = Transcoder(PCM16_24K, line.format)

    def frame(self, audio: bytes, person: Supervisor) -> None:
        """Take a frame of the caller's; what the person says meanwhile goes to the line."""
        for frame in self._frames.push(self._to_person.push(audio)):
            person.play(frame)
            said = person.take()
            if said is not None:
                # Nothing is queued in their silence: what a slow line has queued up is worked off there.
                self._line.play(self._to_line.push(said))
            self._on_said(said or _SILENCE)
