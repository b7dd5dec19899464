"""The protocol side of the offline engine: one Realtime session per object, without a network."""

from huntgroup.engine.session.parts import Parts
from huntgroup.engine.session.session import EngineSession

__all__ = ["EngineSession", "Parts"]
