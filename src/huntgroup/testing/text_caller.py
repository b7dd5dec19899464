"""A caller who is heard as text: turns reach a realtime model as words, and the call as if its ears had heard them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from huntgroup.calls.handoffs.consults import CONSULT_KEY
from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import FRAME_MS
from huntgroup.testing.gate import Gate
from huntgroup.testing.sounding import Sounding
from huntgroup.wire import realtime as rt

_SEED = "seed_"
"""What the ids of items begin with that a call gives to a session which takes over."""


class TextCallerModel:
    """`RealtimeModel` around another.

    `session` is the one by which the caller speaks: that which was fed sound last, or the first before there was any.
    Others may stand by, and one that was told of no tools is one by which a supervisor speaks. `sounding`
    and `tool_calls` are what all of them made; `gate` can keep a reply back.
    """

    def __init__(self, inner: RealtimeModel) -> None:
        self.inner = inner
        self._fed: TextCallerSession | None = None
        self._open: list[TextCallerSession] = []
        self._failures: deque[ModelUnavailable] = deque()
        self.gate = Gate()
        self.tool_calls = 0
        self.sounding: dict[str, Sounding] = {}

    @property
    def session(self) -> TextCallerSession:
        """Raises `LookupError` before a session was opened."""
        if self._fed is None:
            raise LookupError("no session was opened yet")
        return self._fed

    @property
    def owes(self) -> bool:
        """Whether the model or the call still has something to answer, or a session is missing."""
        missing = self._fed is None or self._fed.lost
        return missing or any(session.owes for session in self._open)

    @property
    def profile(self) -> Profile:
        return self.inner.profile

    def fail(self, *failures: ModelUnavailable) -> None:
        """Let the next openings fail with these, one each."""
        self._failures += failures

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        """Open a session of the inner model; sound that is sent to it goes nowhere."""
        if self._failures:
            raise self._failures.popleft()
        async with self.inner.open() as inner:
            session = TextCallerSession(inner, self)
            self._open.append(session)
            if self._fed is None:
                self._fed = session
            pump = asyncio.create_task(session.pump(), name="text caller")
            try:
                yield session
            finally:
                pump.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await pump
                session.lose("closed")
                self._open.remove(session)

    def supervise(self, text: str, length_ms: int) -> None:
        """A supervisor has spoken for so long; the session that only writes down has understood it, if there is one."""
        scribe = next((session for session in reversed(self._open) if not session.has_agent), None)
        if scribe is not None:
            scribe.starts(length_ms)
            scribe.says(text)

    def fed(self, session: TextCallerSession) -> None:
        """A session gets somebody's sound."""
        if session.has_agent:
            self._fed = session

    def sound_of(self, response_id: str) -> Sounding:
        """Return what was made of a response, to be added to."""
        return self.sounding.setdefault(response_id, Sounding(self.profile))


