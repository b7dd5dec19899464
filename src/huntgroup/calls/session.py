"""One call from answer to settled end, with one owner."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from agents import RunContextWrapper

from huntgroup.calls.desk import Desk
from huntgroup.calls.ports import (
    Clock,
    HousePhrases,
    Line,
    RealtimeModel,
    Supervisor,
)
from huntgroup.calls.processes.moving import POLITE_MS
from huntgroup.calls.processes.rebuild import CallState
from huntgroup.calls.processes.resumption import (
    ANOTHER_LINE,
    Resumption,
    line_of,
    record_takeover,
    redaction_of,
    toolset_of,
)
from huntgroup.calls.record.log import FactLog, Listener
from huntgroup.calls.state.acting import acting_agent
from huntgroup.calls.state.approvals import Approvals, Outcome, PendingApproval
from huntgroup.calls.state.live import LiveCall, Tasks
from huntgroup.calls.state.whisper import Whispers
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.calls.telemetry.tracing import CallTracer
from huntgroup.calls.turns.hand import TransferBy
from huntgroup.domain import facts
from huntgroup.domain.claims import Claims
from huntgroup.domain.errors import HandoffRefused
from huntgroup.domain.ids import new_id
from huntgroup.domain.progress import HeardListener
from huntgroup.teams import CallContext, Team
from huntgroup.teams.context import DEFAULT_TENANT

logger = logging.getLogger(__name__)
MOST_STANDBYS = 8
# What is not to be had where the model's server plays to the caller itself.
ABSENT = (
    "hold_back",
    "pause",
    "exact_playout",
    "keys",
    "voice_switch",
    "house_phrases",
    "recording",
    "echo_check",
    "take_over",
)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every call of a house shares. `listeners` hear each fact at once and must be quick.

    `hearer` returns who is told how far agents' words are heard in a call; None when nobody is.
    `acknowledged` returns when every fact so far would survive this process, or raises `StoreUnavailable`.
    """

    model: RealtimeModel
    clock: Clock
    resources: Mapping[type, object] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    sinks: Sequence[TraceSink] = ()
    passthrough: bool = False
    acknowledged: Callable[[], Awaitable[None]] | None = None
    phrases: HousePhrases = field(default_factory=NoPhrases)
    standbys: Allowance = field(default_factory=lambda: Allowance(MOST_STANDBYS))
    tenant: str = DEFAULT_TENANT
    hearer: Callable[[str], HeardListener | None] = lambda call_id: None


