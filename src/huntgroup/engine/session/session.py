"""One session of the Realtime protocol, without a network.

Client events are handled the moment they are sent, one after the other, so their order is the order of their effects.
Everything slow (thinking, speaking, transcribing) runs in tasks of the session and never delays an event.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import UnsetType

from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.engine.session.configuration import Configuration
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.defaults import default_session
from huntgroup.engine.session.idle import IdleWatch
from huntgroup.engine.session.items import Items
from huntgroup.engine.session.listening import Listening, Reactions
from huntgroup.engine.session.outbox import Outbox
from huntgroup.engine.session.parts import Parts
from huntgroup.engine.session.plan import plan_response
from huntgroup.engine.session.refusal import Refused
from huntgroup.engine.session.responses import Responses
from huntgroup.engine.session.thinking import Faculties
from huntgroup.engine.session.tokens import PromptCache
from huntgroup.engine.session.trouble import describe
from huntgroup.engine.session.turns import Turn
from huntgroup.engine.session.voices import VoiceBook
from huntgroup.engine.session.writer import ResponseWriter
from huntgroup.wire import realtime as rt

log = logging.getLogger(__name__)

EXPIRED_TEXT = "Your session hit the maximum duration of {minutes} minutes."


class EngineSession:
    """A server session. Call `start` inside a running loop before anything else and `close` at the end."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._outbox = Outbox()
        config = default_session(new_id("sess"), parts.model, self._expiry())
        voices = VoiceBook(parts.voice.voices())
        self._config = Configuration(config, voices, model_named=parts.model_named)
        self._conversation = Conversation(new_id("conv"))
        reactions = Reactions(self._speech_started, self._turn_committed, self._spawn)
        self._hearing = Listening(parts.ear, config, self._conversation, self._outbox.put, reactions)
        self._items = Items(self._conversation, self._outbox.put, self._hearing.audio.in_client_format)
        self._responses = Responses(self._faculties(), self._emit_speech, self._response_done)
        self._idle = IdleWatch()
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers = self._table()

    # -- the client's side ------------------------------------------------------------------------------------------

    @property
    def config(self) -> rt.EffectiveSession:
        """The full effective configuration."""
        return self._config.current

    def start(self, initial: rt.SessionConfig | None = None) -> None:
        """Announce the session and begin to listen. `initial` is laid over the defaults. Raises Refused."""
        if initial is not None:
            self._config.apply(initial)
        self._outbox.put(rt.SessionCreated(session=self.config))
        conversation = rt.Conversation(id=self._conversation.id)
        self._outbox.put(rt.ConversationCreated(conversation=conversation))
        self._configure_hearing()
        self._spawn(self._listen(), "ear")
        self._spawn(self._expire(), "expiry")

    def configured(self, patch: rt.SessionConfig) -> rt.EffectiveSession:
        """What the configuration would be after an update; changes nothing. Raises Refused."""
        return self._config.preview(patch)

    def send(self, event: rt.ClientEvent) -> None:
        """Handle one client event now. Raises ModelLost when the session is over."""
        if self._outbox.ended is not None:
            raise ModelLost(self._outbox.ended)
        event_id = event.event_id or None
        try:
            self._handlers[type(event)](event)
        except Refused as refused:
            self._outbox.error(refused.code, refused.message, refused.param, event_id)
        except Exception as error:
            log.error("an event could not be handled: %s", describe(error))
            self._outbox.error("engine_error", "The engine failed on this event.", None, event_id, "server_error")

    def reject(self, malformed: rt.MalformedEvent) -> None:
        """Answer something that could not be read as an event; the session goes on."""
        self._outbox.error(malformed.code, malformed.message, malformed.param, malformed.event_id)

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
            rt.InputAudioBufferCommit: lambda _: self._hearing.commit(),
            rt.InputAudioBufferClear: lambda _: self._hearing.clear(),
            rt.OutputAudioBufferClear: self._clear_output,
            rt.SessionUpdate: self._update,
            rt.ConversationItemCreate: self._create_item,
            rt.ConversationItemRetrieve: lambda event: self._items.retrieve(event.item_id),
            rt.ConversationItemDelete: lambda event: self._items.delete(event.item_id),
            rt.ConversationItemTruncate: self._truncate,
            rt.ResponseCreate: lambda event: self._respond(event.response or rt.ResponseConfig()),
            rt.ResponseCancel: lambda event: self._responses.cancel(event.response_id or None, "client_cancelled"),
        }

    def _update(self, event: rt.SessionUpdate) -> None:
        self._config.apply(event.session, responding=self._responses.active is not None)
        self._configure_hearing()
        self._outbox.put(rt.SessionUpdated(session=self.config))

    def _append(self, event: rt.InputAudioBufferAppend) -> None:
        self._hearing.append(event.audio)
        self._check_idle()

    def _clear_output(self, _: rt.OutputAudioBufferClear) -> None:
        text = "Output audio is played by the client on a WebSocket; there is no buffer to clear."
        raise Refused("invalid_value", text, "type")

    def _create_item(self, event: rt.ConversationItemCreate) -> None:
        entry = self._items.create(event)
        if entry.text is None:
            self._hearing.write_down(entry)

    def _truncate(self, event: rt.ConversationItemTruncate) -> None:
        self._items.truncate(event)
        self._hearing.turns.interrupts()

    def _respond(self, asked: rt.ResponseConfig, trigger: Entry | None = None) -> None:
        self._config.check_overrides(asked)
        entries = None if isinstance(asked.input, UnsetType) else self._items.input_entries(asked.input)
        ids = new_id("resp"), self._conversation.id
        self._responses.start(plan_response(*ids, self.config, asked, entries, trigger))
        self._idle.disturbed()

    # -- what happens by itself -------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Follow the ear; without it the session cannot go on."""
        try:
            await self._hearing.run()
        except Exception as error:
            log.error("the ear failed: %s", describe(error))
            self._outbox.error("engine_error", "The engine's hearing failed.", None, None, "server_error")
            self._outbox.end("engine_failed")

    def _speech_started(self, turn: Turn) -> None:
        self._idle.disturbed()
        detection = self._hearing.detection
        if detection is not None and detection.interrupt_response:
            turn.interrupting = self._responses.interrupt()

    def _turn_committed(self, turn: Turn) -> None:
        detection = self._hearing.detection
        if detection is None or not detection.create_response:
            return
        try:
            self._respond(rt.ResponseConfig(), turn.entry)
        except Refused as refused:
            self._outbox.error(refused.code, refused.message, refused.param, None)

    def _check_idle(self) -> None:
        detection = self._hearing.detection
        timeout_ms = detection.idle_timeout_ms if detection is not None else None
        if not timeout_ms or self._responses.active or self._hearing.turns.speech_since_ms is not None:
            return
        since_ms = self._idle.expired(self._hearing.audio.total_ms, timeout_ms)
        if since_ms is not None:
            self._idle_too_long(int(since_ms), int(self._hearing.audio.total_ms))

    def _idle_too_long(self, start_ms: int, end_ms: int) -> None:
        item_id = new_id("item")
        self._outbox.put(
            rt.InputAudioBufferTimeoutTriggered(item_id=item_id, audio_start_ms=start_ms, audio_end_ms=end_ms)
        )
        entry = self._hearing.turns.commit(item_id, self._hearing.audio.take(start_ms, end_ms))
        entry.set_text("")
        entry.interrupting = True
        self._respond(rt.ResponseConfig(), entry)

    async def _expire(self) -> None:
        await self._parts.clock.sleep_ms(int(self._parts.max_session_s * 1000))
        text = EXPIRED_TEXT.format(minutes=round(self._parts.max_session_s / 60))
        self._outbox.error("session_expired", text, None, None)
        self._outbox.end("session_expired")
        await self._responses.close()

    def _response_done(self, writer: ResponseWriter) -> None:
        if not writer.plan.out_of_band:
            self._idle.responded(self._hearing.audio.total_ms, writer.audio_ms)
            self._configure_hearing()

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _emit_speech(self, event: rt.KnownServerEvent) -> None:
        if isinstance(event, rt.ResponseOutputAudioDelta):
            self._config.spoke()
            self._idle.sounding(self._hearing.audio.total_ms)
        self._outbox.put(event)

    def _configure_hearing(self) -> None:
        self._hearing.configure(self.config, self._parts.mind.expects)

    def _faculties(self) -> Faculties:
        return Faculties(
            mind=self._parts.mind,
            voice=self._parts.voice,
            voices=self._config.voices,
            conversation=self._conversation,
            cache=PromptCache(),
            now=self._parts.clock.utc_now,
            room=self._outbox.room,
        )

    def _expiry(self) -> int:
        return int(self._parts.clock.utc_now().timestamp() + self._parts.max_session_s)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
