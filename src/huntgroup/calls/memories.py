"""What the agent that has the call may know of it, read from the call's facts in the order of speech.

Each edge of the team has a policy: along `facts_only` the receiver knows nothing from before the handoff but its brief,
along `last(n)` the last items, and whoever gets the call back along a return edge knows again what it knew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huntgroup.calls import takeover
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    DtmfPressed,
    Fact,
    HandoffCommitted,
    HandoffReturned,
    HandoffRolledBack,
    ToolAnswered,
    ToolCalled,
)
from huntgroup.teams import Edge, Team

KEY_PAUSE_MS = 1_500


@dataclass(eq=False)
class Memory:
    """One thing that was said or done; `call` for a tool call, whose `output` is None while nobody has answered.

    `told_to` limits it to one agent. `current` is True for tool calls of the owner since it has the call. A transfer
    that was committed is known to everybody, with those of its `arguments` that the reader may see.
    """

    role: str
    text: str = ""
    end_ms: int = 0
    call: ToolCalled | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    output: str | None = None
    told_to: str | None = None
    current: bool = False

    @property
    def items(self) -> int:
        return 1 if self.call is None else 2


def memories_of(facts: Sequence[Fact], team: Team, *, pending_keys: int = 0) -> list[Memory]:
    """Return the memories of the agent that has the call, in order; the last `pending_keys` keys are left out."""
    reader = _Reader(team, {fact.tool_call_id: fact.output for fact in facts if isinstance(fact, ToolAnswered)})
    keys = [fact.seq for fact in facts if isinstance(fact, DtmfPressed)]
    pending = frozenset(keys[-pending_keys:] if pending_keys else ())
    for fact in in_order(facts):
        if fact.seq not in pending:
            reader.read(fact)
    return reader.known()


def in_order(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts in the order of what happened: speech by its beginning, although its words are logged later."""
    return sorted(facts, key=lambda fact: (_at_ms(fact), fact.seq))


def _at_ms(fact: Fact) -> int:
    if isinstance(fact, CallerSpoke):
        return fact.start_ms
    if isinstance(fact, AgentSpoke) and fact.start_ms is not None:
        return fact.start_ms
    return fact.t_ms


@dataclass
class _Reader:
    """Goes through the facts and keeps what the owner of each moment knows."""

    team: Team
    outputs: dict[str, str]
    owner: str = ""
    known_now: list[Memory] = field(default_factory=list)
    before: list[list[Memory]] = field(default_factory=list)
    committed: list[Memory] = field(default_factory=list)
    back: HandoffReturned | None = None
    last_key_ms: int | None = None

    def __post_init__(self) -> None:
        self.owner = self.team.first
        self._transfers = {edge.tool_name for edge in self.team.edges} | {
            edge.return_tool_name for edge in self.team.edges if edge.returns is not None
        }

    def known(self) -> list[Memory]:
        for transfer in self.committed:
            transfer.arguments = takeover.seen_by(self.team.agent(self.owner), transfer.arguments)
        return [memory for memory in self.known_now if memory.told_to in (None, self.owner)]

    def read(self, fact: Fact) -> None:
        match fact:
            case CallerSpoke() if fact.text:
                self._add(Memory("user", fact.text, fact.end_ms))
            case AgentSpoke() if fact.heard_text:
                self._add(Memory("assistant", fact.heard_text))
            case DtmfPressed():
                self._key(fact)
            case ToolCalled() if fact.agent == self.owner:
                # A consult's specialist works behind the line: its tool calls are no part of the conversation.
                self._tool(fact)
            case HandoffReturned():
                self.back = fact
            case HandoffRolledBack():
                self._add(Memory("system", _failed(fact), told_to=fact.from_agent))
            case HandoffCommitted():
                self._hand_over(fact)
            case _:
                pass

    def _add(self, memory: Memory) -> None:
        self.last_key_ms = None
        self.known_now.append(memory)

    def _tool(self, called: ToolCalled) -> None:
        private = self.owner if called.tool in self._transfers else None
        output = self.outputs.get(called.tool_call_id)
        self._add(Memory("tool", "", 0, called, called.arguments, output, told_to=private, current=True))

    def _key(self, pressed: DtmfPressed) -> None:
        goes_on = self.last_key_ms is not None and pressed.t_ms - self.last_key_ms < KEY_PAUSE_MS
        if pressed.digit == "#" and goes_on:
            self.last_key_ms = None
            return
        if goes_on:
            self.known_now[-1].text += pressed.digit
        else:
            self._add(Memory("user", pressed.digit, pressed.t_ms))
        self.last_key_ms = pressed.t_ms

    def _hand_over(self, committed: HandoffCommitted) -> None:
        for memory in self.known_now:
            memory.current = False
        transfer = self._transfer(committed)
        back, self.back = self.back, None
        if back is not None and back.to_agent == committed.to_agent:
            self._take_back()
        else:
            self._pass_on(committed, self._edge(committed))
        self.owner = committed.to_agent
        if all(memory is not transfer for memory in self.known_now):
            self._add(transfer)

    def _transfer(self, committed: HandoffCommitted) -> Memory:
        """The transfer as everybody may know it: the tool call that asked for it, or words when nobody called one."""
        told = takeover.seen_by(self.team.agent(committed.to_agent), committed.brief)
        for memory in self.known_now:
            if memory.call is not None and memory.call.tool_call_id == committed.tool_call_id:
                memory.arguments, memory.told_to = told, None
                self.committed.append(memory)
                return memory
        return Memory("system", _moved(committed, told), told_to=committed.to_agent)

    def _take_back(self) -> None:
        """The giver knows again what it knew, and what was said and done since."""
        earlier = self.before.pop() if self.before else []
        known = {id(memory) for memory in earlier}
        self.known_now = [*earlier, *(memory for memory in self.known_now if id(memory) not in known)]

    def _pass_on(self, committed: HandoffCommitted, edge: Edge | None) -> None:
        earlier = list(self.known_now)
        self.before = [*self.before, earlier] if edge is not None and edge.returns is not None else []
        kept = takeover.kept_items(edge.policy if edge is not None else "full", [memory.items for memory in earlier])
        tail = {id(memory) for memory in earlier[len(earlier) - kept :]}
        # What the caller says across the swap is for the receiver, whatever the policy.
        self.known_now = [one for one in earlier if id(one) in tail or one.end_ms > committed.t_ms]

    def _edge(self, committed: HandoffCommitted) -> Edge | None:
        ways = self.team.edges_from(committed.from_agent)
        return next((edge for edge in ways if edge.to == committed.to_agent), None)


def _moved(committed: HandoffCommitted, told: Mapping[str, Any]) -> str:
    note = f"{committed.from_agent} has handed the call over to {committed.to_agent}."
    return f"{note} What was told: {json.dumps(told, ensure_ascii=False)}" if told else note


def _failed(fact: HandoffRolledBack) -> str:
    return f"The transfer to {fact.to_agent} did not work; {fact.from_agent} has the call."
