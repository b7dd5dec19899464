"""One call from answer to settled end, with one owner."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents import RunContextWrapper

from huntgroup.calls.desk import Desk
from huntgroup.calls.live import LiveCall, Tasks
from huntgroup.calls.log import FactLog, Listener
from huntgroup.calls.ports import (
    Clock,
    Line,
    ModelSession,
    RealtimeModel,
)
from huntgroup.calls.rebuild import CallState
from huntgroup.calls.resumption import Resumption, line_of, record_takeover, toolset_of
from huntgroup.calls.telemetry.spans import TraceSink
from huntgroup.calls.tracing import CallTracer
from huntgroup.domain import facts
from huntgroup.domain.claims import Claims
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.teams import CallContext, Team

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every call of a house shares. `listeners` hear each fact at once and must be quick.

    `acknowledged` returns when every fact so far would survive this process, or raises `StoreUnavailable`.
    """

    model: RealtimeModel
    clock: Clock
    resources: Mapping[type, object] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    sinks: Sequence[TraceSink] = ()
    passthrough: bool = False
    acknowledged: Callable[[], Awaitable[None]] | None = None


class CallSession:
    """One call. `run` answers the line and returns when the call is settled; the facts are complete then.

    With a `resumption` it goes on with a call that was another process's: same id, same record. `move` gives the call
    up for another process, `lose` because another has it already; `run` then returns `moved` or `taken_over`, and the
    record stays without an end.
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
        self._desk: Desk | None = None
        self._is_lost = False
        self._owner: Callable[[], str] = lambda: team.first
        self._ending: Callable[[str], None] = lambda reason: None
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
        )
        self.context = CallContext(
            call_id=self.call_id,
            clock=surroundings.clock,
            team=team.name,
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
        return self._desk.live if self._desk is not None else None

    async def move(self, patience_ms: int) -> None:
        """End here at a quiet moment, or when the patience is over, so that another process can go on."""
        if self._desk is not None:
            await self._desk.leave("moved", patience_ms)

    def lose(self) -> None:
        """End here: the call is another process's."""
        self._is_lost = True
        if self._desk is not None:
            self._desk.end("taken_over")

    async def run(self) -> str:
        """Hold the call to its end and return the reason of the end."""
        self._started()
        reason = "error"
        try:
            async with self._around.model.open() as model:
                reason = await self._converse(model)
        except ModelUnavailable as error:
            self.log.add(facts.ModelLost, reason=error.reason[:200])
            reason = "model_lost"
        finally:
            with contextlib.suppress(Exception):
                await self._line.hang_up()
            self._note_end(reason)
            self.tracer.end(reason, "error" if reason in ("error", "model_lost") else "ok")
        return reason

    async def _converse(self, model: ModelSession) -> str:
        reason = "error"
        try:
            async with asyncio.TaskGroup() as group:
                desk = await self._set_up(model, Tasks(group))
                try:
                    reason = await desk.ended
                    await desk.finish()
                finally:
                    desk.settle()
        except* Exception as failed:
            for error in failed.exceptions:
                logger.error("call %s ended by %s", self.call_id, where(error))
        return reason

    async def _set_up(self, model: ModelSession, tasks: Tasks) -> Desk:
        context = RunContextWrapper(context=self.context)
        state = self._resumption.state if self._resumption is not None else CallState(owner=self._team.first)
        live = LiveCall(
            team=self._team,
            line=self._line,
            model=model,
            profile=self._around.model.profile,
            clock=self._around.clock,
            log=self.log,
            context=self.context,
            tracer=self.tracer,
            tasks=tasks,
            owner=state.owner,
            toolset=await toolset_of(state, self._team, context),
            returns=list(state.returns),
            hops=state.hops,
            turn=state.turn,
            acknowledged=self._around.acknowledged,
        )
        desk = self._desk = Desk(live, model, passthrough=self._around.passthrough)
        self._owner = lambda: live.owner
        self._ending = desk.end_after_words
        desk.open(self._resumption)
        if self._is_lost:
            self.lose()
        return desk

    def _note_end(self, reason: str) -> None:
        if reason == "moved":
            self.log.add(facts.CallMoved, reason="draining")
        elif reason != "taken_over":
            self.log.add(facts.CallEnded, reason=reason, duration_ms=self._line.now_ms())

    def _started(self) -> None:
        profile = self._around.model.profile
        if self._resumption is not None:
            model, now_ms = f"{profile.name}/{profile.model}", self._line.now_ms()
            gap_ms = record_takeover(self._resumption, self.log, now_ms=now_ms, model=model)
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

    def _granted(self, claim: str, subject: str) -> None:
        self.log.add(facts.ClaimGranted, claim=claim, subject=subject)

    def _record(self, fact_type: type[facts.FactBase], fields: Mapping[str, Any]) -> None:
        self.log.add(fact_type, **fields)


def where(error: BaseException) -> str:
    """Name an exception and the places it passed, without its text, which may quote the caller."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(where(inner) for inner in error.exceptions)
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} at {' < '.join(reversed(list(places)))}"
