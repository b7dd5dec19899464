"""What one session is made of."""

from __future__ import annotations

from dataclasses import dataclass

from huntgroup.domain.clock import Clock
from huntgroup.engine.ports import Ear, Mind, Voice


@dataclass(frozen=True)
class Parts:
    """The ear and the mind are the session's own; the voice is shared."""

    ear: Ear
    mind: Mind
    voice: Voice
    clock: Clock
    model: str
    model_named: bool = True
    max_session_s: float = 3600.0
