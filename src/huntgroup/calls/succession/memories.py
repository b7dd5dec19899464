"""What the agent that has the call may know of it, read from the call's facts in the order of speech.

Each edge of the team has a policy: along `facts_only` the receiver knows nothing from before the handoff but its brief,
along `last(n)` the last items, and whoever gets the call back along a return edge knows again what it knew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from huntgroup.calls.handoffs.takeover import moved_text
from huntgroup.calls.state.redaction import Redaction
from huntgroup.calls.state.supervised import told
from huntgroup.calls.state.whisper import framed
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    DtmfPressed,
    Fact,
    HandoffCommitted,
    HandoffReturned,
    HandoffRolledBack,
    LateResult,
    SupervisorSpoke,
    ToolAnswered,
    ToolCalled,
    WhisperAnswered,
    Whispered,
)
from huntgroup.teams import Edge, Team
from huntgroup.teams.edges import last_seen

KEY_PAUSE_MS = 1_500


@dataclass(eq=False)
class Memory:
    """One thing that was said or done; `call` for a tool call, whose `output` is None while nobody has answered.

    `told_to` limits it to one agent. `current` is True for tool calls of the owner since it has the call; `arguments`
    and `output` are JSON.
    """

    role: str
    text: str = ""
    end_ms: int = 0
    call: ToolCalled | None = None
    arguments: str = ""
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
    if isinstance(fact, CallerSpoke | SupervisorSpoke):
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
    older: set[int] = field(default_factory=set)
    redaction: Redaction | None = None
    back: HandoffReturned | None = None
    last_key_ms: int | None = None
    whispers: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.owner = self.team.first
        self._transfers = {edge.tool_name for edge in self.team.edges} | {
            edge.return_tool_name for edge in self.team.edges if edge.returns is not None
        }

    def known(self) -> list[Memory]:
        """Return what the owner knows; what is older than its time with the call, as it may see it."""
        known = [memory for memory in self.known_now if memory.told_to in (None, self.owner)]
        return [self._shown(memory) if id(memory) in self.older else memory for memory in known]

    def _shown(self, memory: Memory) -> Memory:
        redaction = self.redaction
        if redaction is None or memory.told_to == self.owner:
            return memory
        if memory.call is None:
            return replace(memory, text=redaction.text(memory.text))
        if memory.call.agent == self.owner:
            return memory
        output = None if memory.output is None else redaction.tool_text(memory.output)
        return replace(memory, arguments=redaction.tool_text(memory.arguments), output=output)

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
            case LateResult() if fact.policy != "drop":
                self._late(fact)
            case HandoffRolledBack():
                self._add(Memory("system", _failed(fact), told_to=fact.from_agent))
            case HandoffCommitted():
                self._hand_over(fact)
            case _:
                self._supervised(fact)

    def _supervised(self, fact: Fact) -> None:
        """What a supervisor tells the agent, or says in its place."""
        match fact:
            case Whispered():
                self.whispers[fact.seq] = framed(fact.text)
                self._add(Memory("system", framed(fact.text), told_to=self.owner))
            case WhisperAnswered():
                self.whispers.pop(fact.whisper, None)
            case _:
                text = told(fact)
                if text is not None:
                    self._add(Memory("system", text))

    def _add(self, memory: Memory) -> None:
        self.last_key_ms = None
        self.known_now.append(memory)

    def _tool(self, called: ToolCalled) -> None:
        private = self.owner if called.tool in self._transfers else None
        output = self.outputs.get(called.tool_call_id)
        arguments = json.dumps(called.arguments, ensure_ascii=False)
        self._add(Memory("tool", "", 0, called, arguments, output, told_to=private, current=True))

    def _late(self, late: LateResult) -> None:
        """A late result that answers no call that the owner knows of came as a note, as far as it may be seen."""
        answered = any(m.call is not None and m.call.tool_call_id == late.tool_call_id for m in self.known_now)
        if late.policy == "deliver" and answered:
            return
        output = late.output if self.redaction is None else self.redaction.tool_text(late.output)
        note = f"A result of {late.from_agent}'s {late.tool} came after {self.owner} took the call: {output}"
        self._add(Memory("system", note, told_to=self.owner))

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
        self.redaction = Redaction(self.team.agent(self.owner), committed.brief)
        if all(memory is not transfer for memory in self.known_now):
            self._add(transfer)
        self.older = {id(memory) for memory in self.known_now}
        for text in self.whispers.values():
            self._add(Memory("system", text, told_to=self.owner))

    def _transfer(self, committed: HandoffCommitted) -> Memory:
        """The transfer as everybody may know it: the tool call that asked for it, or words when nobody called one."""
        for memory in self.known_now:
            if memory.call is not None and memory.call.tool_call_id == committed.tool_call_id:
                memory.told_to = None
                return memory
        told = Redaction(self.team.agent(committed.to_agent), committed.brief).visible
        return Memory("system", _moved(committed, told), told_to=committed.to_agent)

    def _take_back(self) -> None:
        """The giver knows again what it knew, and what was said and done since."""
        earlier = self.before.pop() if self.before else []
        known = {id(memory) for memory in earlier}
        self.known_now = [*earlier, *(memory for memory in self.known_now if id(memory) not in known)]

    def _pass_on(self, committed: HandoffCommitted, edge: Edge | None) -> None:
        earlier = list(self.known_now)
        self.before = [*self.before, earlier] if edge is not None and edge.returns is not None else []
        kept = _kept(edge.policy if edge is not None else "full", [memory.items for memory in earlier])
        tail = {id(memory) for memory in earlier[len(earlier) - kept :]}
        # What the caller says across the swap is for the receiver, whatever the policy.
        self.known_now = [one for one in earlier if id(one) in tail or one.end_ms > committed.t_ms]

    def _edge(self, committed: HandoffCommitted) -> Edge | None:
        ways = self.team.edges_from(committed.from_agent)
        return next((edge for edge in ways if edge.to == committed.to_agent), None)


def _kept(policy: str, sizes: Sequence[int]) -> int:
    """Return how many of the last entries, of `sizes` items each, a receiver may know of."""
    room, kept = last_seen(policy), 0
    if room is None:
        return len(sizes)
    for size in reversed(sizes):
        room -= size
        if room < 0:
            break
        kept += 1
    return kept


def _moved(committed: HandoffCommitted, told: Mapping[str, Any]) -> str:
    note = moved_text(committed.from_agent, committed.to_agent)
    return f"{note} What was told: {json.dumps(told, ensure_ascii=False)}" if told else note


def _failed(fact: HandoffRolledBack) -> str:
    return f"The transfer to {fact.to_agent} did not work; {fact.from_agent} has the call."
