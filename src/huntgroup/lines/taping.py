"""Which calls' sound is kept, and how it gets from a line onto a tape."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from huntgroup.calls.ports import Line
from huntgroup.lines.recorded import RecordedLine
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.storage.tapes import FileTape, TapeRoom

logger = logging.getLogger(__name__)


class Taping:
    """Keeps the sound of calls in `room`, for teams that allow it.

    `keep_days` is for how long each team allows it, 0 for not at all; `default_days` is for teams that do not say.
    """

    def __init__(self, room: TapeRoom, keep_days: Mapping[str, int], default_days: int) -> None:
        self._room = room
        self._keep_days = keep_days
        self._default_days = default_days

    def begin(
        self, line: Line, team: str, call_id: str, on_failed: Callable[[str], None]
    ) -> tuple[Line, FileTape | None]:
        """Return the line to hold the call on, and its tape, which must be closed after the call; None without one."""
        if line.written or not self._keep_days.get(team, self._default_days):
            return line, None

        def failed(code: str) -> None:
            logger.error("the sound of call %s is kept no further: %s", call_id, code)
            on_failed(code)

        tape = self._room.tape(call_id, line.format, failed)
        behind_ms = line.playout_ms if isinstance(line, WebRtcLine) else 0
        return (line, None) if tape is None else (RecordedLine(line, tape, behind_ms), tape)
