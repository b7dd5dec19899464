"""Wiring of `huntgroup replay`: a recorded call, the present code and prompts, and one of two models."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from huntgroup.calls.ports import Profile, RealtimeModel
from huntgroup.domain.facts import CallStarted, Fact, SoundElsewhere
from huntgroup.engine.model import PROFILE as OFFLINE
from huntgroup.engine.understanding import Understanding
from huntgroup.models.attached import NO_LIMIT_MS
from huntgroup.models.profiles import profile_of
from huntgroup.offline import text_engine
from huntgroup.teams import Team
from huntgroup.testing.recorded_model import RecordedModel
from huntgroup.testing.recorded_voice import RecordedVoice
from huntgroup.testing.replay import Replayed, clock_of, replay

ModelKind = Literal["recorded", "offline"]


def usual_model(facts: Sequence[Fact]) -> ModelKind:
    """Return the model that says most about a record: the engine thinks anew about its own calls."""
    return "offline" if recorded_profile(facts).speaks_offline else "recorded"


def recorded_profile(facts: Sequence[Fact]) -> Profile:
    """Return what the backend could do with which the call was held."""
    started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
    name, _, model = (started.model if started is not None else "").partition("/")
    profile = OFFLINE if name == OFFLINE.name else profile_of(model)
    elsewhere = any(isinstance(fact, SoundElsewhere) for fact in facts)
    return replace(profile, plays_itself=True, session_limit_ms=NO_LIMIT_MS) if elsewhere else profile


async def hold_again(
    facts: Sequence[Fact], team: Team, kind: ModelKind, understanding: Understanding | None = None
) -> Replayed:
    """Hold a recorded call again. `understanding` is loaded for it when none is given. Raises `NotReplayable`.

    `recorded`: the model's replies are the recorded ones, so that the call's code is what is tested. `offline`: the
    embedded engine thinks anew with the present prompts and tools; a configured chat server is never asked.
    """
    clock = clock_of(facts)
    model: RealtimeModel = RecordedModel(facts, recorded_profile(facts))
    if kind == "offline":
        if understanding is None:
            understanding = await asyncio.to_thread(Understanding)
        model = text_engine(understanding, RecordedVoice(facts), clock)
    return await replay(facts, team, model, clock)
