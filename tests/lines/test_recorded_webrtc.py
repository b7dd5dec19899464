"""A browser's call whose sound is kept: the tape is what the peer sent and heard, and each agent's lane is its own."""

import numpy as np

from huntgroup.calls.ports import Line
from huntgroup.calls.session import CallSession
from huntgroup.domain.facts import HandoffCommitted, Interrupted, LineReturned
from huntgroup.lines.recorded import RecordedLine
from huntgroup.lines.webrtc import PLAYOUT_MS, WebRtcLine
from huntgroup.media.formats import PCM16_24K
from huntgroup.server.deskviews import speech
from huntgroup.testing.memory_peer import MemoryPeer
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import TEAM
from tests.lines.test_recorded_line import LONG, MemoryTape
from tests.server.dummy_house import tone

MS = PCM16_24K.bytes_per_ms
TRANSFER = use("transfer_to_expert", '{"question": "why?", "secret": "x"}')
LEVELS = {"desk": 1_000, "expert": 5_000}


class VoicedLine(RecordedLine):
    """Each agent sounds in a strength of its own, by which it is known on the tape."""

    calls: "BrowserDesk"

    def play(self, audio: bytes) -> None:
        level = LEVELS[self.calls.session.log.facts[-1].agent or "desk"]
        super().play(np.full(len(audio) // 2, level, dtype="<i2").tobytes())


class BrowserDesk(CallDesk):
    """A call from a browser, on a line whose sound is kept."""

    def __init__(self, *answers: object) -> None:
        super().__init__(TEAM, *answers)  # type: ignore[arg-type]
        self.tape, self.peer, self.webrtc = MemoryTape(), MemoryPeer(), WebRtcLine(self.clock)
        self.webrtc.attach(self.peer)
        taped = VoicedLine(self.webrtc, self.tape, self.webrtc.playout_ms)
        taped.calls = self
        line: Line = taped
        self.line = self.webrtc  # type: ignore[assignment]
        self.session = CallSession(self.session._around, TEAM, line)

    async def quiet(self, limit_ms: int = 20_000) -> None:
        quiet_ms = 0
        for _ in range(limit_ms // 20):
            before = len(self.peer.heard)
            await self.clock.advance(20)
            quiet_ms = quiet_ms + 20 if len(self.peer.heard) == before else 0
            if quiet_ms >= 300:
                return

    async def __aexit__(self, *_: object) -> None:
        self.webrtc.say_goodbye()
        await self.over()
        await self.webrtc.close()

    def lane(self, name: str) -> np.ndarray:  # type: ignore[type-arg]
        """The samples of a lane of the desk's page, as far as the ledger says that they are that agent's."""
        heard = np.frombuffer(self.tape.heard, dtype="<i2")
        spans = speech(self.session.log.facts)[name]
        return np.concatenate([heard[start * 24 : end * 24] for start, end in spans])


async def test_the_tape_has_what_the_peer_heard_and_when() -> None:
    async with BrowserDesk(say("Hello."), say(LONG), say("Yes?")) as call:
        await call.speak("Tell me.")
        await call.pass_ms(1_000)
        await call.say("Stop.")
    assert call.of(Interrupted)
    sent = bytes(PLAYOUT_MS * MS) + bytes(call.peer.sent)
    assert call.tape.heard == sent[: len(call.tape.heard)]
    assert len(call.tape.heard) == len(call.tape.caller) == call.webrtc.now_ms() * MS


async def test_what_the_caller_sends_is_on_the_tape_where_it_was_said() -> None:
    said = tone(400, 300, 24_000)
    async with BrowserDesk(say("Hello.")) as call:
        at_ms = call.webrtc.now_ms()
        call.peer.speak(said)
        await call.pass_ms(1_000)
    assert call.tape.caller[at_ms * MS :][: len(said)] == said


async def test_right_after_a_handoff_each_agents_lane_has_its_own_sound_alone() -> None:
    async with BrowserDesk(say("Hello."), TRANSFER, say("Because.")) as call:
        await call.say("Why?")
    assert call.of(HandoffCommitted)
    assert set(call.lane("desk")) == {LEVELS["desk"]}
    assert set(call.lane("expert")) == {LEVELS["expert"]}
    both = np.frombuffer(call.tape.heard, dtype="<i2")
    assert len(call.lane("desk")) + len(call.lane("expert")) == np.count_nonzero(both)


async def test_a_browser_that_was_away_leaves_no_hole_and_no_shift() -> None:
    async with BrowserDesk(say("Hello."), say("Yes?")) as call:
        call.webrtc.detach(call.peer)
        await call.pass_ms(5_000)
        back = MemoryPeer()
        call.webrtc.attach(back)
        await call.pass_ms(100)
        first, call.peer = bytes(call.peer.sent), back
        await call.say("Are you there?")
    assert call.of(LineReturned)
    sent = bytes(PLAYOUT_MS * MS) + first + bytes(back.sent)
    assert call.tape.heard == sent[: len(call.tape.heard)]
