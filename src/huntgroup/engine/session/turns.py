"""The caller's turns: from the ear's events or the client's commit to items of the conversation."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.domain.ids import new_id
from huntgroup.engine.ports import Heard, SpeechStarted, SpeechStopped
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.input_audio import InputAudio
from huntgroup.media.formats import PCM16_16K
from huntgroup.wire.realtime import (
    ContentPart,
    ConversationItemAdded,
    ConversationItemDone,
    ConversationItemInputAudioTranscriptionCompleted,
    ConversationItemInputAudioTranscriptionDelta,
    ConversationItemInputAudioTranscriptionFailed,
    ErrorBody,
    InputAudioBufferCommitted,
    InputAudioBufferSpeechStarted,
    InputAudioBufferSpeechStopped,
    KnownServerEvent,
    MessageItem,
    TranscriptionUsage,
)

Emit = Callable[[KnownServerEvent], None]


@dataclass(eq=False)
class Turn:
    """One stretch of the caller's speech under the id it will be committed with."""

    item_id: str
    start_ms: int
    entry: Entry | None = None
    dropped: bool = False
    interrupting: bool = False


class Turns:
    """Follows one caller's speech. `transcribing` tells whether the client asked for transcription events."""

    def __init__(self, audio: InputAudio, conversation: Conversation, emit: Emit) -> None:
        self.transcribing = False
        self.prefix_padding_ms = 0
        self._audio = audio
        self._conversation = conversation
        self._emit = emit
        self._open: Turn | None = None
        self._last: Entry | None = None
        self._unheard: deque[Turn] = deque()

    @property
    def speech_since_ms(self) -> int | None:
        """When the caller who speaks now began; None while nobody speaks."""
        return self._open.start_ms if self._open else None

    def started(self, event: SpeechStarted) -> Turn:
        """The caller began: announce the turn's id."""
        start_ms = max(0, event.start_ms - self.prefix_padding_ms)
        self._open = turn = Turn(new_id("item"), start_ms)
        self._emit(InputAudioBufferSpeechStarted(item_id=turn.item_id, audio_start_ms=start_ms))
        return turn

    def stopped(self, event: SpeechStopped) -> Turn | None:
        """The turn is over: commit it. None when the client took or cleared its sound meanwhile."""
        turn, self._open = self._open, None
        if turn is None:
            return None
        self._unheard.append(turn)
        self._emit(InputAudioBufferSpeechStopped(item_id=turn.item_id, audio_end_ms=event.end_ms))
        if turn.dropped:
            return None
        sound = self._audio.take(turn.start_ms, event.end_ms)
        turn.entry = self._last = self.commit(turn.item_id, sound)
        turn.entry.interrupting = turn.interrupting
        return turn

    def heard(self, event: Heard) -> None:
        """The transcript of the oldest turn that has none; ignored when its sound was taken or cleared."""
        turn = self._unheard.popleft() if self._unheard else None
        if turn is not None and turn.entry is not None and not turn.dropped:
            self.write(turn.entry, event)

    def drop(self) -> None:
        """The client cleared the buffer: what is being said now does not count."""
        if self._open is not None:
            self._open.dropped = True

    def interrupts(self) -> None:
        """The client cut speech that was being played: the caller's present or last turn did that."""
        if self._open is not None:
            self._open.interrupting = True
        elif self._last is not None:
            self._last.interrupting = True

    def abandon(self) -> None:
        """Turn detection was switched off: what is being said now is no turn any more."""
        self._open = None

    def take_over(self) -> str:
        """The client commits by hand: the announced id if somebody speaks, else a new one."""
        if self._open is None or self._open.dropped:
            return new_id("item")
        self._open.dropped = True
        return self._open.item_id

    def commit(self, item_id: str, pcm16: bytes) -> Entry:
        """Make sound an item of the conversation, not yet transcribed."""
        part = ContentPart(type="input_audio", transcript=None)
        item = MessageItem(id=item_id, object="realtime.item", status="completed", role="user", content=[part])
        entry = Entry(item=item, text=None, audio=pcm16, audio_ms=PCM16_16K.duration_ms(len(pcm16)))
        previous = self._conversation.add(entry)
        self._emit(InputAudioBufferCommitted(item_id=item_id, previous_item_id=previous))
        self._emit(ConversationItemAdded(item=item, previous_item_id=previous))
        self._emit(ConversationItemDone(item=item, previous_item_id=previous))
        return entry

    def write(self, entry: Entry, heard: Heard) -> None:
        """Put a transcript to an item; tell the client if it asked for that."""
        entry.set_text(heard.text)
        if not self.transcribing or not isinstance(entry.item, MessageItem):
            return
        parts = [_written(part, heard.text) for part in entry.item.content]
        entry.item = MessageItem(id=entry.id, object="realtime.item", status="completed", role="user", content=parts)
        if heard.text:
            self._emit(_delta(entry.id, heard.text))
        usage = TranscriptionUsage(type="duration", seconds=round(entry.audio_ms / 1000, 3))
        self._emit(
            ConversationItemInputAudioTranscriptionCompleted(
                item_id=entry.id, content_index=0, transcript=heard.text, usage=usage
            )
        )

    def fail(self, entry: Entry) -> None:
        """The transcription of an item failed: it counts as not understood."""
        entry.set_text("")
        if self.transcribing:
            error = ErrorBody(type="server_error", code="transcription_failed", message="Transcription failed.")
            self._emit(ConversationItemInputAudioTranscriptionFailed(item_id=entry.id, content_index=0, error=error))


def _delta(item_id: str, text: str) -> KnownServerEvent:
    return ConversationItemInputAudioTranscriptionDelta(item_id=item_id, content_index=0, delta=text)


def _written(part: ContentPart, text: str) -> ContentPart:
    return ContentPart(type=part.type, transcript=text) if part.type == "input_audio" else part
