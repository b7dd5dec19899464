"""One session of the Realtime protocol, without a network.

Client events are handled the moment they are sent, one after the other, so their order is the order of their effects.
Everything slow (thinking, speaking, transcribing) runs in tasks of the session and never delays an event.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, cast

from msgspec import UNSET, UnsetType

from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.engine.ports import Ear, EarEvent, EarOptions, Heard, Mind, SpeechStarted, SpeechStopped, Voice
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.defaults import default_session, input_config, output_config
from huntgroup.engine.session.formats import audio_format
from huntgroup.engine.session.idle import IdleWatch
from huntgroup.engine.session.input_audio import InputAudio
from huntgroup.engine.session.items import Items
from huntgroup.engine.session.options import ear_options
from huntgroup.engine.session.outbox import Outbox
from huntgroup.engine.session.plan import plan_response
from huntgroup.engine.session.refusal import Refused
from huntgroup.engine.session.responses import Responses
from huntgroup.engine.session.thinking import Faculties
from huntgroup.engine.session.tokens import PromptCache
from huntgroup.engine.session.trouble import describe
from huntgroup.engine.session.turns import Turn, Turns
from huntgroup.engine.session.update import Circumstances, apply_update, check_voice_fixed
from huntgroup.engine.session.values import check_response
from huntgroup.engine.session.voices import VoiceBook
from huntgroup.engine.session.writer import ResponseWriter
from huntgroup.media.formats import PCM16_16K
from huntgroup.media.transcode import transcode
from huntgroup.wire import realtime as rt

log = logging.getLogger(__name__)

EXPIRED_TEXT = "Your session hit the maximum duration of {minutes} minutes."


@dataclass(frozen=True)
class Parts:
    """What one session is made of. The ear and the mind are its own; the voice is shared."""

    ear: Ear
    mind: Mind
    voice: Voice
    clock: Clock
    model: str
    model_named: bool = True
    max_session_s: float = 3600.0


class EngineSession:
    """A server session. Call `start` inside a running loop before anything else and `close` at the end."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._outbox = Outbox()
        self._config = default_session(new_id("sess"), parts.model, self._expiry())
        self._conversation = Conversation(new_id("conv"))
        self._voices = VoiceBook(parts.voice.voices())
        self._audio = InputAudio(audio_format(_spec(self._config)))
        self._turns = Turns(self._audio, self._conversation, self._outbox.put)
        self._items = Items(self._conversation, self._outbox.put, self._audio.in_client_format)
        self._responses = Responses(self._faculties(), self._emit_speech, self._response_done)
        self._idle = IdleWatch()
        self._options: EarOptions | None = None
        self._model_named = parts.model_named
        self._assistant_audio = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers = self._table()

    # -- the client's side ------------------------------------------------------------------------------------------

    @property
    def config(self) -> rt.EffectiveSession:
        """The full effective configuration."""
        return self._config

    def start(self, initial: rt.SessionConfig | None = None) -> None:
        """Announce the session and begin to listen. `initial` is laid over the defaults. Raises Refused."""
        if initial is not None:
            self._apply(initial)
        self._outbox.put(rt.SessionCreated(session=self._config))
        conversation = rt.Conversation(id=self._conversation.id)
        self._outbox.put(rt.ConversationCreated(conversation=conversation))
        self._configure_ear()
        self._spawn(self._listen(), "ear")
        self._spawn(self._expire(), "expiry")

    def configured(self, patch: rt.SessionConfig) -> rt.EffectiveSession:
        """What the configuration would be after an update; changes nothing. Raises Refused."""
        return apply_update(self._config, patch, self._circumstances())

    def send(self, event: rt.ClientEvent) -> None:
        """Handle one client event now. Raises ModelLost when the session is over."""
        if self._outbox.ended is not None:
            raise ModelLost(self._outbox.ended)
        event_id = event.event_id or None
        try:
            self._handlers[type(event)](event)
        except Refused as refused:
            self._error(refused.code, refused.message, refused.param, event_id)
        except Exception as error:
            log.error("an event could not be handled: %s", describe(error))
            self._error("engine_error", "The engine failed on this event.", None, event_id, "server_error")

    def reject(self, malformed: rt.MalformedEvent) -> None:
        """Answer something that could not be read as an event; the session goes on."""
        self._error(malformed.code, malformed.message, malformed.param, malformed.event_id)

    async def receive(self) -> rt.ServerEvent:
        """The next event, in order. Raises ModelLost when the session is over and everything was taken."""
        return await self._outbox.get()

    async def ready_for_more(self) -> None:
        """Return when the client has taken enough events that more may be asked for."""
        await self._outbox.room()

    async def close(self, reason: str = "closed") -> None:
        """Stop all work of this session and release the ear."""
        self._outbox.end(reason)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await self._responses.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._parts.ear.close()

    # -- handlers ---------------------------------------------------------------------------------------------------

    def _table(self) -> dict[type, Callable[[Any], None]]:
        return {
            rt.InputAudioBufferAppend: self._append,
            rt.InputAudioBufferCommit: self._commit,
            rt.InputAudioBufferClear: self._clear,
            rt.OutputAudioBufferClear: self._clear_output,
            rt.SessionUpdate: self._update,
            rt.ConversationItemCreate: self._create_item,
            rt.ConversationItemRetrieve: lambda event: self._items.retrieve(event.item_id),
            rt.ConversationItemDelete: lambda event: self._items.delete(event.item_id),
            rt.ConversationItemTruncate: self._items.truncate,
            rt.ResponseCreate: lambda event: self._respond(event.response or rt.ResponseConfig()),
            rt.ResponseCancel: lambda event: self._responses.cancel(event.response_id or None, "client_cancelled"),
        }

    def _update(self, event: rt.SessionUpdate) -> None:
        self._apply(event.session)
        self._configure_ear()
        self._outbox.put(rt.SessionUpdated(session=self._config))

    def _apply(self, patch: rt.SessionConfig) -> None:
        self._config = self.configured(patch)
        self._model_named = self._model_named or patch.model is not UNSET
        self._audio.change_format(audio_format(_spec(self._config)))

    def _circumstances(self) -> Circumstances:
        return Circumstances(
            knows_voice=self._voices.knows,
            assistant_audio=self._assistant_audio,
            responding=self._responses.active is not None,
            model_named=self._model_named,
        )

    def _append(self, event: rt.InputAudioBufferAppend) -> None:
        automatic = self._detection() is not None
        pcm16 = self._audio.append(event.audio, speech_since_ms=self._turns.speech_since_ms, automatic=automatic)
        self._parts.ear.feed(pcm16)
        self._check_idle()

    def _commit(self, _: rt.InputAudioBufferCommit) -> None:
        pcm16, start_ms = self._audio.take_all()
        entry = self._turns.commit(self._turns.take_over(), pcm16)
        self._spawn(self._transcribe(entry, start_ms), "transcription")

    def _clear(self, _: rt.InputAudioBufferClear) -> None:
        self._audio.clear()
        self._turns.drop()
        self._outbox.put(rt.InputAudioBufferCleared())

    def _clear_output(self, _: rt.OutputAudioBufferClear) -> None:
        text = "Output audio is played by the client on a WebSocket; there is no buffer to clear."
        raise Refused("invalid_value", text, "type")

    def _create_item(self, event: rt.ConversationItemCreate) -> None:
        entry = self._items.create(event)
        if entry.text is None:
            entry.audio = transcode(entry.audio, audio_format(_spec(self._config)), PCM16_16K)
            entry.audio_ms = PCM16_16K.duration_ms(len(entry.audio))
            self._spawn(self._transcribe(entry, 0), "transcription")

    def _respond(self, asked: rt.ResponseConfig, trigger: Entry | None = None, interrupted: bool = False) -> None:
        check_response(asked, self._voices.knows)
        own = (asked.audio.output if asked.audio else None) or rt.ResponseOutputAudioConfig()
        now = output_config(self._config).voice
        check_voice_fixed(own.voice, now, self._assistant_audio, "response.audio.output.voice")
        entries = None if isinstance(asked.input, UnsetType) else self._items.input_entries(asked.input)
        ids = new_id("resp"), self._conversation.id
        self._responses.start(plan_response(*ids, self._config, asked, entries, trigger, interrupted))
        self._idle.disturbed()

    # -- what happens by itself -------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Follow the ear; without it the session cannot go on."""
        try:
            while True:
                self._on_ear(await self._parts.ear.receive())
        except Exception as error:
            log.error("the ear failed: %s", describe(error))
            self._error("engine_error", "The engine's hearing failed.", None, None, "server_error")
            self._outbox.end("engine_failed")

    def _on_ear(self, event: EarEvent) -> None:
        match event:
            case SpeechStarted():
                self._speech_started(self._turns.started(event))
            case SpeechStopped():
                turn = self._turns.stopped(event)
                if turn is not None:
                    self._turn_committed(turn)
            case Heard():
                self._turns.heard(event)

    def _speech_started(self, turn: Turn) -> None:
        self._idle.disturbed()
        detection = self._detection()
        if detection is not None and detection.interrupt_response:
            turn.interrupted = self._responses.interrupt()

    def _turn_committed(self, turn: Turn) -> None:
        detection = self._detection()
        if detection is None or not detection.create_response:
            return
        try:
            self._respond(rt.ResponseConfig(), turn.entry, turn.interrupted)
        except Refused as refused:
            self._error(refused.code, refused.message, refused.param, None)

    async def _transcribe(self, entry: Entry, start_ms: int) -> None:
        try:
            heard = await self._parts.ear.transcribe(entry.audio)
        except Exception as error:
            log.error("a transcription failed: %s", describe(error))
            self._turns.fail(entry)
        else:
            self._turns.write(entry, replace(heard, start_ms=start_ms + heard.start_ms))

    def _check_idle(self) -> None:
        detection = self._detection()
        timeout_ms = detection.idle_timeout_ms if detection is not None else None
        if not timeout_ms or self._responses.active or self._turns.speech_since_ms is not None:
            return
        since_ms = self._idle.expired(self._audio.total_ms, timeout_ms)
        if since_ms is not None:
            self._idle_too_long(int(since_ms), int(self._audio.total_ms))

    def _idle_too_long(self, start_ms: int, end_ms: int) -> None:
        item_id = new_id("item")
        self._outbox.put(
            rt.InputAudioBufferTimeoutTriggered(item_id=item_id, audio_start_ms=start_ms, audio_end_ms=end_ms)
        )
        entry = self._turns.commit(item_id, self._audio.take(start_ms, end_ms))
        entry.set_text("")
        self._respond(rt.ResponseConfig(), entry, interrupted=True)

    async def _expire(self) -> None:
        await self._parts.clock.sleep_ms(int(self._parts.max_session_s * 1000))
        text = EXPIRED_TEXT.format(minutes=round(self._parts.max_session_s / 60))
        self._error("session_expired", text, None, None)
        self._outbox.end("session_expired")
        await self._responses.close()

    def _response_done(self, writer: ResponseWriter) -> None:
        if not writer.plan.out_of_band:
            self._idle.responded(self._audio.total_ms, writer.audio_ms)
            self._configure_ear()

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _emit_speech(self, event: rt.KnownServerEvent) -> None:
        if isinstance(event, rt.ResponseOutputAudioDelta):
            self._assistant_audio = True
            self._idle.sounding(self._audio.total_ms)
        self._outbox.put(event)

    def _configure_ear(self) -> None:
        self._turns.transcribing = isinstance(input_config(self._config).transcription, rt.TranscriptionConfig)
        options = ear_options(self._config, self._parts.mind.expects)
        if options != self._options:
            self._options = options
            self._turns.prefix_padding_ms = options.prefix_padding_ms
            self._parts.ear.configure(options)
            if not options.enabled:
                self._turns.abandon()

    def _detection(self) -> rt.TurnDetection | None:
        detection = input_config(self._config).turn_detection
        return detection if isinstance(detection, rt.TurnDetection) else None

    def _faculties(self) -> Faculties:
        return Faculties(
            mind=self._parts.mind,
            voice=self._parts.voice,
            voices=self._voices,
            conversation=self._conversation,
            cache=PromptCache(),
            now=self._parts.clock.utc_now,
            room=self._outbox.room,
        )

    def _expiry(self) -> int:
        return int(self._parts.clock.utc_now().timestamp() + self._parts.max_session_s)

    def _error(
        self,
        code: str | None,
        message: str,
        param: str | None,
        event_id: str | None,
        kind: str = "invalid_request_error",
    ) -> None:
        body = rt.ErrorBody(type=kind, code=code, message=message, param=param, event_id=event_id)
        self._outbox.put(rt.Error(error=body))

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _spec(config: rt.EffectiveSession) -> rt.AudioFormatSpec:
    return cast(rt.AudioFormatSpec, input_config(config).format)
