"""One queue for `response.create`: the protocol allows one active response, and each must have one owner.

Turn detection never creates responses by itself here (`create_response` is false), so that every response is asked
for by us, carries our id in its metadata, and belongs to a known agent.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from huntgroup.calls.ports import Outgoing
from huntgroup.calls.toolset import Toolset
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import (
    UNSET,
    Response,
    ResponseCancel,
    ResponseConfig,
    ResponseCreate,
)

ASK_KEY = "huntgroup_ask"
_PLAIN = frozenset({"turn", "tool", "keys", "late"})
_CHANGES = frozenset({"handoff", "rollback"})
_ABSORBING = _PLAIN | _CHANGES
_DROPPED_BY_SPEECH = frozenset({"filler", "silence", "opener"})
SENT_LIMIT_MS = 10_000
STALL_LIMIT_MS = 20_000


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A wish for a response.

    `instructions` replace the session's for this one; `tools` False forbids tool calls. `filler_for` names the tool and
    the tool call whose slowness a filler covers, `approval_of` the tool call whose approval is asked for.
    """

    reason: str
    agent: str
    instructions: str | None = None
    tools: bool = True
    filler_for: tuple[str, str] | None = None
    approval_of: str | None = None
    ask_id: str = field(default_factory=lambda: new_id("ask"))


@dataclass(kw_only=True)
class ActiveResponse:
    """A response that the server is writing. A dead one is cancelled, and nothing of it counts."""

    response_id: str
    ask: Ask
    dead: bool = False


