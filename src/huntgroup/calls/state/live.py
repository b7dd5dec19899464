"""The state of one running call, shared by the desks that work on it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from agents import RunContextWrapper

from huntgroup.calls.ports import Line, Outgoing, Profile
from huntgroup.calls.record.log import FactLog
from huntgroup.calls.state.approvals import Approvals
from huntgroup.calls.state.items import ItemBook
from huntgroup.calls.state.redaction import Redaction
from huntgroup.calls.state.toolset import Toolset
from huntgroup.calls.state.whisper import Whispers
from huntgroup.calls.telemetry.tracing import CallTracer
from huntgroup.domain.clock import Clock
from huntgroup.domain.progress import HeardListener
from huntgroup.teams import CallContext, Edge, Team
from huntgroup.teams.team import AnyAgent
from huntgroup.wire.realtime import ClientEvent

STOP_LIMIT_S = 2.0


class Tasks:
    """The tasks of one call, all in its `TaskGroup`; an error in one ends the call.

    Those that carry the line live longer than the rest: the last words are heard after the work has stopped.
    """

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._running: set[asyncio.Task[None]] = set()
        self._line: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a task of this call."""
        task = self._group.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def spawn_line(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start a task that carries the line."""
        task = self._group.create_task(work, name=name)
        self._line.add(task)

    async def stop_work(self) -> None:
        """Cancel all but the line's tasks and return when they are gone; not to be called from one of them."""
        for task in (tasks := list(self._running)):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_LIMIT_S)

    def stop_line(self) -> None:
        for task in self._line:
            task.cancel()


class Nowhere:
    """Where events go before there is a model."""

    def send(self, event: ClientEvent) -> None:
        """Drop it."""


@dataclass(kw_only=True)
class LiveCall:
    """One call while it runs. `owner` is the agent that has the call, and `toolset` is what that agent may use.

    `items` is the model's conversation as its server has it; `redaction` says what the owner may see since it got the
    call. `returns` is the stack of return edges by which the call came to its owner; `ending` is set once the call is
    to end as soon as the last words were heard. `acknowledged` waits until every fact so far would survive us.
    `taken_by` names the supervisor who speaks in the agent's place.
    `hearer` returns who is told what of the agents' words reaches the ear, None when nobody is.
    """

    team: Team
    line: Line
    profile: Profile
    clock: Clock
    log: FactLog
    context: CallContext
    tracer: CallTracer
    tasks: Tasks
    owner: str
    toolset: Toolset
    model: Outgoing = field(default_factory=Nowhere)
    items: ItemBook = field(default_factory=ItemBook)
    redaction: Redaction | None = None
    returns: list[Edge] = field(default_factory=list)
    turn: int = 0
    hops: int = 0
    ending: str | None = None
    taken_by: str | None = None
    acknowledged: Callable[[], Awaitable[None]] | None = None
    approvals: Approvals = field(default_factory=Approvals)
    whispers: Whispers = field(default_factory=Whispers)
    hearer: Callable[[], HeardListener | None] = lambda: None

    @property
    def call_id(self) -> str:
        return self.log.call_id

    @property
    def agent(self) -> AnyAgent:
        return self.team.agent(self.owner)

    def run_context(self) -> RunContextWrapper[CallContext]:
        return RunContextWrapper(context=self.context)
