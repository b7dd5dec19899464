"""A caller and a scripted executor of tools around a mind: what the engine's session does, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from huntgroup.engine.ports import CallTool, HistoryEntry, Said, Say, Thought, ToolResult, ToolUse
from huntgroup.engine.understanding import DialogueMind

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
TalkMaker = Callable[..., "Talk"]
Answer = Callable[..., Any]


class Talk:
    """`say` adds a caller's turn and lets the mind act until it waits; what it said and called is kept."""

    def __init__(
        self, mind: DialogueMind, tools: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], instructions: str
    ) -> None:
        self.mind, self.tools, self.answers, self.instructions = mind, tools, answers, instructions
        self.history: list[HistoryEntry] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def respond(self, order: str | None = None, **more: Any) -> str:
        said: list[str] = []
        for _ in range(8):
            acts = self.mind.ponder(self._thought(order, **more))
            text = " ".join(a.text for a in acts if isinstance(a, Say))
            if text:
                said.append(text)
                self.history.append(Said("assistant", text))
            calls = [a for a in acts if isinstance(a, CallTool)]
            for call in calls:
                self._run(call)
            if not calls or more.get("once"):
                break
        return " ".join(said)

    def say(self, text: str, **more: Any) -> str:
        self.history.append(Said("user", text))
        return self.respond(**more)

    def called(self, name: str) -> dict[str, Any]:
        """The arguments of the last call of a tool. Raises `StopIteration` when it was not called."""
        return next(arguments for tool, arguments in reversed(self.calls) if tool == name)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    def _thought(
        self, order: str | None, *, choice: Any = "auto", out_of_band: bool = False, once: bool = False
    ) -> Thought:
        return Thought(self.instructions, order, self.tools, choice, tuple(self.history), NOW, out_of_band)

    def _run(self, call: CallTool) -> None:
        arguments = json.loads(call.arguments)
        call_id = f"call_{len(self.calls)}"
        self.calls.append((call.name, arguments))
        self.history.append(ToolUse(call_id, call.name, call.arguments))
        answer = self.answers.get(call.name, {"ok": True})
        output = answer(**arguments) if callable(answer) else answer
        self.history.append(ToolResult(call_id, output if isinstance(output, str) else json.dumps(output)))
