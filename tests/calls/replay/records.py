"""Records made by hand, fact by fact."""

from typing import Any

from huntgroup.domain import facts as f


class Record:
    """A log that grows; each method adds one fact at `ms` and returns the record."""

    def __init__(self) -> None:
        self.facts: list[Any] = []

    def add(self, kind: type[f.FactBase], ms: int, agent: str = "desk", **fields: Any) -> "Record":
        self.facts.append(kind(call_id="c", seq=len(self.facts), t_ms=ms, agent=agent, **fields))
        return self

    def caller(self, turn: int, start_ms: int, end_ms: int, at_ms: int | None = None, text: str = "x") -> "Record":
        fields = {"turn": turn, "item_id": f"i{turn}", "text": text, "start_ms": start_ms, "end_ms": end_ms}
        return self.add(f.CallerSpoke, at_ms or end_ms, **fields)

    def words(
        self, response: str, text: str, start_ms: int, end_ms: int, *, turn: int = 1, heard: str | None = None
    ) -> "Record":
        heard_text = text if heard is None else heard
        return self.add(
            f.AgentSpoke, end_ms, turn=turn, response_id=response, item_id=f"{response}-i", text=text,
            heard_text=heard_text, generated_ms=1_000, heard_ms=end_ms - start_ms, start_ms=start_ms, end_ms=end_ms,
            interrupted=heard is not None,
        )  # fmt: skip

    def called(self, call_id: str, ms: int, *, turn: int = 1, tool: str = "look", agent: str = "desk") -> "Record":
        fields = {"turn": turn, "tool": tool, "tool_call_id": call_id, "arguments": {}, "effect": "read"}
        return self.add(f.ToolCalled, ms, agent, **fields)

    def answered(self, call_id: str, ms: int, *, agent: str = "desk", error: str | None = None) -> "Record":
        fields = {"tool": "look", "tool_call_id": call_id, "output": "{}", "duration_ms": 1}
        return self.add(f.ToolAnswered, ms, agent, ok=error is None, error=error, **fields)

    def done(self, response: str, ms: int) -> "Record":
        return self.add(
            f.UsageReported, ms, response_id=response, input_tokens=0, output_tokens=0, cached_tokens=0,
            input_audio_tokens=0, output_audio_tokens=0,
        )  # fmt: skip

    def ended(self, ms: int, reason: str = "caller_hung_up") -> "Record":
        return self.add(f.CallEnded, ms, reason=reason, duration_ms=ms)
