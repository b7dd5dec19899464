"""One queue for `response.create`: the protocol allows one active response, and each must have one owner.

Turn detection never creates responses by itself here (`create_response` is false), so that every response is asked
for by us, carries our id in its metadata, and belongs to a known agent.
"""

from huntgroup.calls.model.exchange import ActiveResponse, Exchange
from huntgroup.calls.model.waits import Waits, Why
from huntgroup.calls.ports import Outgoing
from huntgroup.calls.state.asks import Ask, WaitingAsks
from huntgroup.calls.state.reasons import Answers, Change
from huntgroup.wire.realtime import Response

REFUSED_LIMIT_MS = 1_000


class ResponseQueue:
    """Sends asks one at a time; what the server has of them is in `server`.

    What is asked for waits while a reason stands against it; `calls.model.waits` has the table of them.
    """

    def __init__(self, model: Outgoing, owner: str) -> None:
        self.server = Exchange(model)
        self._owner = owner
        self._waiting = WaitingAsks()
        self._waits = Waits()
        self._passing: Ask | None = None

    @property
    def active(self) -> ActiveResponse | None:
        """The response that is being written."""
        return self.server.active

    @property
    def busy(self) -> bool:
        """Whether a response is being written, asked for or waiting."""
        return self.server.writing or bool(self._waiting)

    @property
    def writing(self) -> bool:
        """Whether a response is being written or asked for."""
        return self.server.writing

    @property
    def owes(self) -> bool:
        """Whether something new is still to be answered: the caller speaks, or a turn or a tool's result waits."""
        return self.paused or self._waiting.absorb

    @property
    def paused(self) -> bool:
        """Whether asks wait because the caller speaks."""
        return Why.SPEECH in self._waits

    # -- what is asked for ----------------------------------------------------------------------------------------

    def ask(self, ask: Ask) -> None:
        """Ask for a response now or as soon as the active one is done; a plain turn waits at most once."""
        if not self._is_covered(ask):
            self._waiting.append(ask)
            self._send_next()

    def ask_again(self, ask: Ask) -> None:
        """Ask for what the server did not answer, before all else, once `go(Why.RETRY, ask.ask_id)` says so."""
        if not self._is_covered(ask):
            self._waits.add(Why.RETRY, ask.ask_id)
            self._waiting.put_first(ask)

    def withdraw(self, ask: Ask) -> None:
        """Forget an ask that was not sent yet."""
        self._waiting.withdraw(ask)

    def drop_turns(self) -> None:
        """Forget what would answer a turn: it is not to be answered."""
        self._waiting.pass_through(Change.FORBIDDEN)

    def hand_over(self, owner: str) -> None:
        """The call has a new owner: turns that wait are for it, and what the giver's tools wanted to say is dropped.

        What is sent already was asked of the giver and stays the giver's.
        """
        self._waiting.hand_over(owner)
        self._owner = owner

    def kill(self, ask: Ask) -> None:
        """Let nothing come of an ask, wherever it is: waiting, sent, or being written."""
        self.withdraw(ask)
        self.server.kill(ask)

    def kill_current(self) -> str | None:
        """Let nothing more come of what is sent or being written; returns the id of the active response."""
        current = self.active.ask if self.active is not None else self.server.sent
        if current is not None:
            self.kill(current)
        return self.active.response_id if self.active is not None else None

    def cut(self) -> ActiveResponse | None:
        """The caller speaks over the active response: cancel it, and return it. What it did before counts."""
        return self.server.cut()

    # -- when it may be sent --------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Send nothing until `release`."""
        self._waits.add(Why.HANDOFF)

    def release(self, first: Ask | None = None) -> None:
        """Send again, `first` before all else; what waited and answers what is new is part of it."""
        self._waits.end(Why.HANDOFF)
        self._passing = None
        if first is not None:
            self._waiting.absorbed()
            self._waiting.put_first(first)
        self._send_next()

    def let_through(self, ask: Ask) -> None:
        """Send this one ask before all else, and nothing after it until `release`.

        What waits and answers what is new is part of it when it is the first of a new owner.
        """
        if self._passing is not None:
            self.withdraw(self._passing)
        if ask.answers is Answers.FIRST:
            self._waiting.absorbed()
        self._waiting.put_first(ask)
        self._waits.add(Why.HANDOFF)
        self._passing = ask
        self._send_next()

    def pause(self) -> None:
        """Send nothing while the caller speaks, and forget what means nothing after that, sent already or not."""
        self._waits.add(Why.SPEECH)
        self._pass_through(Change.SPEECH)

    def turn_taken(self) -> None:
        """The caller has spoken, typed or pressed something that is to be answered: forget what that overtakes."""
        self._pass_through(Change.TURN)

    def resume(self) -> None:
        """The caller's turn is over: what waits may be sent. A plain turn is to be asked for before this."""
        self.go(Why.SPEECH)

    def give_back(self, first: Ask | None) -> None:
        """The agent has the call again after a supervisor: `first` answers all that was said meanwhile."""
        self._waits.end(Why.TAKEN)
        self._waiting.pass_through(Change.PERSON)
        if first is not None:
            self._waiting.put_first(first)
        self._send_next()

    def wait(self, why: Why, what: str = "") -> None:
        """Send nothing until `go` with the same reason; what is asked for is kept."""
        self._waits.add(why, what)

    def go(self, why: Why, what: str = "") -> None:
        self._waits.end(why, what)
        self._send_next()

    def suspend(self) -> ActiveResponse | None:
        """There is no model: what is asked for waits until `reconnect`.

        Returns what was sent or being written and will never be done (without an id when it had not begun), or None;
        it is dead when nobody waits for it any more.
        """
        self._waits.add(Why.NO_MODEL)
        return self.server.break_off()

    def reconnect(self, again: Ask | None = None) -> None:
        """There is a model: send what waits, `again` before all else unless what waits answers the same."""
        self._waits.end(Why.NO_MODEL)
        self._waits.end(Why.SPEECH)
        if again is not None and (again.answers is Answers.NOTHING or not self._waiting.absorb):
            self._waiting.put_first(again)
        self._send_next()

    # -- what the server says -------------------------------------------------------------------------------------

    def created(self, response: Response) -> ActiveResponse | None:
        """Note that a response began; None when it is not of this queue (out of band).

        One that crosses a deadly reason on the wire is dead at birth, and is asked for again afterwards, as if it had
        not been sent yet.
        """
        active = self.server.began(response, self._owner)
        if active is None:
            return None
        if self._waits.deadly and not active.dead:
            active.dead = True
            if active.ask.outlives(Change.SPEECH):
                self._waiting.put_first(active.ask)
        if active.dead:
            self.server.cancel()
        return active

    def done(self, response: Response) -> ActiveResponse | None:
        """Note that a response is over and return it; None when it is not the active one."""
        return self.server.done(response)

    def proceed(self) -> None:
        """Send what waits, now that a response is over and its consequences are drawn."""
        self._send_next()

    def refused(self, event_id: str | None, *, conflict: bool) -> Ask | None:
        """Handle an error for one of our asks and return it: after a conflict it waits again.

        None: it was not ours, or nobody waits for it any more and the next is sent instead.
        """
        refused = self.server.refused(event_id, conflict=conflict)
        if refused is None:
            return None
        if conflict and not refused.dead:
            self._waiting.put_first(refused.ask)
        else:
            self._send_next()
        return None if refused.dead else refused.ask

    def overdue(self, passed_ms: int) -> tuple[str, ActiveResponse] | None:
        """Count `passed_ms` without a sign of the server; see `Exchange.overdue`.

        What could be sent and still waits was refused for a response that nobody here knows: it is sent again when the
        server has been quiet for a while, for the end of that response may never be told.
        """
        ask = self._sendable()
        owed = self.server.overdue(passed_ms, refused=ask is not None)
        if ask is not None and self.server.quiet_ms >= REFUSED_LIMIT_MS:
            self._send_next()
        return owed

    def _pass_through(self, change: Change) -> None:
        self._waiting.pass_through(change)
        self.server.pass_through(change)

    def _is_covered(self, ask: Ask) -> bool:
        """Whether a plain turn is answered by what waits already, or has been asked for and has not begun."""
        return ask.answers is Answers.PLAIN and (self._waiting.cover(ask) or self.server.will_answer(ask))

    def _next(self) -> Ask | None:
        if Why.HANDOFF in self._waits:
            return self._passing if self._passing in self._waiting else None
        return self._waiting.first

    def _sendable(self) -> Ask | None:
        return None if self._waits.forbid_all or self.server.writing else self._next()

    def _send_next(self) -> None:
        ask = self._sendable()
        if ask is not None:
            self._waiting.take(ask)
            self.server.send(ask)
