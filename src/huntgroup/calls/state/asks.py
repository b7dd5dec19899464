"""Asks: wishes for a response, why each is made, and how it is spelled for the server."""

import re
from collections import deque
from dataclasses import dataclass, field, replace

from huntgroup.calls.state.reasons import TABLE, Answers, Change, Fate, Reason
from huntgroup.calls.state.toolset import Toolset
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import UNSET, ResponseConfig

ASK_KEY = "huntgroup_ask"
_EXACT = re.compile(r'\bsay exactly: "(.*)"', re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A wish for a response.

    `instructions` replace the session's for this one; `tools` False forbids tool calls. `filler_for` names the tool and
    the tool call whose slowness a filler covers, `approval_of` the tool call whose approval is asked for.
    """

    reason: Reason
    agent: str
    instructions: str | None = None
    tools: bool = True
    filler_for: tuple[str, str] | None = None
    approval_of: str | None = None
    ask_id: str = field(default_factory=lambda: new_id("ask"))

    @property
    def answers(self) -> Answers:
        return TABLE[self.reason].answers

    def outlives(self, change: Change) -> bool:
        """Whether it is still wished for after a change of the call."""
        return TABLE[self.reason].fates[change] is Fate.KEPT

    def again(self, plain: Reason, agent: str) -> "Ask | None":
        """Return what to ask of `agent` when the server gave no answer; None for what only made sense then.

        Prescribed words, and what is more than the answer to a turn, are asked for as what they are, with their
        fates; any other answer in the agent's own words is asked for as `plain`.
        """
        if not self.outlives(Change.NO_ANSWER) or (agent != self.agent and not self.outlives(Change.MOVE)):
            return None
        of_turn = self.instructions is None and not self.outlives(Change.FORBIDDEN)
        reason = plain if of_turn else self.reason
        return replace(self, reason=reason, agent=agent, ask_id=new_id("ask"))


def words_ordered(instructions: object) -> str | None:
    """Return the words that instructions tell a model to say and nothing else; None when the words are its own."""
    found = _EXACT.search(instructions) if isinstance(instructions, str) else None
    return found.group(1) if found is not None else None


class WaitingAsks:
    """The asks that wait, in the order in which they will be sent."""

    def __init__(self) -> None:
        self._asks: deque[Ask] = deque()

    def __bool__(self) -> bool:
        return bool(self._asks)

    def __contains__(self, ask: Ask | None) -> bool:
        return ask in self._asks

    @property
    def first(self) -> Ask | None:
        return self._asks[0] if self._asks else None

    @property
    def absorb(self) -> bool:
        """Whether one of them will answer whatever is new."""
        return any(ask.answers is not Answers.NOTHING for ask in self._asks)

    def cover(self, ask: Ask) -> bool:
        """Whether one of them will answer to `ask` too."""
        return any(covers(waiting, ask) for waiting in self._asks)

    def append(self, ask: Ask) -> None:
        self._asks.append(ask)

    def put_first(self, ask: Ask) -> None:
        self._asks.appendleft(ask)

    def take(self, ask: Ask) -> None:
        """Take out an ask that waits; it is sent now."""
        self._asks.remove(ask)

    def withdraw(self, ask: Ask) -> None:
        """Forget an ask, if it waits; the question of an approval also when it is asked for again under another id."""
        self._asks = deque(waiting for waiting in self._asks if not _same(waiting, ask))

    def pass_through(self, change: Change) -> None:
        """Forget those that a change of the call makes meaningless."""
        self._asks = deque(ask for ask in self._asks if ask.outlives(change))

    def absorbed(self) -> None:
        """Forget those that answer what is new: another, which is sent before them, does so."""
        self._asks = deque(ask for ask in self._asks if ask.answers is Answers.NOTHING)

    def hand_over(self, owner: str) -> None:
        """Make them the new owner's; what is only for another agent to say is dropped."""
        self._asks = deque(
            ask if ask.agent == owner else replace(ask, agent=owner)
            for ask in self._asks
            if ask.agent == owner or ask.outlives(Change.MOVE)
        )


def _same(waiting: Ask, ask: Ask) -> bool:
    if ask.approval_of is not None:
        return waiting.approval_of == ask.approval_of
    return waiting.ask_id == ask.ask_id


def covers(waiting: Ask, ask: Ask) -> bool:
    """Whether `waiting`, which the server has not begun, will answer to `ask` too: events tell what came first."""
    if waiting.instructions is not None:
        return False
    return waiting.answers is Answers.FIRST or (waiting.answers is Answers.PLAIN and waiting.agent == ask.agent)


def config_of(ask: Ask, spelled_out: Toolset | None) -> ResponseConfig:
    """Return what is sent for an ask; `spelled_out` is what a response must carry itself, whatever the session says."""
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
