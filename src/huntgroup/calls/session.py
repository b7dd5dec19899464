"""One call, and what may be done with it from outside: by its caller, by a supervisor, by code."""

from collections.abc import Mapping
from typing import Any

from huntgroup.calls.desk import Desk
from huntgroup.calls.lifetime import Lifetime
from huntgroup.calls.ports import Line, Supervisor
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.calls.state.approvals import Outcome, PendingApproval
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.surroundings import Surroundings
from huntgroup.calls.turns.hand import TransferBy
from huntgroup.domain.errors import HandoffRefused
from huntgroup.domain.ids import new_id
from huntgroup.teams import Team

__all__ = ["CallSession", "Surroundings"]


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
        self.call_id = call_id or new_id("call")
        self._life = Lifetime(
            surroundings,
            team,
            line,
            call_id=self.call_id,
            caller=caller,
            callee=callee,
            resumption=resumption,
        )
        self.log, self.tracer, self.context = self._life.log, self._life.tracer, self._life.context

    @property
    def desk(self) -> Desk | None:
        return self._life.desk

    @property
    def live(self) -> LiveCall | None:
        """The call's state; None before it is set up."""
        return self.desk.live if self.desk is not None else None

    async def run(self) -> str:
        """Hold the call to its end and return the reason of the end."""
        return await self._life.run()

    async def move(self, patience_ms: int, *, because: str = "draining") -> None:
        """End here at a quiet moment, or when the patience is over, so that another process or line can go on."""
        await self._life.move(patience_ms, because=because)

    def lose(self) -> None:
        """End here: the call is another process's."""
        self._life.lose()

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

    def supervise(self, person: Supervisor, by: str, visit: str | None = None) -> None:
        """Let a supervisor take the call as soon as they are there. Raises `HandoffRefused`, and then lets them go.

        `visit` is who they are, `by` their name alone; without a `visit` the name is both.
        """
        try:
            if not self.is_open:
                raise HandoffRefused("busy", "there is no call to take")
            self._desk_now().supervisors.invite(person, by, visit or by)
        except HandoffRefused:
            person.let_go()
            raise

    def give_back(self, visit: str) -> bool:
        """Let the agent go on after the supervisor `visit`; False when they do not have the call."""
        return self.is_open and self._desk_now().supervisors.give_back(visit)

    def end_as_supervisor(self, visit: str) -> bool:
        """End the call, as the supervisor `visit` who has it; False when they do not."""
        return self.is_open and self._desk_now().supervisors.hang_up(visit)

    @property
    def now_ms(self) -> int:
        """Milliseconds of the line's clock since the call began."""
        return self._life.line.now_ms()

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
        return self._life.approvals.pending

    def approve(self, tool_call_id: str, *, by: str) -> Outcome:
        """Let a tool call run, as the supervisor `by`. Only `given` changes anything."""
        return self._life.approvals.decide(tool_call_id, approved=True, by=by)

    def reject(self, tool_call_id: str, *, by: str) -> Outcome:
        """Refuse a tool call, as the supervisor `by`. Only `given` changes anything."""
        return self._life.approvals.decide(tool_call_id, approved=False, by=by)
