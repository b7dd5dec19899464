"""What each realtime model can do, by its name."""

from __future__ import annotations

from huntgroup.calls.ports import Profile

DEFAULT_MODEL = "gpt-realtime-2.1"

# Only models from the second generation on take `parallel_tool_calls` and `reasoning`; older ones refuse the update.
_FIRST_GENERATION = ("gpt-realtime-1.5", "gpt-realtime-mini", "gpt-realtime-2025-", "gpt-4o-")


def profile_of(model: str) -> Profile:
    """The profile of a model; an unknown name (a deployment, a compatible server) gets the cautious one."""
    return Profile(name="openai", model=model, supports_parallel_tool_calls=_second_generation(model))


def _second_generation(model: str) -> bool:
    return model.startswith("gpt-realtime-") and not model.startswith(_FIRST_GENERATION)
