"""The one content part of an assistant message while it is being made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from huntgroup.engine.session.conversation import Entry
from huntgroup.engine.session.plan import Plan
from huntgroup.engine.session.spoken import Spoken
from huntgroup.wire.realtime import (
    ContentPart,
    KnownServerEvent,
    ResponseContentPartAdded,
    ResponseContentPartDone,
    ResponseOutputAudioDelta,
    ResponseOutputAudioDone,
    ResponseOutputAudioTranscriptDelta,
    ResponseOutputAudioTranscriptDone,
    ResponseOutputTextDelta,
    ResponseOutputTextDone,
)


class Place(TypedDict):
    """Where a content part is in its response."""

    response_id: str
    item_id: str
    output_index: int
    content_index: int


class OpenMessage:
    """Makes the events of one part, spoken or written, and keeps what was said in `entry`."""

    def __init__(self, plan: Plan, entry: Entry, output_index: int) -> None:
        self.entry = entry
        self.spoken = entry.spoken or Spoken()
        self._spoken_aloud = plan.modality == "audio"
        self._audio: list[bytes] = []
        self._at = Place(response_id=plan.id, item_id=entry.id, output_index=output_index, content_index=0)

    def part(self) -> ContentPart:
        """The finished part as it stands in the item."""
        if self._spoken_aloud:
            return ContentPart(type="output_audio", transcript=self.spoken.text)
        return ContentPart(type="output_text", text=self.spoken.text)

    def added(self) -> KnownServerEvent:
        """The event that opens the part."""
        part = ContentPart(type="audio", transcript="") if self._spoken_aloud else ContentPart(type="text", text="")
        return ResponseContentPartAdded(**self._at, part=part)

    def say(self, text: str) -> KnownServerEvent:
        """The event that carries the words of the next sentence."""
        delta = f" {text}" if self.spoken.text else text
        self.spoken.say(text)
        if self._spoken_aloud:
            return ResponseOutputAudioTranscriptDelta(**self._at, delta=delta)
        return ResponseOutputTextDelta(**self._at, delta=delta)

    def sound(self, audio: bytes, ms: float) -> KnownServerEvent:
        """The event that carries speech of the sentence begun last."""
        self.spoken.sound(ms)
        self._audio.append(audio)
        self.entry.audio_ms += ms
        return ResponseOutputAudioDelta(**self._at, delta=audio)

    def done(self) -> Iterator[KnownServerEvent]:
        """The events that close the part."""
        text = self.spoken.text
        if self._spoken_aloud:
            self.entry.audio = b"".join(self._audio)
            yield ResponseOutputAudioDone(**self._at)
            yield ResponseOutputAudioTranscriptDone(**self._at, transcript=text)
            yield ResponseContentPartDone(**self._at, part=ContentPart(type="audio", transcript=text))
        else:
            yield ResponseOutputTextDone(**self._at, text=text)
            yield ResponseContentPartDone(**self._at, part=ContentPart(type="text", text=text))
