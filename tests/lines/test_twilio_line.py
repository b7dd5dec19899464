"""What is special about a Twilio line: its start, its limits, and leaving without a listener."""

import asyncio

import pytest

from huntgroup.calls.ports import LineBadInput, LineEnded
from huntgroup.lines import outbox, twilio
from huntgroup.lines.twilio import StreamRefused, TwilioLine
from huntgroup.testing.memory_carrier import MemoryCarrier
from huntgroup.testing.virtual_clock import VirtualClock


async def test_start_hands_out_the_parameters_of_the_twiml() -> None:
    carrier = MemoryCarrier(VirtualClock(), {"token": "t"})
    started = await TwilioLine(carrier).start()
    assert started.parameters == {"token": "t"}


async def test_a_socket_that_closes_before_start_is_refused() -> None:
    carrier = MemoryCarrier(VirtualClock())
    await carrier.receive()
    await carrier.receive()
    carrier.lose()
    with pytest.raises(StreamRefused, match="closed_before_start"):
        await TwilioLine(carrier).start()


async def test_nothing_but_rubbish_before_start_is_refused() -> None:
    carrier = MemoryCarrier(VirtualClock())
    await carrier.receive()
    await carrier.receive()
    for _ in range(30):
        carrier.send_text_frame("{")
    with pytest.raises(StreamRefused, match="malformed_json"):
        await TwilioLine(carrier).start()


async def test_reports_of_one_problem_are_limited() -> None:
    carrier = MemoryCarrier(VirtualClock())
    line = TwilioLine(carrier)
    await line.start()
    for _ in range(1000):
        carrier.send_text_frame("{")
    carrier.lose()
    events = []
    while not isinstance(event := await line.receive(), LineEnded):
        events.append(event)
    assert len(events) == twilio.MAX_REPORTS_PER_PROBLEM
    assert line.problems["malformed_json"] == 1000


async def test_sound_beyond_ten_minutes_is_dropped_with_a_report() -> None:
    carrier = MemoryCarrier(VirtualClock())
    line = TwilioLine(carrier)
    await line.start()
    line.play(bytes(outbox.MAX_QUEUED_BYTES))
    line.play(bytes(160))
    assert await line.receive() == LineBadInput("outbound_overflow", "")


async def test_hanging_up_needs_no_listener_and_no_pump() -> None:
    clock = VirtualClock()
    carrier = MemoryCarrier(clock)
    line = TwilioLine(carrier)
    await line.start()
    line.play(bytes(1600))
    tasks = [asyncio.create_task(carrier.run()), asyncio.create_task(line.hang_up())]
    await clock.advance(400)
    assert all(task.done() for task in tasks)
    assert len(carrier.heard) == 1600
    assert carrier.close_code == 1000


async def test_a_caller_who_never_hears_the_end_is_left_after_the_limit() -> None:
    carrier = MemoryCarrier(VirtualClock())
    line = TwilioLine(carrier, drain_ms=20)
    await line.start()
    line.play(bytes(1600))
    await asyncio.wait_for(line.hang_up(), 10)
    assert line.problems["farewell_unheard"] == 1
    assert carrier.close_code == 1000


class DeafCarrier(MemoryCarrier):
    """Takes nothing any more, a goodbye included."""

    is_aborted = False

    async def send_text(self, data: str) -> None:
        await asyncio.Event().wait()

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        await asyncio.Event().wait()

    def abort(self) -> None:
        self.is_aborted = True


async def test_a_carrier_that_stops_reading_is_given_up() -> None:
    carrier = DeafCarrier(VirtualClock())
    line = TwilioLine(carrier, drain_ms=20, close_ms=20)
    await line.start()
    line.play(bytes(1600))
    pump = asyncio.create_task(line.pump())
    await asyncio.wait_for(line.hang_up(), 5)
    assert carrier.is_aborted
    assert line.problems["close_unread"] == 1
    pump.cancel()
