"""Builds the facts of a small call, line by line."""

import json
from typing import Any

from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    ClaimGranted,
    Fact,
    HandoffCommitted,
    HandoffHeard,
    Interrupted,
    ToolAnswered,
    ToolCalled,
)


class CallBuilder:
    """Every step takes one second of the line's clock; the first agent is `desk`."""

    def __init__(self, call_id: str = "call_1", caller: str | None = None) -> None:
        self.call_id = call_id
        self.facts: list[Fact] = []
        self.ms = 0
        self.agent = "desk"
        self._add(
            CallStarted,
            team="clinic",
            line="loopback",
            caller=caller,
            callee=None,
            model="m",
            started_at="2026-11-22",
        )

    def _add(self, kind: Any, **fields: Any) -> None:
        self.facts.append(kind(call_id=self.call_id, seq=len(self.facts), t_ms=self.ms, agent=self.agent, **fields))

    def caller(self, text: str) -> "CallBuilder":
        self.ms += 1_000
        turn = len(self.facts)
        self._add(CallerSpoke, turn=turn, item_id=f"i{turn}", text=text, start_ms=self.ms - 800, end_ms=self.ms)
        return self

    def says(self, text: str, *, interrupted: bool = False, wait_ms: int = 500) -> "CallBuilder":
        start = self.ms + wait_ms
        self.ms += 1_000 + wait_ms
        if interrupted:
            self._add(Interrupted, response_id="r", item_id="i", heard_ms=300, generated_ms=1_000)
        self._add(
            AgentSpoke, turn=1, response_id="r", item_id="i", text=text, heard_text=text, generated_ms=1_000,
            heard_ms=1_000, start_ms=start, end_ms=start + 1_000, interrupted=interrupted,
        )  # fmt: skip
        return self

    def tool(
        self,
        tool: str,
        effect: str = "read",
        *,
        ok: bool = True,
        error: str | None = None,
        claim: str | None = None,
    ) -> "CallBuilder":
        call = f"fc{len(self.facts)}"
        self._add(ToolCalled, turn=1, tool=tool, tool_call_id=call, arguments={}, effect=effect)
        if claim is not None:
            self._add(ClaimGranted, claim=claim, subject="p1")
        output = json.dumps({"ok": ok, "message": "Done."})
        self._add(
            ToolAnswered,
            tool=tool,
            tool_call_id=call,
            output=output,
            ok=error is None,
            error=error,
            duration_ms=20,
        )
        return self

    def handoff(self, to: str, gap_ms: int = 400) -> "CallBuilder":
        frm, self.agent = self.agent, to
        self._add(
            HandoffCommitted, from_agent=frm, to_agent=to, tool_call_id="fc", brief={}, opener="silent", voice="keep",
            apply_ms=1,
        )  # fmt: skip
        self._add(HandoffHeard, from_agent=frm, to_agent=to, gap_ms=gap_ms)
        return self

    def note(self, kind: Any, **fields: Any) -> "CallBuilder":
        self._add(kind, **fields)
        return self

    def ends(self, reason: str = "caller_hung_up") -> list[Fact]:
        self._add(CallEnded, reason=reason, duration_ms=self.ms)
        return self.facts
