"""Where a conversation stands: rebuilt from the history for every thought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from .filling import Filler, Filling
from .goals import Goal
from .guidance import Guidance
from .knowledge import Knowledge, Row
from .matching import Matcher
from .memory import NOTHING, Asked, Memory, Turn
from .toolspec import ToolSpec


@dataclass(frozen=True)
class Scene:
    """What does not change during one thought. `specs` also holds tools of earlier agents of the call."""

    tools: tuple[ToolSpec, ...]
    specs: dict[str, ToolSpec]
    guidance: Guidance
    instructions: str
    today: date
    matcher: Matcher

    def tool(self, name: str) -> ToolSpec | None:
        """A tool of the session; None for tools of other agents."""
        return next((t for t in self.tools if t.name == name), None)

    @property
    def way_back(self) -> ToolSpec | None:
        return next((t for t in self.tools if t.role == "return"), None)

    @property
    def hang_up(self) -> ToolSpec | None:
        return next((t for t in self.tools if t.ends_call and t.effect == "terminal"), None)


@dataclass
class State:
    """`unsaid` are results that the caller has not heard, `reply` answers to the last turn that need no tool.

    `finish` ends the decision after `reply`; `want` is a tool to call at once with what is known.
    """

    memory: Memory
    knowledge: Knowledge
    stack: list[Goal] = field(default_factory=list)
    last: Goal | None = None
    asked: Asked = NOTHING
    unsaid: list[str] = field(default_factory=list)
    reply: list[str] = field(default_factory=list)
    finish: bool = False
    next_asked: Asked | None = None
    held: set[str] = field(default_factory=set)
    wanted_claims: set[str] = field(default_factory=set)
    misses: int = 0
    unclear: bool = False
    leaving: bool = False
    completed: int = 0
    wrote: bool = False
    alarmed: bool = False
    written: list[ToolSpec] = field(default_factory=list)
    offered: tuple[Row, ...] = ()
    resumed: bool = False
    returned_from: str = ""
    last_said: str = ""
    last_said_result: str = ""
    reign_opener: str = ""

    @property
    def top(self) -> Goal | None:
        return self.stack[-1] if self.stack else None

    @property
    def turn(self) -> Turn | None:
        return self.memory.turns[-1] if self.memory.turns else None

    def fill(self, scene: Scene, goal: Goal, tool: ToolSpec) -> Filling:
        return Filler(self.memory, self.knowledge, scene.matcher).fill(goal, tool)

    def push(self, tool: ToolSpec, *, opener: int, floor: int | None = None, under: bool = False) -> Goal:
        """Put a goal on top of the stack, or below the top; a goal of the same tool is taken up again instead."""
        known = next((g for g in self.stack if g.tool == tool.name), None)
        if known is not None:
            self.stack.remove(known)
            goal = known
        else:
            goal = Goal(tool.name, opener, self.floor_of(opener) if floor is None else floor)
        self.memory.note_wish(opener, tool.name)
        self.stack.insert(len(self.stack) - 1 if under and self.stack else len(self.stack), goal)
        return goal

    def floor_of(self, opener: int) -> int:
        """The first turn whose dates and choices may serve a new goal: after what the last write used up."""
        return min(self.completed, opener)

    def say(self, *sentences: str) -> None:
        self.reply += [s for s in sentences if s]


def names_of(tools: Sequence[ToolSpec]) -> tuple[str, ...]:
    return tuple(t.name for t in tools)
