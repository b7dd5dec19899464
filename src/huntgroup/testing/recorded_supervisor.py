"""Those who stood behind a recorded call: who decided, took the call, sent it elsewhere, or proved a claim."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence

from huntgroup.calls.ports import Line
from huntgroup.calls.replay.cues import Transfer
from huntgroup.calls.session import CallSession
from huntgroup.calls.supervision.supervision import RETURN_LIMIT_MS
from huntgroup.calls.turns.hand import TransferBy
from huntgroup.domain.errors import HandoffRefused, HuntgroupError
from huntgroup.domain.facts import ApprovalGiven, Fact, SupervisorLeft
from huntgroup.testing.scripted_supervisor import ScriptedSupervisor
from huntgroup.testing.virtual_clock import VirtualClock

_LOOK_EVERY_MS = 20


class RecordedSupervisor:
    """Gives each recorded approval again, as long after it was asked for as in the record, and transfers when told to.

    `watch` is to run as a task while the call lasts; `close` ends what is under way.
    """

    def __init__(self, session: CallSession, facts: Sequence[Fact], clock: VirtualClock, line: Line) -> None:
        self._session = session
        self._clock = clock
        self._line = line
        self._given = [fact for fact in facts if isinstance(fact, ApprovalGiven) and fact.how == "supervisor"]
        self._answered: set[str] = set()
        self._left = deque(fact for fact in facts if isinstance(fact, SupervisorLeft))
        self._tasks: list[asyncio.Task[None]] = []

    async def watch(self) -> None:
        """Answer approvals until cancelled."""
        while True:
            await self._clock.sleep_ms(_LOOK_EVERY_MS)
            for pending in self._session.approvals:
                waited_ms = self._line.now_ms() - pending.asked_ms
                due = next((fact for fact in self._given if fact.tool == pending.tool), None)
                if due is not None and waited_ms >= due.after_ms and pending.tool_call_id not in self._answered:
                    self._given.remove(due)
                    self._answered.add(pending.tool_call_id)
                    decide = self._session.approve if due.approved else self._session.reject
                    decide(pending.tool_call_id, by=due.by)

    def transfer(self, transfer: Transfer) -> None:
        """Begin a handoff; a refusal is a fact of the call, and so a difference."""
        self._tasks.append(asyncio.create_task(self._transfer(transfer), name="recorded transfer"))

    async def join(self, by: str) -> None:
        """Take the call; a refusal is no fact of the call, and what follows is the difference."""
        person = ScriptedSupervisor()
        with contextlib.suppress(HandoffRefused):
            self._session.supervise(person, by)
        left = self._left.popleft() if self._left else None
        if left is not None and left.reason == "lost":
            self._tasks.append(asyncio.create_task(self._lose(person, left.lasted_ms), name="recorded supervisor"))
        await self._clock.settle()

    async def _lose(self, person: ScriptedSupervisor, lasted_ms: int) -> None:
        """They go away without a word, and are waited for."""
        await self._clock.sleep_ms(max(0, lasted_ms - RETURN_LIMIT_MS - _LOOK_EVERY_MS))
        person.is_there = False

    async def leave(self, by: str, reason: str) -> None:
        """Give the call back or end it."""
        if reason == "given_back":
            self._session.give_back(by)
        else:
            self._session.end_as_supervisor(by)
        await self._clock.settle()

    def grant(self, claim: str, subject: str) -> None:
        self._session.context.claims.grant(claim, subject)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _transfer(self, transfer: Transfer) -> None:
        by: TransferBy = "supervisor" if transfer.by == "supervisor" else "code"
        try:
            await self._session.transfer(transfer.to, brief=transfer.brief, by=by)
        except HuntgroupError:
            return