class ResponseQueue:
    """Sends asks one at a time.

    What is asked for waits while held (a handoff runs), paused (the caller speaks), waiting (it is open whether the
    caller does), blocked (a turn is being checked) or without a model. `spelled_out` returns what every response must
    carry itself while the session's own instructions are in doubt.
    """

    def __init__(self, model: Outgoing, owner: str) -> None:
        self._model = model
        self._owner = owner
        self._waiting: deque[Ask] = deque()
        self._sent: Ask | None = None
        self._dead: set[str] = set()
        self._held = False
        self._passing: Ask | None = None
        self._paused = False
        self._away = True
        self._waits: set[str] = set()
        self._cut: set[str] = set()
        self._blocks: set[str] = set()
        self._quiet_ms = 0
        self.alive = True
        self.active: ActiveResponse | None = None
        self.spelled_out: Callable[[], Toolset | None] = lambda: None

    @property
    def busy(self) -> bool:
        """Whether a response is being written, asked for or waiting."""
        return self.active is not None or self._sent is not None or bool(self._waiting)

    @property
    def writing(self) -> bool:
        """Whether a response is being written or asked for."""
        return self.active is not None or self._sent is not None

    def is_active(self, response_id: str) -> bool:
        """Whether this response is being written."""
        return self.active is not None and self.active.response_id == response_id

    @property
    def paused(self) -> bool:
        """Whether asks wait because the caller speaks."""
        return self._paused

    def ask(self, ask: Ask) -> None:
        """Ask for a response now or as soon as the active one is done; a plain turn waits at most once."""
        sent = [self._sent] if self._sent is not None and self._sent.ask_id not in self._dead else []
        ahead = [*self._waiting, *sent]
        if ask.reason in _PLAIN and any(_covers(waiting, ask) for waiting in ahead):
            return
        self._waiting.append(ask)
        self._send_next()

    def hold(self) -> None:
        """Send nothing until `release`."""
        self._held = True

    def release(self, first: Ask | None = None) -> None:
        """Send again, `first` before all else; plain turns that waited meanwhile are part of it."""
        self._held = False
        self._passing = None
        if first is not None:
            self._waiting = deque(ask for ask in self._waiting if ask.reason not in _PLAIN)
            self._waiting.appendleft(first)
        self._send_next()

    def let_through(self, ask: Ask) -> None:
        """Send this one ask before all else, and nothing after it until `release`."""
        if self._passing is not None:
            self.withdraw(self._passing)
        self._waiting = deque(waiting for waiting in self._waiting if waiting.reason not in _PLAIN)
        self._waiting.appendleft(ask)
        self._held, self._passing = True, ask
        self._send_next()

    def hand_over(self, owner: str) -> None:
        """The call has a new owner: turns that wait are for it, and what the giver's tools wanted to say is dropped.

        What is sent already was asked of the giver and stays the giver's.
        """
        self._waiting = deque(
            ask if ask.agent == owner else replace(ask, agent=owner)
            for ask in self._waiting
            if ask.agent == owner or ask.reason != "tool"
        )
        self._owner = owner

    def withdraw(self, ask: Ask) -> None:
        """Forget an ask that was not sent yet."""
        self._waiting = deque(waiting for waiting in self._waiting if waiting.ask_id != ask.ask_id)

    def kill(self, ask: Ask) -> None:
        """Let nothing come of an ask, wherever it is: waiting, sent, or being written."""
        self.withdraw(ask)
        if self._sent is not None and self._sent.ask_id == ask.ask_id:
            self._dead.add(ask.ask_id)
        if self.active is not None and self.active.ask.ask_id == ask.ask_id:
            self.active.dead = True
            self.cancel()

    def kill_current(self) -> str | None:
        """Let nothing more come of what is sent or being written; returns the id of the active response."""
        current = self.active.ask if self.active is not None else self._sent
        if current is not None:
            self.kill(current)
        return self.active.response_id if self.active is not None else None

    def pause(self) -> None:
        """Send nothing while the caller speaks, and forget asks that only made sense in a silence."""
        self._paused = True
        self._waiting = deque(ask for ask in self._waiting if ask.reason not in _DROPPED_BY_SPEECH)

    def wait(self, why: str) -> None:
        """Send nothing until `go` with the same word; what is asked for is kept."""
        self._waits.add(why)

    def go(self, why: str) -> None:
        self._waits.discard(why)
        self._send_next()

    def cut(self) -> ActiveResponse | None:
        """The caller speaks over the active response: cancel it, and return it. What it did before counts."""
        if self.active is not None and not self.active.dead and not self.was_cut(self.active.response_id):
            self._cut.add(self.active.response_id)
            self.cancel()
        return self.active

    def was_cut(self, response_id: str) -> bool:
        """Whether the caller spoke over a response while it was being made."""
        return response_id in self._cut

    def resume(self) -> None:
        """The caller's turn is over: what waits may be sent. A plain turn is to be asked for before this."""
        self._paused = False
        self._send_next()

    def suspend(self) -> ActiveResponse | None:
        """There is no model: what is asked for waits until `reconnect`.

        Returns what was sent or being written and will never be done (without an id when it had not begun), or None;
        it is dead when nobody waits for it any more.
        """
        self._away = True
        lost, sent = self.active, self._sent
        if lost is None and sent is not None:
            lost = ActiveResponse(response_id="", ask=sent, dead=sent.ask_id in self._dead)
        self.active = self._sent = None
        self._dead.clear()
        self._quiet_ms = 0
        if lost is not None:
            lost.dead = lost.dead or self.was_cut(lost.response_id)
        return lost

    def reconnect(self, again: Ask | None = None) -> None:
        """There is a model: send what waits, `again` before all else unless a plain turn that waits covers it."""
        self._away = self._paused = False
        if again is not None and not any(ask.reason in _ABSORBING for ask in self._waiting):
            self._waiting.appendleft(again)
        self._send_next()

    def block(self, key: str) -> None:
        """Send nothing until `unblock` with the same key; a response that crosses this is dead at birth."""
        self._blocks.add(key)

    def unblock(self, key: str) -> None:
        self._blocks.discard(key)
        self._send_next()

    def drop_turns(self) -> None:
        """Forget plain turns that wait: what they would answer is not to be answered."""
        self._waiting = deque(ask for ask in self._waiting if ask.reason != "turn")

    def cancel(self) -> None:
        """Cancel the active response; its `response.done` still comes."""
        if self.active is not None:
            self._model.send(ResponseCancel(response_id=self.active.response_id))

    def created(self, response: Response) -> ActiveResponse | None:
        """Note that a response began; None when it is not of this queue (out of band).

        One that crosses the caller's speech or a block on the wire is dead at birth, and is asked for again afterwards.
        """
        ask_id = (response.metadata or {}).get(ASK_KEY)
        if self._sent is not None and ask_id == self._sent.ask_id:
            ask, self._sent = self._sent, None
        elif ask_id in self._dead:
            agent = (response.metadata or {}).get("agent") or self._owner
            ask = Ask(reason="dead", agent=agent, ask_id=ask_id or "")
        elif ask_id is None and response.conversation_id is not None:
            ask = Ask(reason="server", agent=self._owner)
        else:
            return None
        self.active = ActiveResponse(response_id=response.id or "", ask=ask, dead=ask.ask_id in self._dead)
        if (self._paused or self._blocks) and not self.active.dead:
            self.active.dead = True
            if ask.reason in _ABSORBING:
                self._waiting.appendleft(ask)
        if self.active.dead:
            self.cancel()
        return self.active

    def done(self, response: Response) -> ActiveResponse | None:
        """Note that a response is over and return it; None when it is not the active one."""
        ended = self.active
        if ended is None or ended.response_id != response.id:
            return None
        self.active = None
        self._dead.discard(ended.ask.ask_id)
        return ended

    def proceed(self) -> None:
        """Send what waits, now that a response is over and its consequences are drawn."""
        self._send_next()

    def refused(self, event_id: str | None, *, conflict: bool) -> bool:
        """Handle an error for one of our asks: after a conflict it waits again. False when it was not ours."""
        if self._sent is None or event_id != self._sent.ask_id:
            return False
        ask, self._sent = self._sent, None
        if conflict:
            self._waiting.appendleft(ask)
        else:
            self._send_next()
        return True

    def overdue(self, passed_ms: int) -> tuple[str, Ask, str] | None:
        """Count `passed_ms` without a sign of the server; give up what it owes and return why, what and which response.

        The owner sets `alive` at every event of a response. A request that gets no answer, and a response that stops
        in the middle, must not hold the call for ever.
        """
        self._quiet_ms = 0 if self.alive or not (self._sent or self.active) else self._quiet_ms + passed_ms
        self.alive = False
        if self._sent is not None and self._quiet_ms >= SENT_LIMIT_MS:
            ask, self._sent, self._quiet_ms = self._sent, None, 0
            self._dead.add(ask.ask_id)
            return "response_lost", ask, ""
        if self.active is not None and self._quiet_ms >= STALL_LIMIT_MS:
            self.cancel()
            stalled, self.active, self._quiet_ms = self.active, None, 0
            return "response_stalled", stalled.ask, stalled.response_id
        return None

    def _next(self) -> Ask | None:
        if self._held:
            return self._passing if self._passing in self._waiting else None
        return self._waiting[0] if self._waiting else None

    def _send_next(self) -> None:
        ask = self._next()
        if ask is None or self._away or self._paused or self._waits or self._blocks or self.active or self._sent:
            return
        self._waiting.remove(ask)
        self._sent = ask
        self.alive = True
        self._model.send(ResponseCreate(event_id=ask.ask_id, response=_config(ask, self.spelled_out())))


def _covers(waiting: Ask, ask: Ask) -> bool:
    """Whether `waiting`, which the server has not begun, will answer to `ask` too: events tell what came first."""
    if waiting.instructions is not None:
        return False
    return waiting.reason in _CHANGES or (waiting.reason in _PLAIN and waiting.agent == ask.agent)


def _config(ask: Ask, spelled_out: Toolset | None) -> ResponseConfig:
    config = ResponseConfig(
        metadata={ASK_KEY: ask.ask_id, "reason": ask.reason, "agent": ask.agent},
        instructions=UNSET if ask.instructions is None else ask.instructions,
        tool_choice=UNSET if ask.tools else "none",
    )
    if spelled_out is not None and ask.agent == spelled_out.agent:
        config.tools = list(spelled_out.specs)
        if ask.instructions is None:
            config.instructions = spelled_out.instructions
    return config
