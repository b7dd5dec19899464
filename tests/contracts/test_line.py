"""What every line must do, run on each implementation with a caller behind it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from huntgroup.calls.ports import Line, LineAudio, LineBadInput, LineDtmf, LineEnded, LineEvent, LineMark, PushingLine
from huntgroup.lines.socket import Sink
from huntgroup.lines.twilio import TwilioLine
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.memory_carrier import MemoryCarrier
from huntgroup.testing.memory_peer import MemoryPeer
from huntgroup.testing.virtual_clock import VirtualClock


def tone(line: Line, ms: int = 200) -> bytes:
    """Sound in the line's format, none of whose frames is silent."""
    return (bytes(range(1, 161)) * line.format.bytes_per_ms * ms)[: line.format.bytes_per_ms * ms]


class Caller(Protocol):
    def speak(self, audio: bytes, /) -> None: ...
    def press(self, digits: str, /) -> None: ...
    def hang_up(self) -> None: ...
    def lose(self) -> None: ...
    def send_rubbish(self) -> None: ...
    @property
    def heard(self) -> bytes | bytearray: ...


class CarrierCaller(MemoryCarrier):
    def send_rubbish(self) -> None:
        self.send_text_frame("{")


class PushingCarrier(CarrierCaller):
    """A carrier whose messages are handed on as they come; never from inside a call of the line, as on a network."""

    sink: Sink | None = None

    def push_to(self, sink: Sink | None) -> None:
        self.sink = sink
        while sink is not None and not self._inbox.empty():
            sink(self._inbox.get_nowait())

    def send_text_frame(self, text: str) -> None:
        super().send_text_frame(text)
        asyncio.get_running_loop().call_soon(self.push_to, self.sink)

    def lose(self) -> None:
        super().lose()
        asyncio.get_running_loop().call_soon(self.push_to, self.sink)


class LoopbackCaller:
    def __init__(self, line: LoopbackLine) -> None:
        self.speak, self.press = line.speak, line.press
        self.hang_up, self.lose = line.caller_hangs_up, line.lose
        self.send_rubbish = lambda: line.send_bad_input("malformed_json")
        self._line = line

    @property
    def heard(self) -> bytes:
        return self._line.heard


class PeerCaller(MemoryPeer):
    def __init__(self, line: WebRtcLine) -> None:
        super().__init__()
        self._line = line
        line.attach(self)

    def press(self, digits: str) -> None:
        for digit in digits:
            self._line.press(digit)

    def hang_up(self) -> None:
        self._line.say_goodbye()

    def lose(self) -> None:
        self._line.detach(self)

    def send_rubbish(self) -> None:
        self._line.report("malformed_json")


