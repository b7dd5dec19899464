"""Agents: the SDK's `RealtimeAgent` with what a phone needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agents import InputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.teams.context import CallContext
from huntgroup.teams.guard import DEFAULT_POLICY, GuardPolicy, InputMode, Unit

REFUSAL = "I'm sorry, I can't help with that here. What else can I do for you?"
ASK_AGAIN = "I'm sorry, I didn't catch that. Could you say it again?"


@dataclass
class VoiceAgent(RealtimeAgent[CallContext]):
    """An agent on the phone.

    `voice`: the backend's name of a voice, or None for the team's. `opener`: the words that answer the phone when this
    agent is first. `filler`: what it says while a tool is slow; `refusal`: in the place of what a guardrail stopped;
    `ask_again`: when a turn could not be checked. `languages`: ISO 639-1 codes that it speaks. `sees`:
    names of brief fields and kinds of data that may be shown to it; None means everything.

    `input_guardrails` check what the caller said: in `parallel` mode while the reply is made, which is retracted when
    one trips; in `strict` mode before anything is answered. A turn whose transcript does not come within
    `transcript_deadline_ms` counts as a check without a verdict. The sound of a reply is let go by whole sentences or
    clauses (`release_by`) that its `output_guardrails` allowed. `guard_policy` holds for all guardrails but those named
    in `guard_policies`.
    """

    voice: str | None = None
    opener: str | None = None
    filler: str = "One moment, please."
    refusal: str = REFUSAL
    ask_again: str = ASK_AGAIN
    languages: tuple[str, ...] = ("en",)
    sees: frozenset[str] | None = None
    input_guardrails: list[InputGuardrail[CallContext]] = field(default_factory=list)
    input_mode: InputMode = "parallel"
    transcript_deadline_ms: int = 3_000
    release_by: Unit = "sentence"
    guard_policy: GuardPolicy = DEFAULT_POLICY
    guard_policies: Mapping[str, GuardPolicy] = field(default_factory=dict)
