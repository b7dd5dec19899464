"""A line around another line, for what changes a little of it: its clock, where its sound goes."""

from huntgroup.calls.ports.line import Line, LineEvent
from huntgroup.media.formats import AudioFormat


class LineAround:
    """`Line` that is the line behind it in everything that a subclass does not change."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def kind(self) -> str:
        return self._line.kind

    @property
    def written(self) -> bool:
        return self._line.written

    @property
    def format(self) -> AudioFormat:
        """The format of `LineAudio` and of `play`."""
        return self._line.format

    def now_ms(self) -> int:
        return self._line.now_ms()

    async def receive(self) -> LineEvent:
        return await self._line.receive()

    def play(self, audio: bytes) -> None:
        self._line.play(audio)

    def mark(self, name: str) -> None:
        self._line.mark(name)

    def clear(self) -> None:
        self._line.clear()

    async def pump(self) -> None:
        await self._line.pump()

    async def hang_up(self) -> None:
        await self._line.hang_up()
