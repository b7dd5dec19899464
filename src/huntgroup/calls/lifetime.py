"""The life of one call, from answer to settled end."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from agents import RunContextWrapper

from huntgroup.calls.desk import Desk
from huntgroup.calls.ports import Line
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
from huntgroup.calls.record.log import FactLog
from huntgroup.calls.state.acting import acting_agent
from huntgroup.calls.state.approvals import Approvals
from huntgroup.calls.state.live import LiveCall, Tasks
from huntgroup.calls.state.whisper import Whispers
from huntgroup.calls.surroundings import Surroundings
from huntgroup.calls.telemetry.tracing import CallTracer
from huntgroup.domain import facts
from huntgroup.domain.claims import Claims
from huntgroup.teams import CallContext, Team

logger = logging.getLogger(__name__)
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


class Lifetime:
    """Answers the line, keeps the record, and settles the call; `desk` is there once it is answered.

    With a `resumption` it goes on where another process left the call.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        team: Team,
        line: Line,
        *,
        call_id: str,
        caller: str | None,
        callee: str | None,
        resumption: Resumption | None,
    ) -> None:
        self._around = surroundings
        self._team = team
        self._resumption = resumption
        self.line = line if resumption is None else line_of(resumption, line, surroundings.clock.utc_now())
        self._is_lost = False
        self._moved_because = "draining"
        self._owner: Callable[[], str] = lambda: team.first
        self._ending: Callable[[str], None] = lambda reason: None
        self.desk: Desk | None = None
        self.approvals = Approvals()
        self.log = self._new_log(call_id)
        self.tracer = CallTracer(
            call_id,
            team.name,
            surroundings.clock,
            surroundings.sinks,
            time_source=self.line,
            facts=lambda: self.log.facts,
        )
        self.context = self._new_context(call_id, caller, callee)
        if resumption is not None:
            self._owner = lambda: resumption.state.owner
            self.context.claims.restore(resumption.state.claims)

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
                await self.line.hang_up()
            self._note_end(reason)
            self.tracer.end(reason, "error" if reason in ("error", "model_lost") else "ok")
            await self.tracer.finish()
        return reason

    def _new_log(self, call_id: str) -> FactLog:
        return FactLog(
            call_id,
            now_ms=self.line.now_ms,
            owner=lambda: self._owner(),
            listeners=self._around.listeners,
            earlier=self._resumption.record if self._resumption is not None else (),
        )

    def _new_context(self, call_id: str, caller: str | None, callee: str | None) -> CallContext:
        return CallContext(
            call_id=call_id,
            clock=self._around.clock,
            team=self._team.name,
            tenant=self._around.tenant,
            caller=caller,
            callee=callee,
            claims=Claims(on_grant=self._granted),
            resources=self._around.resources,
            on_record=self._record,
            on_hang_up=lambda reason: self._ending(reason),
        )

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
                logger.error("call %s ended by %s", self.log.call_id, where(error))
        return reason

    async def _set_up(self, tasks: Tasks) -> Desk:
        around = self._around
        live = await self._live_call(tasks)
        desk = Desk(live, around.model, around.phrases, around.standbys, passthrough=around.passthrough)
        self._owner = lambda: live.owner
        self._ending = desk.end_after_words
        self.desk = desk
        desk.open(self._resumption)
        if self._is_lost:
            self.lose()
        return desk

    async def _live_call(self, tasks: Tasks) -> LiveCall:
        """Return the call as it stands: at its beginning, or where the process before left it."""
        context = RunContextWrapper(context=self.context)
        state = self._resumption.state if self._resumption is not None else CallState(owner=self._team.first)
        return LiveCall(
            team=self._team,
            line=self.line,
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
            approvals=self.approvals,
            whispers=Whispers.of(self.log.facts),
            hearer=partial(self._around.hearer, self.log.call_id),
        )

    def _note_end(self, reason: str) -> None:
        if reason == "moved":
            self.log.add(facts.CallMoved, reason=self._moved_because)
        elif reason != "taken_over":
            self.log.add(facts.CallEnded, reason=reason, duration_ms=self.line.now_ms())

    def _started(self) -> None:
        profile = self._around.model.profile
        if self._resumption is not None:
            model, now_ms = f"{profile.name}/{profile.model}", self.line.now_ms()
            gap_ms = record_takeover(self._resumption, self.log, now_ms=now_ms, model=model, line=self.line.kind)
            self.tracer.resumption(self._resumption.reason, self._resumption.epoch, gap_ms)
            return
        self.log.add(
            facts.CallStarted,
            team=self._team.name,
            line=self.line.kind,
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