class CallSession:
    """One call. `run` answers the line and returns when the call is settled; the facts are complete then.

    With a `resumption` it goes on with a call that was another process's: same id, same record. `move` gives the call
    up for another process, `lose` because another has it already; `run` then returns `moved` or `taken_over`, and the
    record stays without an end.

    `desk` is there once the call is answered.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        team: Team,
        line: Line,
        *,
        call_id: str | None = None,
        caller: str | None = None,
        callee: str | None = None,
        resumption: Resumption | None = None,
    ) -> None:
        self._around = surroundings
        self._team = team
        self._resumption = resumption
        self._line = line = line if resumption is None else line_of(resumption, line, surroundings.clock.utc_now())
        self._is_lost = False
        self._moved_because = "draining"
        self._owner: Callable[[], str] = lambda: team.first
        self._ending: Callable[[str], None] = lambda reason: None
        self.desk: Desk | None = None
        self._approvals = Approvals()
        self.call_id = call_id or new_id("call")
        self.log = FactLog(
            self.call_id,
            now_ms=line.now_ms,
            owner=lambda: self._owner(),
            listeners=surroundings.listeners,
            earlier=resumption.record if resumption is not None else (),
        )
        self.tracer = CallTracer(
            self.call_id,
            team.name,
            surroundings.clock,
            surroundings.sinks,
            time_source=line,
            facts=lambda: self.log.facts,
        )
        self.context = CallContext(
            call_id=self.call_id,
            clock=surroundings.clock,
            team=team.name,
            tenant=surroundings.tenant,
            caller=caller,
            callee=callee,
            claims=Claims(on_grant=self._granted),
            resources=surroundings.resources,
            on_record=self._record,
            on_hang_up=lambda reason: self._ending(reason),
        )
        if resumption is not None:
            self._owner = lambda: resumption.state.owner
            self.context.claims.restore(resumption.state.claims)

    @property
    def live(self) -> LiveCall | None:
        """The call's state; None before it is set up."""
        return self.desk.live if self.desk is not None else None

    async def move(self, patience_ms: int, *, because: str = "draining") -> None:
        """End here at a quiet moment, or when the patience is over, so that another process or line can go on.

        Who goes on by another line is there already: the agent's words are not waited for.
        """
        self._moved_because = because
        if self.desk is not None:
            await self.desk.leave("moved", patience_ms, 0 if because == ANOTHER_LINE else POLITE_MS)

    def lose(self) -> None:
        """End here: the call is another process's."""
        self._is_lost = True
        if self.desk is not None:
            self.desk.end("taken_over")

    async def run(self) -> str:
        """Hold the call to its end and return the reason of the end."""
        self._started()
        reason = "error"
        try:
            reason = await self._converse()
        finally:
            with contextlib.suppress(Exception):
                await self._line.hang_up()
            self._note_end(reason)
            self.tracer.end(reason, "error" if reason in ("error", "model_lost") else "ok")
            await self.tracer.finish()
        return reason

    async def transfer(self, to: str, *, brief: Mapping[str, Any] | None = None, by: TransferBy = "code") -> bool:
        """Hand the call to an agent without its model's wish, by the same transaction; True once it is committed.

        `by="code"` goes along an edge of the agent that has the call, with its claims, limits and brief, or back to the
        agent who waits for it, with its result as the brief; so does "menu", the caller's own choice on a page, but
        without any brief. `by="supervisor"` may go to any agent of the team. The receiver speaks first. Raises
        `HandoffRefused`, `ClaimMissing` or `BadArguments` when it may not happen, `TeamError` when the team has no such
        agent.
        """
        if not self.is_open:
            raise HandoffRefused("busy", "there is no call to hand over")
        return await self._desk_now().transfer(to, brief or {}, by)

    def whisper(self, text: str, by: str) -> bool:
        """Tell the agent that has the call something which the caller does not hear; False when there is no call."""
        if self.is_open:
            self._desk_now().whisper(text, by)
        return self.is_open

    def supervise(self, person: Supervisor, by: str) -> None:
        """Let a supervisor take the call as soon as they are there. Raises `HandoffRefused`, and then lets them go."""
        try:
            if not self.is_open:
                raise HandoffRefused("busy", "there is no call to take")
            self._desk_now().supervisors.invite(person, by)
        except HandoffRefused:
            person.let_go()
            raise

    def give_back(self, by: str) -> bool:
        """Let the agent go on after the supervisor `by`; False when they do not have the call."""
        return self.is_open and self._desk_now().supervisors.give_back(by)

    def end_as_supervisor(self, by: str) -> bool:
        """End the call, as the supervisor `by` who has it; False when they do not."""
        return self.is_open and self._desk_now().supervisors.hang_up(by)

    @property
    def now_ms(self) -> int:
        """Milliseconds of the line's clock since the call began."""
        return self._line.now_ms()

    def say(self, text: str, words_id: str | None = None) -> bool:
        """Take typed words of the caller as a turn; False when they are blank or there is no call to say them in.

        Words with an id that is in the record already were taken, and are no second turn.
        """
        text = text.strip()
        if not text or not self.is_open:
            return False
        self._desk_now().say(text, words_id)
        return True

    async def acknowledged(self) -> None:
        """Return when all that happened so far would survive this process. Raises `StoreUnavailable` after a while."""
        if self._around.acknowledged is not None:
            await self._around.acknowledged()

    def interrupt(self) -> None:
        """Stop the agent's words, as the caller wishes."""
        if self.is_open:
            self._desk_now().interrupt()

    def press(self, digit: str) -> bool:
        """Take a key of the caller's; False when there is no call."""
        if not self.is_open:
            return False
        self._desk_now().press(digit)
        return True

    def hang_up(self) -> None:
        """End the call, as the caller wishes."""
        if self.is_open:
            self._desk_now().end("caller_hung_up")

    @property
    def is_open(self) -> bool:
        """Whether anything can be done in it: it is set up, and not ended."""
        return self.desk is not None and not self.desk.ended.done()

    def _desk_now(self) -> Desk:
        assert self.desk is not None
        return self.desk

    @property
    def approvals(self) -> list[PendingApproval]:
        """Tool calls that wait for somebody's approval, oldest first."""
        return self._approvals.pending

    def approve(self, tool_call_id: str, *, by: str) -> Outcome:
        """Let a tool call run, as the supervisor `by`. Only `given` changes anything."""
        return self._approvals.decide(tool_call_id, approved=True, by=by)

    def reject(self, tool_call_id: str, *, by: str) -> Outcome:
        """Refuse a tool call, as the supervisor `by`. Only `given` changes anything."""
        return self._approvals.decide(tool_call_id, approved=False, by=by)

    async def _converse(self) -> str:
        reason = "error"
        try:
            async with asyncio.TaskGroup() as group:
                desk = await self._set_up(Tasks(group))
                try:
                    reason = await desk.ended
                    await desk.finish()
                finally:
                    desk.settle()
        except* Exception as failed:
            for error in failed.exceptions:
                logger.error("call %s ended by %s", self.call_id, where(error))
        return reason

    async def _set_up(self, tasks: Tasks) -> Desk:
        context = RunContextWrapper(context=self.context)
        state = self._resumption.state if self._resumption is not None else CallState(owner=self._team.first)
        live = LiveCall(
            team=self._team,
            line=self._line,
            profile=self._around.model.profile,
            clock=self._around.clock,
            log=self.log,
            context=self.context,
            tracer=self.tracer,
            tasks=tasks,
            owner=state.owner,
            toolset=await toolset_of(state, self._team, context),
            returns=list(state.returns),
            redaction=redaction_of(state, self._team),
            hops=state.hops,
            turn=state.turn,
            acknowledged=self._around.acknowledged,
            approvals=self._approvals,
            whispers=Whispers.of(self.log.facts),
            hearer=partial(self._around.hearer, self.call_id),
        )
        around = self._around
        desk = Desk(live, around.model, around.phrases, around.standbys, passthrough=around.passthrough)
        self._owner = lambda: live.owner
        self._ending = desk.end_after_words
        self.desk = desk
        desk.open(self._resumption)
        if self._is_lost:
            self.lose()
        return desk

    def _note_end(self, reason: str) -> None:
        if reason == "moved":
            self.log.add(facts.CallMoved, reason=self._moved_because)
        elif reason != "taken_over":
            self.log.add(facts.CallEnded, reason=reason, duration_ms=self._line.now_ms())

    def _started(self) -> None:
        profile = self._around.model.profile
        if self._resumption is not None:
            model, now_ms = f"{profile.name}/{profile.model}", self._line.now_ms()
            gap_ms = record_takeover(self._resumption, self.log, now_ms=now_ms, model=model, line=self._line.kind)
            self.tracer.resumption(self._resumption.reason, self._resumption.epoch, gap_ms)
            return
        self.log.add(
            facts.CallStarted,
            team=self._team.name,
            line=self._line.kind,
            caller=self.context.caller,
            callee=self.context.callee,
            model=f"{profile.name}/{profile.model}",
            started_at=self._around.clock.utc_now().isoformat(),
        )
        if profile.plays_itself:
            self.log.add(facts.SoundElsewhere, absent=list(ABSENT))

    def _granted(self, claim: str, subject: str) -> None:
        self.log.add(facts.ClaimGranted, owned_by=acting_agent(), claim=claim, subject=subject)

    def _record(self, fact_type: type[facts.FactBase], fields: Mapping[str, Any]) -> None:
        self.log.add(fact_type, owned_by=acting_agent(), **fields)


def where(error: BaseException) -> str:
    """Name an exception and the places it passed, without its text, which may quote the caller."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(where(inner) for inner in error.exceptions)
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} at {' < '.join(reversed(list(places)))}"
