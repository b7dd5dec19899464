"""A line above peers that come and go, on a virtual clock."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from huntgroup.calls.ports import LineAudio, LineBadInput, LineEnded, LineEvent, LineMark, LineReturned
from huntgroup.lines.inbox import MAX_REPORTS_PER_PROBLEM
from huntgroup.lines.webrtc import QUIET_LIMIT_FRAMES, SIGNLESS_LIMIT_FRAMES, WebRtcLine
from huntgroup.media.formats import FRAME_MS, PCM16_24K
from huntgroup.testing.memory_peer import MemoryPeer
from huntgroup.testing.virtual_clock import VirtualClock

PLAYOUT_MS, RETURN_MS = 80, 10_000


def sound(ms: int, value: int = 1) -> bytes:
    return bytes([value]) * (ms * PCM16_24K.bytes_per_ms)


class Rig:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.line = WebRtcLine(self.clock, return_ms=RETURN_MS, playout_ms=PLAYOUT_MS)
        self.peer = MemoryPeer()
        self.events: list[tuple[int, LineEvent]] = []

    async def listen(self) -> None:
        while True:
            event = await self.line.receive()
            self.events.append((self.line.now_ms(), event))
            if isinstance(event, LineEnded):
                return

    def of(self, kind: type[LineEvent]) -> list[LineEvent]:
        return [event for _, event in self.events if isinstance(event, kind)]

    @property
    def marks(self) -> list[tuple[int, str]]:
        return [(at_ms, event.name) for at_ms, event in self.events if isinstance(event, LineMark)]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    made.line.attach(made.peer)
    tasks = [asyncio.create_task(made.line.pump()), asyncio.create_task(made.listen())]
    yield made
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_every_20_ms_a_frame_is_sent_silence_when_nothing_is_queued(rig: Rig) -> None:
    rig.line.play(sound(40))
    await rig.clock.advance(100)
    assert bytes(rig.peer.sent) == sound(40) + PCM16_24K.silence(60)
    assert len(rig.of(LineAudio)) == 5


async def test_sound_counts_as_heard_when_the_browser_has_played_it(rig: Rig) -> None:
    rig.line.play(sound(40))
    rig.line.mark("heard")
    await rig.clock.advance(40 + PLAYOUT_MS - FRAME_MS)
    assert rig.marks == []
    await rig.clock.advance(FRAME_MS)
    assert rig.marks == [(40 + PLAYOUT_MS, "heard")]


async def test_after_a_clear_what_is_under_way_is_still_heard(rig: Rig) -> None:
    rig.line.play(sound(200))
    rig.line.mark("end")
    await rig.clock.advance(100)
    rig.line.mark("stop")
    rig.line.clear()
    await rig.clock.advance(PLAYOUT_MS)
    assert rig.marks == [(100 + PLAYOUT_MS, "end"), (100 + PLAYOUT_MS, "stop")]
    assert rig.peer.heard == sound(100)


async def test_before_a_browser_is_there_nothing_is_lost(rig: Rig) -> None:
    rig.peer.is_sending = False
    rig.line.play(sound(100))
    await rig.clock.advance(2_000)
    assert (rig.line.now_ms(), rig.peer.heard) == (0, b"")
    rig.peer.is_sending = True
    await rig.clock.advance(200)
    assert rig.peer.heard == sound(100)
    assert rig.of(LineReturned) == []


async def test_who_comes_back_hears_the_rest_and_the_clock_stood_still(rig: Rig) -> None:
    rig.line.play(sound(200))
    await rig.clock.advance(100)
    rig.line.detach(rig.peer)
    await rig.clock.advance(9_000)
    assert rig.line.now_ms() == 100
    back = MemoryPeer()
    rig.line.attach(back)
    await rig.clock.advance(200)
    assert rig.peer.heard + back.heard == sound(200)
    assert rig.of(LineReturned) == [LineReturned(9_000)]
    assert rig.peer.is_closed


async def test_who_does_not_come_back_is_lost(rig: Rig) -> None:
    await rig.clock.advance(100)
    rig.line.detach(rig.peer)
    await rig.clock.advance(RETURN_MS + 2 * FRAME_MS)
    assert rig.events[-1] == (100, LineEnded("peer_lost", lost=True))
    assert rig.line.was_lost


async def test_a_sound_that_never_found_a_way_is_told_from_one_that_broke(rig: Rig) -> None:
    rig.peer.is_sending = False
    await rig.clock.advance(RETURN_MS + 2 * FRAME_MS)
    assert rig.events == [(0, LineEnded("never_connected", lost=True))]


async def test_a_network_that_says_nothing_any_more_is_away_and_may_come_back(rig: Rig) -> None:
    await rig.clock.advance(100)
    rig.peer.silence = True
    await rig.clock.advance(QUIET_LIMIT_FRAMES * FRAME_MS + 5_000)
    assert rig.line.now_ms() == 100 + QUIET_LIMIT_FRAMES * FRAME_MS
    rig.peer.silence = False
    await rig.clock.advance(100)
    assert len(rig.of(LineReturned)) == 1


@pytest.mark.parametrize("every_ms", [2_500, 6_000])
async def test_who_sends_no_sound_but_signs_of_life_is_there(rig: Rig, every_ms: int) -> None:
    rig.peer.soundless_frames, rig.peer.sign_every_frames = None, every_ms // FRAME_MS
    rig.line.play(sound(200))
    await rig.clock.advance(120_000)
    assert rig.line.now_ms() == 120_000
    assert rig.of(LineReturned) == []


async def test_a_microphone_that_is_taken_away_is_no_network_that_is_gone(rig: Rig) -> None:
    await rig.clock.advance(1_000)
    rig.peer.sign_every_frames = 2_500 // FRAME_MS
    await rig.clock.advance(60_000)
    assert rig.line.now_ms() == 61_000
    assert rig.of(LineReturned) == []


async def test_a_listener_who_shows_no_sign_any_more_is_missed_within_ten_seconds(rig: Rig) -> None:
    rig.peer.soundless_frames, rig.peer.sign_every_frames = None, 2_500 // FRAME_MS
    await rig.clock.advance(10_000)
    rig.peer.silence = True
    await rig.clock.advance(30_000)
    assert rig.line.now_ms() == 10_000 + SIGNLESS_LIMIT_FRAMES * FRAME_MS
    assert rig.line.was_lost


async def test_another_peer_closes_the_one_before_whose_end_nobody_misses(rig: Rig) -> None:
    await rig.clock.advance(100)
    back = MemoryPeer()
    rig.line.attach(back)
    rig.line.detach(rig.peer)
    await rig.clock.advance(100)
    assert rig.peer.is_closed
    assert rig.line.now_ms() == 200
    assert rig.of(LineReturned) == []


async def test_a_flood_of_rubbish_is_reported_in_its_beginning(rig: Rig) -> None:
    for _ in range(100):
        rig.line.report("bad_message")
    await rig.clock.advance(20)
    assert len(rig.of(LineBadInput)) == MAX_REPORTS_PER_PROBLEM


async def test_closing_ends_the_line_and_its_peer(rig: Rig) -> None:
    await rig.line.close()
    await rig.clock.advance(20)
    assert rig.peer.is_closed
    assert rig.events[-1][1] == LineEnded("hung_up_by_us", lost=False)
