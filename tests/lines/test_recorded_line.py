"""A call whose sound is kept: what is on the tape is what the far end heard, and what the ledger says."""

import asyncio

from huntgroup.calls.ports import Line, LineAudio, LineEnded
from huntgroup.calls.session import CallSession
from huntgroup.domain.facts import AgentSpoke, Interrupted
from huntgroup.lines.recorded import RecordedLine
from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Piece
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from tests.calls.desk import CallDesk, say
from tests.calls.teams import TEAM

LONG = "This is a long answer that nobody wants to hear to its end."


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

    @property
    def caller(self) -> bytes:
        return b"".join(piece.caller for piece in self.pieces)


class AudibleLine(RecordedLine):
    """Puts a pattern in the place of the scripted voice's hum, which a phone line cannot tell from silence."""

    _count = 0

    def play(self, audio: bytes) -> None:
        self._count += len(audio)
        super().play(bytes((self._count - n) % 251 for n in range(len(audio), 0, -1)))


class TapedDesk(CallDesk):
    """A call on a recorded line."""

    def __init__(self, *args: object) -> None:
        super().__init__(TEAM, *args)  # type: ignore[arg-type]
        self.tape = MemoryTape()
        taped: Line = AudibleLine(self.line, self.tape)
        self.session = CallSession(self.session._around, TEAM, taped, caller="+15550100")


def at_the_ear(line: LoopbackLine, length: int) -> bytes:
    lane = bytearray(PCMU_8K.silence(length // 8))
    for sound in line.sounds:
        lane[sound.start_ms * 8 : sound.end_ms * 8] = sound.audio
    return bytes(lane[:length])


async def test_the_tape_has_what_the_far_end_heard_to_the_frame() -> None:
    async with TapedDesk(say("Hello."), say(LONG), say("Yes?")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(1_000)
        await call.say("Stop.")
    heard = call.tape.heard
    assert call.of(Interrupted)
    assert set(heard[400:1200]) != {0xFF}
    assert len(heard) == len(call.tape.caller) > 8000
    assert heard == at_the_ear(call.line, len(heard))


async def test_an_interrupted_agent_is_cut_where_the_ledger_cut_him() -> None:
    async with TapedDesk(say("Hello."), say(LONG), say("Yes?")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(1_000)
        await call.say("Stop.")
    heard = call.tape.heard
    spoken = [fact for fact in call.of(AgentSpoke) if fact.start_ms is not None and fact.end_ms is not None]
    assert any(fact.interrupted for fact in spoken)
    audible_ms = sum(1 for at in range(0, len(heard), 8) if set(heard[at : at + 8]) != {0xFF})
    assert abs(audible_ms - sum(fact.heard_ms for fact in spoken)) <= 20 * len(spoken)
    inside = b"".join(heard[(fact.start_ms or 0) * 8 : (fact.end_ms or 0) * 8] for fact in spoken)
    assert len(inside) - inside.count(0xFF) >= 0.95 * (len(heard) - heard.count(0xFF))


async def test_the_last_words_are_on_the_tape_and_it_is_closed() -> None:
    clock, tape = VirtualClock(), MemoryTape()
    inner = LoopbackLine(clock)
    line = RecordedLine(inner, tape)
    pump = asyncio.create_task(line.pump())
    await clock.advance(100)
    for _ in range(5):
        assert isinstance(await line.receive(), LineAudio)
    line.play(b"\x10" * 1600)
    leaving = asyncio.create_task(line.hang_up())
    await clock.advance(400)
    await leaving
    assert tape.heard.count(b"\x10") == 1600
    while not isinstance(await line.receive(), LineEnded):
        continue
    assert tape.closed
    await pump
