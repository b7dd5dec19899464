"""The backends that speak and think for calls, as the settings name them, and the house's own words."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace

from pydantic import SecretStr

from huntgroup.calls.model.config import voice_of
from huntgroup.calls.ports import HousePhrases, Profile, RealtimeModel
from huntgroup.calls.succession.announcer import NoPhrases
from huntgroup.engine.model import OfflineEngine, OfflineModel
from huntgroup.engine.ports import Voice
from huntgroup.engine.speaking import SpeechLost, SpeechUnavailable
from huntgroup.engine.speaking.phrases import speak_phrases
from huntgroup.models.endpoint import OPENAI_URL, Endpoint
from huntgroup.models.openai_realtime import OpenAIRealtimeModel
from huntgroup.offline import open_voice
from huntgroup.settings import Settings
from huntgroup.teams import Team


def backends(settings: Settings, engine: OfflineEngine | None) -> list[RealtimeModel]:
    """Return the backend that calls reach first, and the one for when it fails."""
    offline = [OfflineModel(engine)] if engine is not None else []
    first = offline if settings.model_kind == "offline" else [_remote(settings, _primary(settings))]
    if settings.fallback is None:
        return [*first]
    second = offline if settings.fallback == "offline" else [_remote(settings, _second(settings, settings.fallback))]
    return [*first, *second]


def first_endpoint(settings: Settings) -> Endpoint | None:
    """Return where the first backend is; None for the engine in this process."""
    return None if settings.model_kind == "offline" else _primary(settings)


async def house_phrases(
    settings: Settings,
    progress: Callable[[str], None],
    voice: Voice | None,
    teams: Iterable[Team],
    profile: Profile,
) -> HousePhrases:
    """Speak the house's phrases ahead, in the voices of all agents; without offline voices there are none."""
    names = [voice_of(team, agent.name, profile) for team in teams for agent in team.agents]
    if voice is not None:
        return await speak_phrases(voice, names)
    try:
        async with AsyncExitStack() as stack:
            return await speak_phrases(await open_voice(settings, stack, progress), names)
    except (SpeechUnavailable, SpeechLost) as error:
        progress(f"nothing can be said while the model is lost: {type(error).__name__}")
        return NoPhrases()


def _remote(settings: Settings, endpoint: Endpoint) -> RealtimeModel:
    return OpenAIRealtimeModel(endpoint, session_limit_ms=int(settings.session_seconds * 1000))


def _primary(settings: Settings) -> Endpoint:
    """The operator's promise about transcript and sound is about this server; the second one is taken to keep none."""
    endpoint = _endpoint(
        settings.realtime_url or OPENAI_URL,
        settings.realtime_model,
        settings.openai_api_key,
        settings.realtime_headers,
    )
    return replace(endpoint, transcript_lag_ms=settings.transcript_lag_ms)


def _second(settings: Settings, url: str) -> Endpoint:
    model = settings.fallback_model or settings.realtime_model
    return _endpoint(url, model, settings.fallback_key, settings.fallback_headers)


def _endpoint(url: str, model: str, key: SecretStr | None, headers: Mapping[str, SecretStr]) -> Endpoint:
    return Endpoint(
        url=url,
        model=model,
        api_key=key.get_secret_value() if key is not None else None,
        headers={name: value.get_secret_value() for name, value in headers.items()},
    )
