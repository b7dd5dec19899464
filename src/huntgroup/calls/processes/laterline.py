"""A line that continues a call: its clock goes on from where the call stands."""

from huntgroup.calls.ports import Line, LineEvent
from huntgroup.media.formats import AudioFormat


class LaterLine:
    """`Line` around another that opened `offset_ms` after the call began. All else is the other's."""

    def __init__(self, line: Line, offset_ms: int) -> None:
        self._line = line
        self._offset_ms = offset_ms

    @property
    def written(self) -> bool:
        return self._line.written

    @property
    def kind(self) -> str:
        return self._line.kind

    @property
    def format(self) -> AudioFormat:
        """The format of `LineAudio` and of `play`."""
        return self._line.format

    def now_ms(self) -> int:
        """Milliseconds since the call began."""
        return self._offset_ms + self._line.now_ms()

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
