"""A recorded call held again: its caller, its tools and, if wanted, its model come from the record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from huntgroup.calls.ports import RealtimeModel
from huntgroup.calls.replay.comparison import Difference, Step, first_difference, stream
from huntgroup.calls.replay.cues import Outage, cues_of
from huntgroup.calls.replay.takes import Cassette
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain.errors import HuntgroupError
from huntgroup.domain.facts import (
    AgentPaused,
    AgentResumed,
    CallEnded,
    CallMoved,
    CallResumed,
    CallStarted,
    Fact,
    HandoffCommitted,
    HandoffProposed,
    HandoffRolledBack,
    Interrupted,
    ModelLost,
)
from huntgroup.teams import Team
from huntgroup.testing.behind_the_line import failures_of
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.recorded_allowance import RecordedAllowance
from huntgroup.testing.recorded_caller import RecordedCaller
from huntgroup.testing.recorded_model import Moment, RecordedModel
from huntgroup.testing.recorded_supervisor import RecordedSupervisor
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
    allowance = RecordedAllowance(facts, lambda: _count(session, HandoffCommitted))
    session = CallSession(
        Surroundings(model=ears, clock=clock, standbys=allowance),
        with_recorded_tools(team, Cassette(facts)),
        line,
        call_id=started.call_id,
        caller=started.caller,
        callee=started.callee,
    )
    if isinstance(model, RecordedModel):
        model.follow(lambda: _moment(session))
    await _play(session, line, ears, clock, facts, ended.reason, team)
    expected, came = stream(facts), stream(session.log.facts)
    return Replayed(facts=session.log.facts, expected=expected, came=came, difference=first_difference(expected, came))


async def _play(
    session: CallSession,
    line: LoopbackLine,
    ears: TextCallerModel,
    clock: VirtualClock,
    facts: Sequence[Fact],
    end: str,
    team: Team,
) -> None:
    cues = cues_of(facts)
    first = cues[0].act if cues else None
    at_start = isinstance(first, Outage) and first.at_start
    if isinstance(first, Outage) and at_start:
        ears.fail(*failures_of(cues.pop(0).text, replace(first, failures=first.failures + (not first.for_good))))
    running = asyncio.create_task(session.run(), name="replayed call")
    supervisor = RecordedSupervisor(session, facts, clock, line)
    watching = asyncio.create_task(supervisor.watch(), name="recorded supervisor")
    caller = RecordedCaller(
        clock=clock,
        line=line,
        model=ears,
        hand=session,
        heard_of=_heard(session),
        is_over=running.done,
        is_undecided=lambda: _is_silenced(session.log.facts) or _moment(session).handoff is not None,
        behind=supervisor,
        swapping=lambda: _moment(session).handoff,
        decide=ears.inner.decide if isinstance(ears.inner, RecordedModel) else lambda: None,
        losses=lambda: _count(session, ModelLost),
        lost=int(at_start),
        fails=isinstance(ears.inner, RecordedModel),
    )
    try:
        await clock.settle()
        await caller.play(cues)
        await _end(caller, end, team)
        await asyncio.wait_for(running, 5)
    finally:
        supervisor.close()
        watching.cancel()
        running.cancel()


def _heard(session: CallSession) -> Callable[[str], int]:
    return lambda response_id: session.desk.heard_of(response_id) if session.desk is not None else 0


def _moment(session: CallSession) -> Moment:
    turn = session.live.turn if session.live is not None else 0
    decided = _count(session, HandoffCommitted) + _count(session, HandoffRolledBack)
    under_way = _count(session, HandoffProposed) > decided
    return Moment(turn, _count(session, ModelLost), decided if under_way else None)


def _is_silenced(log: Sequence[Fact]) -> bool:
    """Whether the last agent that was silenced has neither gone on nor been cut."""
    floor = (fact for fact in reversed(log) if isinstance(fact, AgentPaused | AgentResumed | Interrupted))
    return isinstance(next(floor, None), AgentPaused)


def _count(session: CallSession, kind: type[Fact]) -> int:
    return sum(isinstance(fact, kind) for fact in session.log.facts)


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
    if any(isinstance(fact, CallMoved | CallResumed) for fact in facts):
        raise NotReplayable("the call went from one process to another; only calls of one process can be replayed")
    ends = [fact for fact in facts if isinstance(fact, CallEnded)]
    if not ends:
        raise NotReplayable("the call has not ended, or its record was never completed")
    if len(ends) > 1 or any(fact.seq > ends[0].seq for fact in facts):
        raise NotReplayable("the call went on after an end, in another process")
    return ends[0]
