"""The model's session for one call: what is set once, before anybody speaks."""

from huntgroup.calls.ports import Profile
from huntgroup.calls.toolset import Toolset
from huntgroup.media.formats import PCM16_24K, PCMU_8K, AudioFormat
from huntgroup.teams import Team, VoiceAgent
from huntgroup.wire.realtime import (
    UNSET,
    AudioConfig,
    AudioFormatSpec,
    InputAudioConfig,
    OutputAudioConfig,
    SessionConfig,
    TranscriptionConfig,
    TurnDetection,
)


def model_format(line: AudioFormat, profile: Profile, *, passthrough: bool) -> AudioFormat:
    """Return the format towards the model: the line's own when it is passed through, else PCM16 at 24 kHz."""
    if passthrough and profile.supports_pcmu and line == PCMU_8K:
        return PCMU_8K
    return PCM16_24K


def session_config(team: Team, toolset: Toolset, profile: Profile, sound: AudioFormat) -> SessionConfig:
    """Return the whole configuration with which a call begins.

    Responses are never created by turn detection: each is asked for by the call, so that it has one known owner. Nor
    are they interrupted by it: a cough is no turn, and only the call knows what the caller has heard.
    """
    transcription = TranscriptionConfig(model=_transcriber(profile), prompt=_vocabulary(team))
    return SessionConfig(
        instructions=toolset.instructions,
        tools=list(toolset.specs),
        tool_choice="auto",
        output_modalities=["audio"],
        audio=AudioConfig(
            input=InputAudioConfig(
                format=_spec(sound),
                transcription=transcription if profile.supports_transcription else UNSET,
                turn_detection=TurnDetection(
                    type="semantic_vad",
                    eagerness="auto",
                    create_response=False,
                    interrupt_response=False,
                ),
            ),
            output=OutputAudioConfig(format=_spec(sound), voice=_voice(team, toolset.agent, profile)),
        ),
    )


def _spec(sound: AudioFormat) -> AudioFormatSpec:
    if sound.encoding == "audio/pcm":
        return AudioFormatSpec(type="audio/pcm", rate=sound.rate_hz)
    return AudioFormatSpec(type=sound.encoding)


def _voice(team: Team, agent_name: str, profile: Profile) -> str:
    agent = team.agent(agent_name)
    own = agent.voice if isinstance(agent, VoiceAgent) else None
    return own or team.voice or profile.default_voice


def _transcriber(profile: Profile) -> str:
    return "whisper-1" if profile.speaks_offline else "gpt-4o-mini-transcribe"


def _vocabulary(team: Team) -> str | None:
    return f"Expect words such as {', '.join(team.vocabulary)}." if team.vocabulary else None
