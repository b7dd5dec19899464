"""Agents: the SDK's `RealtimeAgent` with what a phone needs."""

from dataclasses import dataclass, field

from agents import InputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.teams.context import CallContext


@dataclass
class VoiceAgent(RealtimeAgent[CallContext]):
    """An agent on the phone.

    `voice`: the backend's name of a voice, or None for the team's. `opener`: the words that answer the phone when this
    agent is first. `filler`: what it says while a tool is slow. `languages`: ISO 639-1 codes that it speaks. `sees`:
    names of brief fields and kinds of data that may be shown to it; None means everything. `input_guardrails` check
    what the caller said.
    """

    voice: str | None = None
    opener: str | None = None
    filler: str = "One moment, please."
    languages: tuple[str, ...] = ("en",)
    sees: frozenset[str] | None = None
    input_guardrails: list[InputGuardrail[CallContext]] = field(default_factory=list)
