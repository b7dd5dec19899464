"""Tool calls of one call that wait for a person's yes or no: each is asked once and answered once."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal

from huntgroup.domain.clock import Clock
from huntgroup.teams.tool import Approver

How = Literal["key", "supervisor", "deadline", "duplicate", "call_ended"]
Outcome = Literal["given", "unknown", "answered", "not_theirs"]
_KEYS = {"1": True, "2": False}


@dataclass(frozen=True, kw_only=True)
class PendingApproval:
    """A tool call that waits. `words` are what the caller is told; `asked_ms` is of the line's clock."""

    tool_call_id: str
    tool: str
    agent: str
    arguments: dict[str, Any]
    approver: Approver
    words: str
    asked_ms: int
    deadline_ms: int


@dataclass(frozen=True)
class Decision:
    """What was decided, by whom and how."""

    approved: bool
    by: str
    how: How


@dataclass(eq=False)
class _Open:
    pending: PendingApproval
    told_by: str | None = None
    decided: asyncio.Future[Decision] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


def _say_nothing(pending: PendingApproval) -> None:
    """Nobody listens."""


def _was_heard(response_id: str) -> bool:
    """Nobody listens, so all counts as heard."""
    return True


class Approvals:
    """The desk's slips. `on_asked` is called when one is laid down, to tell the caller what is waited for,
    and `on_closed` with its tool call's id when nothing is waited for any more.

    `was_heard` says whether anything of a response has reached the caller.

    A decision holds for one tool call as it was asked (`key`), so that a model which uses an id again gains nothing.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._answered: set[str] = set()
        self._decisions: dict[Hashable, bool] = {}
        self.on_asked: Callable[[PendingApproval], None] = _say_nothing
        self.on_closed: Callable[[str], None] = lambda tool_call_id: None
        self.was_heard: Callable[[str], bool] = _was_heard

    @property
    def pending(self) -> list[PendingApproval]:
        """What waits, oldest first."""
        return [slip.pending for slip in self._open.values()]

    def is_over(self, tool_call_id: str | None) -> bool:
        """Whether nothing is waited for any more that this tool call asked approval for; never for no tool call."""
        slip = self._open.get(tool_call_id) if tool_call_id is not None else None
        return tool_call_id is not None and (slip is None or slip.decided.done())

    def decision(self, key: Hashable) -> bool | None:
        """Return what was decided about a call; None while nobody was asked."""
        return self._decisions.get(key)

    def waive(self, key: Hashable) -> None:
        """Note that a call needs nobody's approval."""
        self._decisions[key] = True

    async def ask(self, key: Hashable, pending: PendingApproval, clock: Clock) -> Decision:
        """Wait for the one answer to a call; past the deadline it is a refusal that nobody gave.

        An id that was asked about before is refused at once: an answer must be meant for one call.
        """
        if pending.tool_call_id in self._open or pending.tool_call_id in self._answered:
            self._decisions[key] = False
            return Decision(False, "", "duplicate")
        slip = self._open[pending.tool_call_id] = _Open(pending)
        timer = asyncio.ensure_future(clock.sleep_ms(pending.deadline_ms))
        try:
            self.on_asked(pending)
            waited: set[asyncio.Future[Any]] = {slip.decided, timer}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            decision = slip.decided.result() if slip.decided.done() else Decision(False, "", "deadline")
            self._decisions[key] = decision.approved
            return decision
        finally:
            timer.cancel()
            self._open.pop(pending.tool_call_id, None)
            self._answered.add(pending.tool_call_id)
            self.on_closed(pending.tool_call_id)

    def press(self, digit: str) -> bool:
        """Take a key of the caller for the oldest approval that is theirs to give; False when it means nothing here.

        A key that comes before the question confirms nothing: the question is put again, since the key silenced it.
        """
        theirs = (slip for slip in self._open.values() if slip.pending.approver != "supervisor")
        slip = next((slip for slip in theirs if not slip.decided.done()), None)
        if slip is None:
            return False
        told = slip.told_by is not None and self.was_heard(slip.told_by)
        if told and digit not in _KEYS:
            return False
        if told:
            slip.decided.set_result(Decision(_KEYS[digit], "caller", "key"))
        else:
            self.on_asked(slip.pending)
        return True

    def telling(self, tool_call_id: str, response_id: str) -> None:
        """A response tells the caller of this one approval; a key counts for it once something of that was heard."""
        slip = self._open.get(tool_call_id)
        if slip is not None and (slip.told_by is None or not self.was_heard(slip.told_by)):
            slip.told_by = response_id

    def decide(self, tool_call_id: str, *, approved: bool, by: str) -> Outcome:
        """Take a supervisor's answer; only `given` changes anything."""
        slip = self._open.get(tool_call_id)
        if slip is None:
            return "answered" if tool_call_id in self._answered else "unknown"
        if slip.decided.done():
            return "answered"
        if slip.pending.approver == "caller":
            return "not_theirs"
        slip.decided.set_result(Decision(approved, by, "supervisor"))
        return "given"
