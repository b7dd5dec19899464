"""The stream of a chat-completions answer: events to deltas, deltas to whole sentences and tool calls."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_END = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)[.!?][\"')\]]*\s+")


@dataclass
class PartialCall:
    """A tool call whose arguments arrive in pieces."""

    name: str = ""
    arguments: str = ""


@dataclass
class Stream:
    """Holds back text until a sentence is complete."""

    text: str = ""
    calls: dict[int, PartialCall] = field(default_factory=dict)

    def take(self, delta: Mapping[str, Any]) -> list[str]:
        """Take one delta in; returns the sentences that it completed."""
        for part in delta.get("tool_calls") or []:
            self._take_call(part)
        self.text += delta.get("content") or ""
        done: list[str] = []
        while match := _END.search(self.text):
            done.append(self.text[: match.end()].strip())
            self.text = self.text[match.end() :]
        return [s for s in done if s]

    def rest(self) -> str:
        left, self.text = self.text.strip(), ""
        return left

    def _take_call(self, part: Mapping[str, Any]) -> None:
        call = self.calls.setdefault(int(part.get("index", len(self.calls))), PartialCall())
        function = part.get("function") or {}
        call.name += function.get("name") or ""
        call.arguments += function.get("arguments") or ""


async def read_stream(lines: AsyncIterator[str]) -> AsyncIterator[Mapping[str, Any]]:
    """The deltas of an event stream. Raises `ValueError` for an event that is no chat-completions chunk."""
    async for line in lines:
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == "[DONE]":
            return
        chunk = json.loads(data)
        if not isinstance(chunk, dict) or chunk.get("error"):
            raise ValueError("the server sent an error in the stream")
        for choice in chunk.get("choices") or []:
            delta = choice.get("delta") or choice.get("message") or {}
            if isinstance(delta, Mapping):
                yield delta
