"""How calls are held: their sound, how many and how long."""

from __future__ import annotations

from typing import Literal

from huntgroup.settings.section import Section, env


class CallSettings(Section):
    """What holds for every call."""

    transcript_lag_ms: int | None = env(
        "HUNTGROUP_TRANSCRIPT_LAG_MS",
        None,
        "How far a remote model's transcript may lag behind its audio, for output guardrails; 0 when it always leads. "
        "Unset: no order is assumed, and a guarded reply is heard once its whole transcript is checked.",
        ge=0,
        le=10_000,
    )
    phone_audio: Literal["pcm16", "passthrough"] = env(
        "HUNTGROUP_PHONE_AUDIO",
        "pcm16",
        "Audio towards the model on phone lines: `pcm16` (24 kHz) or `passthrough` (µ-law untouched).",
    )
    max_calls: int = env(
        "HUNTGROUP_MAX_CALLS",
        32,
        "Calls at once; a further caller hears that all lines are busy, and may be called back.",
        ge=1,
    )
    max_call_minutes: float = env(
        "HUNTGROUP_MAX_CALL_MINUTES", 30.0, "A call is ended politely after this long.", gt=0, le=1440
    )
    drain_seconds: float = env(
        "HUNTGROUP_DRAIN_SECONDS",
        60.0,
        "After SIGTERM live calls finish, or move to another process, for at most this long.",
        ge=0,
        le=7200,
    )
    silence_seconds: float | None = env(
        "HUNTGROUP_SILENCE_SECONDS",
        None,
        "Silence before the agent asks again; after the second time it says goodbye. Unset: as the team says (8 s).",
        gt=0.5,
        le=300,
    )
    record_sound: bool = env(
        "HUNTGROUP_RECORD_SOUND",
        False,
        "Keep the sound of calls under the data folder, as long as the team's manifest allows (`huntgroup demo` does).",
    )
