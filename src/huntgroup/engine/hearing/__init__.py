"""Speech to text for phone calls: voice activity, turn ends, short-window Whisper."""

from huntgroup.engine.hearing.deaf import DeafEar
from huntgroup.engine.hearing.ear import ListeningEar
from huntgroup.engine.hearing.shop import EarShop

__all__ = ["DeafEar", "EarShop", "ListeningEar"]