class TextCallerSession:
    """`ModelSession` whose caller is played.

    `starts`, `stops` and `says` are what turn detection does; speech interrupts nothing, since that is the
    call's to decide. `owes` is whether the model or the call still has something to answer in this session. Every
    `input_audio_buffer.append` is one frame of the line, by which the session's audio time is counted.
    """

    def __init__(self, inner: ModelSession, model: TextCallerModel) -> None:
        self._inner = inner
        self._model = model
        self.profile = model.profile
        self._events: asyncio.Queue[rt.ServerEvent | ModelLost] = asyncio.Queue()
        self._asked: set[str] = set()
        self._active: str | None = None
        self._open_calls: dict[str, str] = {}
        self._fed_ms = 0
        self._speaking: str | None = None
        self._lost: ModelLost | None = None
        self.has_agent = False

    # -- the call's side: ModelSession ------------------------------------------------------------------------------

    def send(self, event: rt.ClientEvent) -> None:
        """Pass an event on; sound is dropped."""
        if self._lost is not None:
            raise self._lost
        if isinstance(event, rt.InputAudioBufferAppend):
            self._fed_ms += FRAME_MS
            self._model.fed(self)
            return
        if isinstance(event, rt.SessionUpdate) and isinstance(event.session.tools, list):
            self.has_agent = True
        if isinstance(event, rt.ResponseCreate) and event.event_id:
            self._asked.add(str(event.event_id))
        if isinstance(event, rt.ConversationItemCreate):
            self._take(event.item)
        if isinstance(event, rt.ConversationItemDelete):
            # Nobody answers a call that is not in the conversation any more.
            self._open_calls.pop(event.item_id, None)
        self._inner.send(event)

    def _take(self, item: rt.Item) -> None:
        """A call that is seeded without its answer is owed one, as one that this session has made."""
        if isinstance(item, rt.FunctionCallItem) and str(item.id).startswith(_SEED):
            self._open_calls[str(item.id)] = str(item.call_id)
        elif isinstance(item, rt.FunctionCallOutputItem):
            self._open_calls = {at: call_id for at, call_id in self._open_calls.items() if call_id != item.call_id}

    async def receive(self) -> rt.ServerEvent:
        """Return the next event, of the model or of the caller."""
        event = await self._events.get()
        if isinstance(event, ModelLost):
            self._events.put_nowait(event)
            raise event
        return event

    # -- the caller's side ------------------------------------------------------------------------------------------

    def starts(self, ago_ms: int = 0) -> None:
        """It is noticed that the caller speaks, and has for `ago_ms`."""
        self._speaking = new_id("item")
        at_ms = max(0, self._fed_ms - ago_ms)
        self._events.put_nowait(rt.InputAudioBufferSpeechStarted(item_id=self._speaking, audio_start_ms=at_ms))

    def stops(self) -> None:
        """The caller falls silent, and it was no turn."""
        if self._speaking is not None:
            stopped = rt.InputAudioBufferSpeechStopped(item_id=self._speaking, audio_end_ms=self._fed_ms)
            self._events.put_nowait(stopped)
            self._speaking = None

    def ends_turn(self) -> str:
        """The caller's turn is over, and its words are not known yet; returns its item."""
        item_id = self._speaking or new_id("item")
        self.stops()
        self._events.put_nowait(rt.InputAudioBufferCommitted(item_id=item_id))
        return item_id

    def says(self, text: str) -> None:
        """The caller's turn is over: its words become an item of the conversation, and are told to the call."""
        item_id = self.ends_turn()
        part = rt.ContentPart(type="input_text", text=text)
        item = rt.MessageItem(id=item_id, role="user", content=[part])
        self._tell(rt.ConversationItemCreate(event_id=new_id("turn"), item=item))
        usage = rt.TranscriptionUsage(type="duration", seconds=0)
        self._events.put_nowait(
            rt.ConversationItemInputAudioTranscriptionCompleted(
                item_id=item_id, content_index=0, transcript=text, usage=usage
            )
        )

    def _tell(self, event: rt.ClientEvent) -> None:
        """Let the model know; one that is gone hears nothing, and the call is told of the loss by its own way."""
        if self._lost is None:
            with contextlib.suppress(ModelLost):
                self._inner.send(event)

    def lose(self, reason: str) -> None:
        """The model's socket breaks; a second time changes nothing."""
        if self._lost is None:
            self._lost = ModelLost(reason)
            self._events.put_nowait(self._lost)

    @property
    def owes(self) -> bool:
        """Whether a response is asked for or being made, or a tool call is not answered."""
        return bool(self._asked or self._active or self._open_calls) and not self.lost

    @property
    def lost(self) -> bool:
        """Whether the session is over."""
        return self._lost is not None

    async def pump(self) -> None:
        """Take the model's events until cancelled."""
        try:
            while True:
                event = await self._inner.receive()
                await self._model.gate.passed(event)
                self._watch(event)
                self._events.put_nowait(event)
        except ModelLost as error:
            self.lose(error.reason)

    def _watch(self, event: rt.ServerEvent) -> None:
        match event:
            case rt.ResponseCreated():
                self._asked.clear()
                if CONSULT_KEY not in (event.response.metadata or {}):
                    self._active = event.response.id
            case rt.ResponseDone():
                self._active = None if event.response.id == self._active else self._active
                self._asked.clear()
            case rt.ResponseOutputItemDone(item=rt.FunctionCallItem(call_id=str(call_id))) if self._is_active(event):
                self._open_calls[str(event.item.id)] = call_id
                self._model.tool_calls += 1
            case rt.ResponseOutputAudioTranscriptDelta():
                self._model.sound_of(event.response_id).part(event.item_id).text += event.delta
            case rt.ResponseOutputAudioDelta():
                self._model.sound_of(event.response_id).part(event.item_id).audio_bytes += len(event.delta)
            case rt.Error():
                self._asked.discard(event.error.event_id or "")

    def _is_active(self, event: rt.ResponseOutputItemDone) -> bool:
        return event.response_id == self._active
