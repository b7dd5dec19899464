"""A recorded call held again: its caller, its tools and, if wanted, its model come from the record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from huntgroup.calls.ports import RealtimeModel
from huntgroup.calls.replay.comparison import Difference, Step, first_difference, stream
from huntgroup.calls.replay.cues import cues_of
from huntgroup.calls.replay.takes import Cassette
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.calls.standbys import Allowance
from huntgroup.domain.errors import HuntgroupError
from huntgroup.domain.facts import CallEnded, CallStarted, Fact
from huntgroup.teams import Team
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.recorded_caller import RecordedCaller
from huntgroup.testing.recorded_tools import with_recorded_tools
from huntgroup.testing.text_caller import TextCallerModel
from huntgroup.testing.virtual_clock import VirtualClock

_LINGER_MS = {"silence": 60_000}
_DEFAULT_LINGER_MS = 4_000
_END_LIMIT_MS = 60_000


class NotReplayable(HuntgroupError):
    """A record that cannot be played: it has no beginning or no end; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """Both streams of one replay, and where they differ first; None when they are equal."""

    facts: Sequence[Fact]
    expected: Sequence[Step]
    came: Sequence[Step]
    difference: Difference | None


def clock_of(facts: Sequence[Fact]) -> VirtualClock:
    """Return a clock that stands at the beginning of the recorded call. Raises `NotReplayable`."""
    return VirtualClock(datetime.fromisoformat(_started(facts).started_at))


async def replay(facts: Sequence[Fact], team: Team, model: RealtimeModel, clock: VirtualClock) -> Replayed:
    """Hold the recorded call again with `team`'s code and `model`, and compare. Nothing is read or written outside.

    `clock` is the call's and the model's, from `clock_of`. Raises `NotReplayable`.
    """
    started, ended = _started(facts), _ended(facts)
    line = LoopbackLine(clock)
    ears = TextCallerModel(model)
    session = CallSession(
        # There is no ear for another voice, and what is said comes from one session.
        Surroundings(model=ears, clock=clock, standbys=Allowance(0)),
        with_recorded_tools(team, Cassette(facts)),
        line,
        call_id=started.call_id,
        caller=started.caller,
        callee=started.callee,
    )
    running = asyncio.create_task(session.run(), name="replayed call")
    caller = RecordedCaller(
        clock=clock, line=line, model=ears, hand=session, heard_of=_heard(session), is_over=running.done
    )
    try:
        await clock.settle()
        await caller.play(cues_of(facts))
        await _end(caller, ended.reason, team)
        await asyncio.wait_for(running, 5)
    finally:
        running.cancel()
    expected, came = stream(facts), stream(session.log.facts)
    return Replayed(facts=session.log.facts, expected=expected, came=came, difference=first_difference(expected, came))


def _heard(session: CallSession) -> Callable[[str], int]:
    return lambda response_id: session.desk.heard_of(response_id) if session.desk is not None else 0


async def _end(caller: RecordedCaller, reason: str, team: Team) -> None:
    """Leave the call to end by itself as it did; a call that does not end is ended by its caller."""
    linger_ms = team.max_call_ms if reason == "too_long" else _LINGER_MS.get(reason, _DEFAULT_LINGER_MS)
    await caller.linger(linger_ms)
    if not caller.is_over():
        caller.line.caller_hangs_up()
    for _ in range(_END_LIMIT_MS // 100):
        if caller.is_over():
            return
        await caller.clock.advance(100)


def _started(facts: Sequence[Fact]) -> CallStarted:
    started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
    if started is None:
        raise NotReplayable("the record does not say how the call began")
    return started


def _ended(facts: Sequence[Fact]) -> CallEnded:
    ends = [fact for fact in facts if isinstance(fact, CallEnded)]
    if not ends:
        raise NotReplayable("the call has not ended, or its record was never completed")
    if len(ends) > 1 or any(fact.seq > ends[0].seq for fact in facts):
        raise NotReplayable("the call went on after an end, in another process")
    return ends[0]
