"""A call whose sound is kept: what is on the tape is what the ledger says was heard."""

from huntgroup.domain.facts import AgentSpoke, CallerSpoke, Interrupted
from huntgroup.lines.recorded import RecordedLine
from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.testing.loopback_line import LoopbackLine
from tests.calls.desk import CallDesk, say
from tests.calls.teams import simple_team


class MemoryTape:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.closed = 0

    def put(self, piece: Piece) -> None:
        self.pieces.append(piece)

    def close(self) -> None:
        self.closed += 1

    @property
    def heard(self) -> bytes:
        return b"".join(piece.heard for piece in self.pieces)


def at(line: LoopbackLine, length: int) -> bytes:
    """What the far end really heard, on its own clock."""
    lane = bytearray(PCMU_8K.silence(length // 8))
    for sound in line.sounds:
        lane[sound.start_ms * 8 : sound.end_ms * 8] = sound.audio
    return bytes(lane)
