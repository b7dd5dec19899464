"""The model's session for one call: what is set once, before anybody speaks."""

from collections.abc import Sequence

from msgspec import UnsetType

from huntgroup.calls.ports import Line, Profile
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.domain.facts import Fact, HandoffCommitted
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


def model_format(line: Line, profile: Profile, *, passthrough: bool) -> AudioFormat:
    """Return the format towards the model: the line's own when it is passed through, else PCM16 at 24 kHz."""
    if line.written or profile.plays_itself:
        return line.format
    if passthrough and profile.supports_pcmu and line.format == PCMU_8K:
        return PCMU_8K
    return PCM16_24K


def session_config(
    live: LiveCall, toolset: Toolset, profile: Profile, sound: AudioFormat, *, voice: str
) -> SessionConfig:
    """Return the whole configuration of a session of a call; answers are text when its line is written.

    Responses are never created by turn detection: each is asked for by the call, so that it has one known owner. Nor
    are they interrupted by it: a cough is no turn, and only the call knows what the caller has heard.
    """
    format_ = UNSET if profile.plays_itself else _spec(sound)
    return SessionConfig(
        instructions=toolset.instructions,
        tools=list(toolset.specs),
        tool_choice="auto",
        output_modalities=["text"] if live.line.written else ["audio"],
        audio=AudioConfig(
            input=_hearing(live.team, profile, format_),
            # Where the server plays, the voice was chosen when its caller came, and is locked.
            output=UNSET if profile.plays_itself else OutputAudioConfig(format=format_, voice=voice),
        ),
    )


def announced_config(team: Team, toolset: Toolset, profile: Profile) -> SessionConfig:
    """Return the session that a caller of the server itself is to find, before the call has begun here."""
    return SessionConfig(
        model=profile.model,
        instructions=toolset.instructions,
        tools=list(toolset.specs),
        tool_choice="auto",
        output_modalities=["audio"],
        audio=AudioConfig(
            input=_hearing(team, profile, UNSET),
            output=OutputAudioConfig(voice=voice_of(team, team.first, profile)),
        ),
    )


def _hearing(team: Team, profile: Profile, sound: AudioFormatSpec | UnsetType) -> InputAudioConfig:
    transcription = TranscriptionConfig(model=_transcriber(profile), prompt=_vocabulary(team))
    return InputAudioConfig(
        format=sound,
        transcription=transcription if profile.supports_transcription else UNSET,
        turn_detection=TurnDetection(
            type="semantic_vad",
            eagerness="auto",
            create_response=False,
            interrupt_response=False,
        ),
    )


def listening_config(team: Team, profile: Profile) -> SessionConfig:
    """Return the configuration of a session that only writes down what it hears, PCM16 at 24 kHz."""
    return SessionConfig(
        instructions="Listen.",
        output_modalities=["text"],
        audio=AudioConfig(
            input=InputAudioConfig(
                format=_spec(PCM16_24K),
                transcription=TranscriptionConfig(model=_transcriber(profile), prompt=_vocabulary(team)),
                turn_detection=TurnDetection(
                    type="semantic_vad", eagerness="auto", create_response=False, interrupt_response=False
                ),
            )
        ),
    )


def _spec(sound: AudioFormat) -> AudioFormatSpec:
    if sound.encoding == "audio/pcm":
        return AudioFormatSpec(type="audio/pcm", rate=sound.rate_hz)
    return AudioFormatSpec(type=sound.encoding)


def voice_of(team: Team, agent_name: str, profile: Profile) -> str:
    """Return the name of the voice that an agent speaks with."""
    agent = team.agent(agent_name)
    own = agent.voice if isinstance(agent, VoiceAgent) else None
    return own or team.voice or profile.default_voice


def voice_now(facts: Sequence[Fact], team: Team, profile: Profile) -> str:
    """Return the voice that the call is in: that of the first agent, or of the last to whom it went with a switch."""
    switched = (fact for fact in reversed(facts) if isinstance(fact, HandoffCommitted) and fact.voice == "switch")
    last = next(switched, None)
    return voice_of(team, last.to_agent if last is not None else team.first, profile)


def _transcriber(profile: Profile) -> str:
    return "whisper-1" if profile.speaks_offline else "gpt-4o-mini-transcribe"


def _vocabulary(team: Team) -> str | None:
    return f"Expect words such as {', '.join(team.vocabulary)}." if team.vocabulary else None
