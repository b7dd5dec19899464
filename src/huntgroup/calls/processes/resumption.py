"""Going on with a call whose process is gone: what was left open is closed, and the agent picks up the thread.

A tool call that was under way is answered once, whatever became of it. A write is looked up under its idempotency key:
what was done is told with its result; what was not done can no longer be done under that key, not even by a process
that was only cut off and still tries.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agents import RunContextWrapper

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.ports import Line, ToolOutcomes
from huntgroup.calls.processes.laterline import LaterLine
from huntgroup.calls.processes.rebuild import CallState, rebuild
from huntgroup.calls.record.log import FactLog
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.state.redaction import Redaction
from huntgroup.calls.state.toolset import Toolset, resolve
from huntgroup.calls.succession.seeding import UNKNOWN_OUTCOME
from huntgroup.calls.tools.toolrun import Answer, succeeded
from huntgroup.domain import facts
from huntgroup.domain.facts import Fact
from huntgroup.teams import CallContext, Team
from huntgroup.teams.context import idempotency_key

PHRASE = "Sorry, we were cut off for a moment."
HERE = "We can go on here."
ANOTHER_LINE = "another_line"
LINE_LOST = "line_lost"
KEYED = frozenset({"write", "terminal"})


@dataclass(frozen=True, kw_only=True)
class Resumption:
    """A call that this process has taken over: its record, the state in it, and the answers of its open tool calls.

    `process` and `epoch` name the ownership; `reason` says why the call was without one.
    """

    record: Sequence[Fact]
    state: CallState
    answers: Mapping[str, Answer]
    process: str
    epoch: int
    reason: str


async def prepare(
    record: Sequence[Fact], team: Team, outcomes: ToolOutcomes, *, process: str, epoch: int
) -> Resumption:
    """Find out where a call stands, once it is ours. Raises `StoreUnavailable`, and then nothing has happened."""
    state = rebuild(record, team)
    answers = {call.tool_call_id: await _outcome(call, outcomes) for call in state.open_calls}
    return Resumption(
        record=tuple(record), state=state, answers=answers, process=process, epoch=epoch, reason=_reason(state)
    )


def line_of(resumption: Resumption, line: Line, now: datetime) -> LaterLine:
    """Return the line on the call's own clock, which has gone on while nobody was there."""
    started = resumption.state.started_at
    passed_ms = int((now - datetime.fromisoformat(started)).total_seconds() * 1000) if started is not None else 0
    return LaterLine(line, max(passed_ms, resumption.state.last_ms) - line.now_ms())


def record_takeover(resumption: Resumption, log: FactLog, *, now_ms: int, model: str, line: str) -> int:
    """Add what the take-over makes true: the call goes on, open tool calls are answered, no move is open.

    Returns the gap in ms.
    """
    gap_ms = max(0, now_ms - resumption.state.last_ms)
    log.add(
        facts.CallResumed,
        process=resumption.process,
        epoch=resumption.epoch,
        reason=resumption.reason,
        gap_ms=gap_ms,
        model=model,
        line=line,
    )
    settle_open(resumption.state, resumption.answers, log, now_ms)
    return gap_ms


def settle_open(state: CallState, answers: Mapping[str, Answer], log: FactLog, now_ms: int) -> None:
    """Answer in the record what was left open in it."""
    for call in state.open_calls:
        answer = answers.get(call.tool_call_id, Answer(UNKNOWN_OUTCOME, False, "outcome_unknown"))
        log.add(
            facts.ToolAnswered,
            owned_by=call.agent,
            tool=call.tool,
            tool_call_id=call.tool_call_id,
            output=answer.output,
            ok=answer.ok,
            error=answer.error,
            duration_ms=max(0, now_ms - call.t_ms),
        )
    if state.supervisor is not None:
        joined = state.supervisor
        lasted_ms = max(0, state.last_ms - joined.t_ms)
        log.add(facts.SupervisorLeft, by=joined.by, reason="process_lost", lasted_ms=lasted_ms)
    move = state.open_move
    if move is not None:
        ends = {"from_agent": move.from_agent, "to_agent": move.to_agent}
        log.add(facts.HandoffRolledBack, owned_by=move.agent, reason="process_lost", **ends)


async def toolset_of(state: CallState, team: Team, context: RunContextWrapper[CallContext]) -> Toolset:
    """Resolve the agent that has the call, told again how the call came to it."""
    return await resolve(team, state.owner, context, state.returns, _told(state, team))


def first_asks(state: CallState) -> list[Ask]:
    """Return what the agent says first: its last question, after an apology if there is need, then what it owes."""
    question = state.last_question
    phrase = HERE if state.moved and state.moved_because == ANOTHER_LINE else PHRASE
    words = phrase if question is None else f"{phrase} {question}"
    apology = Ask(reason=Reason.RESUMED, agent=state.owner, instructions=f'Say exactly: "{words}"', tools=False)
    picks_up = state.owed or bool(state.open_calls)
    return [apology, Ask(reason=Reason.TURN, agent=state.owner)] if picks_up else [apology]


async def _outcome(call: facts.ToolCalled, outcomes: ToolOutcomes) -> Answer:
    if call.effect in KEYED:
        done = await outcomes.settle(idempotency_key(call.call_id, call.tool_call_id), call.call_id)
        if done is not None:
            output = json.dumps(done, ensure_ascii=False)
            return Answer(output, succeeded(output))
    return Answer(UNKNOWN_OUTCOME, False, "outcome_unknown")


def _reason(state: CallState) -> str:
    if state.moved:
        return ANOTHER_LINE if state.moved_because == ANOTHER_LINE else "moved"
    return LINE_LOST if state.ended == LINE_LOST else "process_lost"


def redaction_of(state: CallState, team: Team) -> Redaction | None:
    """Return what the agent that has the call may see, by what it was told when it got it."""
    return Redaction(team.agent(state.owner), state.entry.payload) if state.entry is not None else None


def _told(state: CallState, team: Team) -> str:
    """What the agent was told when it took the call; its opening words were said long ago."""
    entry, redaction = state.entry, redaction_of(state, team)
    if entry is None or redaction is None:
        return ""
    if entry.back:
        return takeover.return_text(entry.edge, redaction.visible)
    return takeover.takeover_text(replace(entry.edge, opener="silent", phrase=None), redaction.visible, entry.by)
