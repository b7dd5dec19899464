"""Opening the offline engine: ears, voices and minds, loaded once for the process."""

import asyncio
from contextlib import AsyncExitStack

from huntgroup.domain.clock import Clock
from huntgroup.engine.hearing import EarShop
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.ports import Voice
from huntgroup.engine.speaking import Speakers
from huntgroup.engine.understanding import Understanding
from huntgroup.engine.weights import Progress, Weights
from huntgroup.settings import Settings


async def open_engine(
    settings: Settings, stack: AsyncExitStack, clock: Clock, progress: Progress, *, hearing: bool
) -> tuple[OfflineEngine | None, Voice]:
    """Load what the engine needs; without `hearing` only the voices, for a simulated caller."""
    progress("loading the voices (Pico)")
    voice = await stack.enter_async_context(Speakers.open(workers=2))
    if not hearing:
        return None, voice
    weights = Weights(settings.data_dir, models_dir=settings.models_dir, progress=progress)
    ears = await stack.enter_async_context(EarShop.open(weights, size=settings.whisper, progress=progress))
    if ears.missing is not None:
        progress(f"the engine cannot hear (text and keys still work): {ears.missing}")
    understanding = await asyncio.to_thread(Understanding, progress=progress)
    engine = OfflineEngine(make_ear=ears.new_ear, make_mind=understanding.new_mind, voice=voice, clock=clock)
    return engine, voice
