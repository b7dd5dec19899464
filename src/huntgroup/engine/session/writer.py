"""Writes one response as events, in the protocol's order, however it ends.

A synchronous state machine: what is opened is always closed, so cancelling is one call to `finish` and needs nobody
else. Audio and text that come after the end are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from huntgroup.domain.ids import new_id
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.message import OpenMessage
from huntgroup.engine.session.plan import Plan
from huntgroup.engine.session.spoken import Spoken
from huntgroup.engine.session.tokens import agent_audio_tokens, text_tokens, usage_of
from huntgroup.wire.realtime import (
    ConversationItemAdded,
    ConversationItemDone,
    FunctionCallItem,
    InputTokenDetails,
    Item,
    KnownServerEvent,
    MessageItem,
    OutputTokenDetails,
    ResponseCreated,
    ResponseDone,
    ResponseFunctionCallArgumentsDelta,
    ResponseFunctionCallArgumentsDone,
    ResponseOutputItemAdded,
    ResponseOutputItemDone,
    StatusDetails,
    StatusError,
)

Emit = Callable[[KnownServerEvent], None]
_ARGUMENTS_PIECE = 64


class ResponseWriter:
    """The events of one response. `conversation` is None for one that runs out of band."""

    def __init__(self, plan: Plan, emit: Emit, conversation: Conversation | None) -> None:
        self.plan = plan
        self.done = False
        self.audio_ms = 0.0
        self.read = InputTokenDetails()
        self._emit = emit
        self._conversation = conversation
        self._output: list[Item] = []
        self._message: OpenMessage | None = None
        self._text_tokens = 0

    def begin(self) -> None:
        """Announce the response."""
        self._emit(ResponseCreated(response=self.plan.response("in_progress")))

    def say(self, text: str) -> None:
        """Begin a sentence: its transcript (or its text) goes out now, its audio follows by `sound`."""
        if self.done:
            return
        message = self._message or self._open_message()
        self._text_tokens += text_tokens(text)
        self._emit(message.say(text))
        if not message.entry.truncated:
            message.entry.set_text(message.spoken.text)

    def sound(self, audio: bytes) -> None:
        """Speech of the sentence begun last, in the response's format."""
        if self.done or self._message is None or not audio:
            return
        ms = self.plan.audio_format.duration_ms(len(audio))
        self.audio_ms += ms
        self._emit(self._message.sound(audio, ms))

    def call(self, name: str, arguments: str) -> None:
        """A tool call, as an item of its own; it closes the message before it."""
        if self.done:
            return
        self._close_message("completed")
        call_id, item_id = new_id("call"), new_id("item")
        self._text_tokens += text_tokens(name) + text_tokens(arguments)
        self._add_item(FunctionCallItem(**_item(item_id, "in_progress"), name=name, call_id=call_id, arguments=""))
        self._emit_arguments(item_id, call_id, name, arguments)
        whole = FunctionCallItem(**_item(item_id, "completed"), name=name, call_id=call_id, arguments=arguments)
        self._finish_item(whole)

    def tokens_used(self) -> int:
        """Output tokens so far."""
        return self._text_tokens + agent_audio_tokens(self.audio_ms)

    def finish(self, status: str, reason: str | None = None, error: StatusError | None = None) -> None:
        """Close what is open and report the end, once."""
        if self.done:
            return
        self._close_message("completed" if status == "completed" else "incomplete")
        self.done = True
        response = self.plan.response(status)
        response.output = self._output
        made = OutputTokenDetails(text_tokens=self._text_tokens, audio_tokens=agent_audio_tokens(self.audio_ms))
        response.usage = usage_of(self.read, made)
        if status != "completed":
            response.status_details = StatusDetails(type=status, reason=reason, error=error)
        self._emit(ResponseDone(response=response))

    def _open_message(self) -> OpenMessage:
        item = MessageItem(**_item(new_id("item"), "in_progress"), role="assistant", content=[])
        entry = self._add_item(item)
        self._message = message = OpenMessage(self.plan, entry, len(self._output))
        self._emit(message.added())
        return message

    def _close_message(self, status: str) -> None:
        if self._message is None:
            return
        message, self._message = self._message, None
        for event in message.done():
            self._emit(event)
        self._finish_item(MessageItem(**_item(message.entry.id, status), role="assistant", content=[message.part()]))

    def _add_item(self, item: Item) -> Entry:
        entry = Entry(item=item, spoken=Spoken())
        entry.ready.set()
        previous = self._conversation.add(entry) if self._conversation else None
        place = len(self._output)
        self._emit(ResponseOutputItemAdded(response_id=self.plan.id, output_index=place, item=item))
        if self._conversation:
            self._emit(ConversationItemAdded(item=item, previous_item_id=previous))
        return entry

    def _finish_item(self, item: Item) -> None:
        place = len(self._output)
        self._output.append(item)
        if self._conversation:
            entry = self._conversation.find(str(item.id))
            if entry and not entry.truncated:
                entry.item = item
                entry.revision += 1
            previous = self._conversation.before(str(item.id))
            self._emit(ConversationItemDone(item=item, previous_item_id=previous))
        self._emit(ResponseOutputItemDone(response_id=self.plan.id, output_index=place, item=item))

    def _emit_arguments(self, item_id: str, call_id: str, name: str, arguments: str) -> None:
        at = _At(response_id=self.plan.id, item_id=item_id, output_index=len(self._output))
        for start in range(0, len(arguments), _ARGUMENTS_PIECE):
            piece = arguments[start : start + _ARGUMENTS_PIECE]
            self._emit(ResponseFunctionCallArgumentsDelta(**at, call_id=call_id, delta=piece))
        self._emit(ResponseFunctionCallArgumentsDone(**at, call_id=call_id, name=name, arguments=arguments))


class _At(TypedDict):
    response_id: str
    item_id: str
    output_index: int


class _Head(TypedDict):
    id: str
    object: str
    status: str


def _item(item_id: str, status: str) -> _Head:
    return _Head(id=item_id, object="realtime.item", status=status)
