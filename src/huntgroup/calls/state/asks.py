"""Asks: wishes for a response, why each is made, and how it is spelled for the server."""

import re
from collections import deque
from collections.abc import Container
from dataclasses import dataclass, field, replace

from huntgroup.calls.state.toolset import Toolset
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import UNSET, ResponseConfig

ASK_KEY = "huntgroup_ask"
PLAIN = frozenset({"turn", "tool", "keys", "late", "retry", "resume"})
"""Reasons of plain turns, whose words are the agent's own: whatever is new is answered by one response."""
CHANGES = frozenset({"handoff", "rollback", "given_back"})
"""Reasons of first responses after the call changed hands: they answer what is new as well."""
ABSORBING = PLAIN | CHANGES
DROPPED_BY_SPEECH = frozenset({"filler", "silence", "opener"})
"""Reasons that only make sense in a silence."""
_EXACT = re.compile(r'\bsay exactly: "(.*)"', re.DOTALL | re.IGNORECASE)
OVERTAKEN = ABSORBING | DROPPED_BY_SPEECH | {"resumed", "guardrail"}
"""Reasons that mean nothing any more once a person has talked with the caller."""


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
        return any(ask.reason in ABSORBING for ask in self._asks)

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
        """Forget an ask, if it waits."""
        self._asks = deque(waiting for waiting in self._asks if waiting.ask_id != ask.ask_id)

    def drop(self, reasons: Container[str]) -> None:
        """Forget all that wait for one of the reasons."""
        self._asks = deque(ask for ask in self._asks if ask.reason not in reasons)

    def hand_over(self, owner: str) -> None:
        """Make them the new owner's, but for what another agent's tools wanted to say, which is dropped."""
        self._asks = deque(
            ask if ask.agent == owner else replace(ask, agent=owner)
            for ask in self._asks
            if ask.agent == owner or ask.reason != "tool"
        )


def covers(waiting: Ask, ask: Ask) -> bool:
    """Whether `waiting`, which the server has not begun, will answer to `ask` too: events tell what came first."""
    if waiting.instructions is not None:
        return False
    return waiting.reason in CHANGES or (waiting.reason in PLAIN and waiting.agent == ask.agent)


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
