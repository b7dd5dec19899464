"""Names of voices: the engine's own, and those of OpenAI's models mapped onto them.

A client written for OpenAI names one of ten voices that do not exist offline. Each name always gives the same voice,
and neighbours in the list differ, so agents that were told apart stay told apart as far as there are voices.
"""

from __future__ import annotations

from collections.abc import Sequence

from huntgroup.wire.realtime import VoiceRef

OPENAI_VOICES = (
    "marin",
    "cedar",
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "sage",
    "shimmer",
    "verse",
)


class VoiceBook:
    """Looks up voices by any name a client may use. Needs at least one voice."""

    def __init__(self, own: Sequence[str]) -> None:
        if not own:
            raise ValueError("a session needs at least one voice")
        self._own = tuple(own)

    def knows(self, voice: str | VoiceRef) -> bool:
        """Whether `resolve` can find it."""
        name = voice.id if isinstance(voice, VoiceRef) else voice
        return name in self._own or name in OPENAI_VOICES

    def resolve(self, voice: str | VoiceRef) -> str:
        """The engine's name for a known voice."""
        name = voice.id if isinstance(voice, VoiceRef) else voice
        return name if name in self._own else self._own[OPENAI_VOICES.index(name) % len(self._own)]