@dataclass
class Rig:
    clock: VirtualClock
    line: Line
    caller: Caller
    events: list[LineEvent]

    def of(self, kind: type[LineEvent]) -> list[LineEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    async def listen(self) -> None:
        if isinstance(self.caller, PushingCarrier):
            assert isinstance(self.line, PushingLine)
            await self.line.push_to(self.events.append)
            return
        while not isinstance(event := await self.line.receive(), LineEnded):
            self.events.append(event)
        self.events.append(event)


async def connect(kind: str, clock: VirtualClock) -> tuple[Line, Caller, list[asyncio.Task[None]]]:
    if kind == "loopback":
        loopback = LoopbackLine(clock)
        return loopback, LoopbackCaller(loopback), [asyncio.create_task(loopback.pump())]
    if kind == "webrtc":
        browser_line = WebRtcLine(clock, return_ms=0, playout_ms=0)
        return browser_line, PeerCaller(browser_line), [asyncio.create_task(browser_line.pump())]
    carrier = PushingCarrier(clock) if kind == "twilio_pushed" else CarrierCaller(clock)
    line = TwilioLine(carrier)
    await line.start()
    return line, carrier, [asyncio.create_task(line.pump()), asyncio.create_task(carrier.run())]


@pytest.fixture(params=["loopback", "twilio", "twilio_pushed", "webrtc"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    clock = VirtualClock()
    line, caller, tasks = await connect(request.param, clock)
    rig = Rig(clock, line, caller, [])
    tasks.append(asyncio.create_task(rig.listen()))
    yield rig
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_callers_sound_arrives_in_order_and_moves_the_media_clock(rig: Rig) -> None:
    rig.caller.speak(tone(rig.line))
    await rig.clock.advance(200)
    assert b"".join(event.audio for event in rig.of(LineAudio)) == tone(rig.line)  # type: ignore[union-attr]
    assert rig.line.now_ms() == 200


async def test_a_mark_comes_back_when_the_sound_before_it_was_heard(rig: Rig) -> None:
    rig.line.play(tone(rig.line))
    rig.line.mark("end")
    await rig.clock.advance(180)
    assert rig.of(LineMark) == []
    await rig.clock.advance(20)
    assert rig.of(LineMark) == [LineMark("end")]
    assert rig.caller.heard == tone(rig.line)


async def test_clear_drops_sound_and_brings_all_marks_at_once(rig: Rig) -> None:
    for name in "abc":
        rig.line.play(tone(rig.line))
        rig.line.mark(name)
    await rig.clock.advance(100)
    rig.line.clear()
    await rig.clock.advance(20)
    assert rig.of(LineMark) == [LineMark("a"), LineMark("b"), LineMark("c")]
    assert len(rig.caller.heard) <= rig.line.format.bytes_per_ms * 100


async def test_what_is_cleared_before_it_was_written_is_never_heard(rig: Rig) -> None:
    rig.line.play(tone(rig.line))
    rig.line.mark("gone")
    rig.line.clear()
    rig.line.play(tone(rig.line, 20))
    await rig.clock.advance(100)
    assert rig.caller.heard == tone(rig.line, 20)
    assert rig.of(LineMark) == [LineMark("gone")]


async def test_keys_arrive_one_by_one(rig: Rig) -> None:
    rig.caller.press("12#")
    await rig.clock.advance(20)
    assert rig.of(LineDtmf) == [LineDtmf("1"), LineDtmf("2"), LineDtmf("#")]


async def test_rubbish_is_an_event_and_the_line_goes_on(rig: Rig) -> None:
    rig.caller.send_rubbish()
    rig.caller.speak(tone(rig.line))
    await rig.clock.advance(200)
    assert [event.code for event in rig.of(LineBadInput)] == ["malformed_json"]  # type: ignore[union-attr]
    assert len(rig.of(LineAudio)) == 10


async def test_a_caller_who_hangs_up_is_not_a_lost_line(rig: Rig) -> None:
    rig.caller.hang_up()
    await rig.clock.advance(20)
    assert rig.events[-1] == LineEnded("caller_hung_up", lost=False)
    assert await rig.line.receive() == await rig.line.receive() == rig.events[-1]


async def test_a_broken_line_says_that_it_was_lost(rig: Rig) -> None:
    rig.caller.lose()
    await rig.clock.advance(20)
    ended = rig.events[-1]
    assert isinstance(ended, LineEnded)
    assert ended.lost


async def test_hanging_up_lets_queued_sound_be_heard(rig: Rig) -> None:
    rig.line.play(tone(rig.line))
    leaving = asyncio.create_task(rig.line.hang_up())
    await rig.clock.advance(100)
    assert not leaving.done()
    await rig.clock.advance(200)
    assert leaving.done()
    assert rig.caller.heard == tone(rig.line)
    assert rig.events[-1] == LineEnded("hung_up_by_us", lost=False)


async def test_after_the_end_nothing_raises(rig: Rig) -> None:
    rig.caller.lose()
    await rig.clock.advance(20)
    rig.line.play(tone(rig.line))
    rig.line.mark("late")
    rig.line.clear()
    await asyncio.wait_for(rig.line.pump(), 10)
    await asyncio.wait_for(rig.line.hang_up(), 10)


async def test_an_event_that_cannot_be_taken_ends_the_pushing() -> None:
    line, caller, tasks = await connect("twilio_pushed", VirtualClock())
    assert isinstance(line, PushingLine)

    def refuse(event: LineEvent) -> None:
        raise LookupError(event)

    caller.press("1")
    with pytest.raises(LookupError):
        await line.push_to(refuse)
    caller.press("2")
    assert await line.receive() == LineDtmf("2")
    for task in tasks:
        task.cancel()
