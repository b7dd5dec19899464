"""What the server has of ours: at most one ask that was sent or one response that is written, and which are dead."""

from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.calls.ports import Outgoing
from huntgroup.calls.state.asks import ASK_KEY, Ask, config_of, covers
from huntgroup.calls.state.reasons import Change, Reason
from huntgroup.calls.state.toolset import Toolset
from huntgroup.wire.realtime import Response, ResponseCancel, ResponseCreate

SENT_LIMIT_MS = 10_000
STALL_LIMIT_MS = 20_000
MOST_REFUSALS = 5
"""How often in a row a server may refuse for a response of which it tells nothing: about five seconds."""


@dataclass(kw_only=True)
class ActiveResponse:
    """A response that the server is writing. A dead one is cancelled, and nothing of it counts."""

    response_id: str
    ask: Ask
    dead: bool = False


class Exchange:
    """The exchange with the server about responses.

    `spelled_out` returns what every response must carry itself while the session's own instructions are in doubt.
    `alive` is to be set at every event of the server; `quiet_ms` is for how long none came that is waited for.
    """

    def __init__(self, model: Outgoing) -> None:
        self._model = model
        self._sent: Ask | None = None
        self._dead: set[str] = set()
        self._cut: set[str] = set()
        self._refusals = 0
        self.quiet_ms = 0
        self.alive = True
        self.active: ActiveResponse | None = None
        self.spelled_out: Callable[[], Toolset | None] = lambda: None

    @property
    def sent(self) -> Ask | None:
        """What was asked for and has not begun."""
        return self._sent

    def will_answer(self, ask: Ask) -> bool:
        """Whether what was asked for, and has not begun, will answer to `ask` too."""
        sent = self._sent
        return sent is not None and sent.ask_id not in self._dead and covers(sent, ask)

    @property
    def writing(self) -> bool:
        """Whether a response is being written or asked for."""
        return self.active is not None or self._sent is not None

    def is_active(self, response_id: str) -> bool:
        """Whether this response is being written."""
        return self.active is not None and self.active.response_id == response_id

    def was_cut(self, response_id: str) -> bool:
        """Whether the caller spoke over a response while it was being made."""
        return response_id in self._cut

    def send(self, ask: Ask) -> None:
        """Ask for a response; not while one is asked for or written."""
        self._sent = ask
        self.alive = True
        self._model.send(ResponseCreate(event_id=ask.ask_id, response=config_of(ask, self.spelled_out())))

    def cancel(self) -> None:
        """Cancel the active response; its `response.done` still comes."""
        if self.active is not None:
            self._model.send(ResponseCancel(response_id=self.active.response_id))

    def cut(self) -> ActiveResponse | None:
        """The caller speaks over the active response: cancel it, and return it. What it did before counts."""
        if self.active is not None and not self.active.dead and not self.was_cut(self.active.response_id):
            self._cut.add(self.active.response_id)
            self.cancel()
        return self.active

    def kill(self, ask: Ask) -> None:
        """Let nothing come of an ask that was sent or is being written."""
        if self._sent is not None and self._sent.ask_id == ask.ask_id:
            self._dead.add(ask.ask_id)
        if self.active is not None and self.active.ask.ask_id == ask.ask_id:
            self.active.dead = True
            self.cancel()

    def pass_through(self, change: Change) -> None:
        """Let nothing come of what was sent and has not begun when a change of the call makes it meaningless."""
        if self._sent is not None and not self._sent.outlives(change):
            self.kill(self._sent)

    def began(self, response: Response, owner: str) -> ActiveResponse | None:
        """Note that a response began; None when it is none of ours (out of band). A dead one is to be cancelled."""
        ask = self._asked_by(response, owner)
        if ask is None:
            return None
        self._refusals = 0
        self.active = ActiveResponse(response_id=response.id or "", ask=ask, dead=ask.ask_id in self._dead)
        return self.active

    def done(self, response: Response) -> ActiveResponse | None:
        """Note that a response is over and return it; None when it is not the active one."""
        ended = self.active
        if ended is None or ended.response_id != response.id:
            return None
        self.active = None
        self._dead.discard(ended.ask.ask_id)
        return ended

    def refused(self, event_id: str | None, *, conflict: bool) -> ActiveResponse | None:
        """Return, without an id, what the server would not take; None when the error is about something else.

        `conflict`: it would not for a response that is being written, and may take it later. What is returned is dead
        when nobody waits for it any more.
        """
        if self._sent is None or event_id != self._sent.ask_id:
            return None
        ask, self._sent = self._sent, None
        self._refusals += conflict
        dead = ask.ask_id in self._dead
        self._dead.discard(ask.ask_id)
        return ActiveResponse(response_id="", ask=ask, dead=dead)

    @property
    def stuck(self) -> bool:
        """Whether a response that nobody here knows has been in the way for too long."""
        return self._refusals >= MOST_REFUSALS

    def break_off(self) -> ActiveResponse | None:
        """There is no model any more: see `ResponseQueue.suspend`."""
        lost, sent = self.active, self._sent
        if lost is None and sent is not None:
            lost = ActiveResponse(response_id="", ask=sent, dead=sent.ask_id in self._dead)
        self.active = self._sent = None
        self._dead.clear()
        self.quiet_ms = self._refusals = 0
        if lost is not None:
            lost.dead = lost.dead or self.was_cut(lost.response_id)
        return lost

    def overdue(self, passed_ms: int, *, refused: bool) -> tuple[str, ActiveResponse] | None:
        """Count `passed_ms` without a sign of the server; give up what it owes and return why and what.

        A request that gets no answer, and a response that stops in the middle, must not hold the call for ever. What is
        returned has no id when it had not begun, and is dead when nobody waits for it any more.
        `refused`: the server would not take what is asked of it, and something waits for that.
        """
        self.quiet_ms = 0 if self.alive or not (self.writing or refused) else self.quiet_ms + passed_ms
        self.alive = False
        if self._sent is not None and self.quiet_ms >= SENT_LIMIT_MS:
            ask, self._sent, self.quiet_ms = self._sent, None, 0
            lost = ActiveResponse(response_id="", ask=ask, dead=ask.ask_id in self._dead)
            self._dead.add(ask.ask_id)
            return "response_lost", lost
        if self.active is not None and self.quiet_ms >= STALL_LIMIT_MS:
            self.cancel()
            stalled, self.active, self.quiet_ms = self.active, None, 0
            stalled.dead = stalled.dead or self.was_cut(stalled.response_id)
            return "response_stalled", stalled
        return None

    def _asked_by(self, response: Response, owner: str) -> Ask | None:
        metadata = response.metadata or {}
        ask_id = metadata.get(ASK_KEY)
        if self._sent is not None and ask_id == self._sent.ask_id:
            ask, self._sent = self._sent, None
            return ask
        if ask_id in self._dead:
            return Ask(reason=Reason.DEAD, agent=metadata.get("agent") or owner, ask_id=ask_id or "")
        if ask_id is None and response.conversation_id is not None:
            return Ask(reason=Reason.SERVER, agent=owner)
        return None
