"""The hearing side of a session: sound to the ear, the ear's events to turns of the conversation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast

from huntgroup.engine.ports import Ear, EarEvent, EarOptions, Expects, Heard, SpeechStarted, SpeechStopped
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.defaults import input_config
from huntgroup.engine.session.formats import audio_format
from huntgroup.engine.session.input_audio import InputAudio
from huntgroup.engine.session.options import ear_options
from huntgroup.engine.session.trouble import describe
from huntgroup.engine.session.turns import Emit, Turn, Turns
from huntgroup.media.formats import PCM16_16K, AudioFormat
from huntgroup.media.transcode import transcode
from huntgroup.wire.realtime import (
    AudioFormatSpec,
    EffectiveSession,
    InputAudioBufferCleared,
    TranscriptionConfig,
    TurnDetection,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reactions:
    """What the session does about the caller. `spawn` runs slow work in a task of the session."""

    began: Callable[[Turn], None]
    committed: Callable[[Turn], None]
    spawn: Callable[[Coroutine[Any, Any, None], str], None]


class Listening:
    """One caller's sound, turns and transcripts under the session's configuration."""

    def __init__(
        self, ear: Ear, config: EffectiveSession, conversation: Conversation, emit: Emit, reactions: Reactions
    ) -> None:
        self._ear = ear
        self._emit = emit
        self._do = reactions
        self._config = config
        self._options: EarOptions | None = None
        self.audio = InputAudio(self._format)
        self.turns = Turns(self.audio, conversation, emit)

    @property
    def detection(self) -> TurnDetection | None:
        """How turns are detected; None for push-to-talk."""
        detection = input_config(self._config).turn_detection
        return detection if isinstance(detection, TurnDetection) else None

    def configure(self, config: EffectiveSession, expects: Expects | None) -> None:
        """Listen under this configuration from now on."""
        self._config = config
        self.audio.change_format(self._format)
        self.turns.transcribing = isinstance(input_config(config).transcription, TranscriptionConfig)
        options = ear_options(config, expects)
        if options == self._options:
            return
        self._options = options
        self.turns.prefix_padding_ms = options.prefix_padding_ms
        self._ear.configure(options)
        if not options.enabled:
            self.turns.abandon()

    def append(self, audio: bytes) -> None:
        """Hear the next sound. Raises Refused."""
        automatic = self.detection is not None
        since_ms = self.turns.speech_since_ms
        self._ear.feed(self.audio.append(audio, speech_since_ms=since_ms, automatic=automatic))

    def commit(self) -> None:
        """Make the buffer a turn, as the client asks. Raises Refused."""
        pcm16 = self.audio.take_all()
        entry = self.turns.commit(self.turns.take_over(), pcm16)
        self._do.spawn(self._transcribe(entry), "transcription")

    def clear(self) -> None:
        """Forget the buffer, as the client asks."""
        self.audio.clear()
        self.turns.drop()
        self._emit(InputAudioBufferCleared())

    def write_down(self, entry: Entry) -> None:
        """Transcribe an item that came with audio in the client's format."""
        entry.audio = transcode(entry.audio, self._format, PCM16_16K)
        entry.audio_ms = PCM16_16K.duration_ms(len(entry.audio))
        self._do.spawn(self._transcribe(entry), "transcription")

    async def run(self) -> None:
        """Follow the ear for ever; what it raises ends hearing."""
        while True:
            self._react(await self._ear.receive())

    @property
    def _format(self) -> AudioFormat:
        return audio_format(cast(AudioFormatSpec, input_config(self._config).format))

    def _react(self, event: EarEvent) -> None:
        match event:
            case SpeechStarted():
                self._do.began(self.turns.started(event))
            case SpeechStopped():
                turn = self.turns.stopped(event)
                if turn is not None:
                    self._do.committed(turn)
            case Heard():
                self.turns.heard(event)

    async def _transcribe(self, entry: Entry) -> None:
        try:
            heard = await self._ear.transcribe(entry.audio)
        except Exception as error:
            log.error("a transcription failed: %s", describe(error))
            self.turns.fail(entry)
        else:
            self.turns.write(entry, heard)
