"""Days and times for a tool's arguments, from what the caller said."""

from __future__ import annotations

import re

from .goals import Goal
from .memory import Memory, is_old
from .toolspec import Param, ToolSpec


class WhenValues:
    """Reads the turns that serve a goal, the latest first; None when no turn says it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def date(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        wants_old = bool(re.search(r"\b(?:old|current|original|from)\b", param.words))
        for turn in self._memory.serving(goal):
            dates = self._memory.dates(turn)
            if param.name.startswith("new"):
                dates = [d for d in dates if not is_old(turn, d)]
            if wants_old:
                dates = [d for d in dates if is_old(turn, d)]
            if dates:
                toward = [d for d in dates if d.lead == "to"]
                return (toward or dates)[-1].iso
        return None

    def time(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        for turn in self._memory.serving(goal):
            times = self._memory.times(turn)
            if param.name.startswith("new"):
                times = [t for t in times if not is_old(turn, t)]
            if times and re.search(r"\b(?:end|until|to)\b", param.words):
                return times[-1].clock if len(times) > 1 else None
            if times:
                toward = [t for t in times if t.lead == "to"]
                return (toward or times)[0 if "start" in param.words else -1].clock
        return None

    def date_time(self, goal: Goal, tool: ToolSpec, param: Param) -> str | None:
        day, clock = self.date(goal, tool, param), self.time(goal, tool, param)
        return f"{day}T{clock}:00" if day and clock else None
