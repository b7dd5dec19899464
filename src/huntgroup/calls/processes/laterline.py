"""A line that continues a call: its clock goes on from where the call stands."""

from huntgroup.calls.ports import Line, LineAround


class LaterLine(LineAround):
    """`Line` around another that opened `offset_ms` after the call began. All else is the other's."""

    def __init__(self, line: Line, offset_ms: int) -> None:
        super().__init__(line)
        self._offset_ms = offset_ms

    def now_ms(self) -> int:
        """Milliseconds since the call began."""
        return self._offset_ms + self._line.now_ms()
