"""Those who stood behind a recorded call: a supervisor who approved or refused, and whoever sent the call elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from huntgroup.calls.ports import Line
from huntgroup.calls.replay.cues import Transfer
from huntgroup.calls.session import CallSession
from huntgroup.calls.turns.hand import TransferBy
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import HuntgroupError
from huntgroup.domain.facts import ApprovalGiven, Fact

_LOOK_EVERY_MS = 20


class RecordedSupervisor:
    """Gives each recorded approval again, as long after it was asked for as in the record, and transfers when told to.

    `watch` is to run as a task while the call lasts; `close` ends what is under way.
    """

    def __init__(self, session: CallSession, facts: Sequence[Fact], clock: Clock, line: Line) -> None:
        self._session = session
        self._clock = clock
        self._line = line
        self._given = [fact for fact in facts if isinstance(fact, ApprovalGiven) and fact.how == "supervisor"]
        self._answered: set[str] = set()
        self._transfers: list[asyncio.Task[None]] = []

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
        self._transfers.append(asyncio.create_task(self._transfer(transfer), name="recorded transfer"))

    def close(self) -> None:
        for task in self._transfers:
            task.cancel()

    async def _transfer(self, transfer: Transfer) -> None:
        by: TransferBy = "supervisor" if transfer.by == "supervisor" else "code"
        try:
            await self._session.transfer(transfer.to, brief=transfer.brief, by=by)
        except HuntgroupError:
            return
