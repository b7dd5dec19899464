"""A session's configuration and what has become fixed in it."""

from __future__ import annotations

from msgspec import UNSET

from huntgroup.engine.session.defaults import output_config
from huntgroup.engine.session.update import Circumstances, apply_update, check_voice_fixed
from huntgroup.engine.session.values import check_response
from huntgroup.engine.session.voices import VoiceBook
from huntgroup.wire.realtime import EffectiveSession, ResponseConfig, ResponseOutputAudioConfig, SessionConfig


class Configuration:
    """Holds the effective configuration; `spoke` freezes the voice. A model not named yet may be named once."""

    def __init__(self, current: EffectiveSession, voices: VoiceBook, *, model_named: bool) -> None:
        self.current = current
        self.voices = voices
        self._model_named = model_named
        self._assistant_audio = False

    def spoke(self) -> None:
        """The model has produced audio."""
        self._assistant_audio = True

    def preview(self, patch: SessionConfig, *, responding: bool = False) -> EffectiveSession:
        """The configuration after `patch`, which changes nothing. Raises Refused."""
        circumstances = Circumstances(
            knows_voice=self.voices.knows,
            assistant_audio=self._assistant_audio,
            responding=responding,
            model_named=self._model_named,
        )
        return apply_update(self.current, patch, circumstances)

    def apply(self, patch: SessionConfig, *, responding: bool = False) -> EffectiveSession:
        """Change the configuration, wholly or (Refused) not at all."""
        self.current = self.preview(patch, responding=responding)
        self._model_named = self._model_named or patch.model is not UNSET
        return self.current

    def check_overrides(self, asked: ResponseConfig) -> None:
        """Refuse overrides of one response that cannot be used, another voice after audio among them."""
        check_response(asked, self.voices.knows)
        own = (asked.audio.output if asked.audio else None) or ResponseOutputAudioConfig()
        voice = output_config(self.current).voice
        check_voice_fixed(own.voice, voice, self._assistant_audio, "response.audio.output.voice")
