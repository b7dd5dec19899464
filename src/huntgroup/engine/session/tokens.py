"""Counting tokens by rule of thumb: four letters, 100 ms of a caller, 50 ms of an agent.

Offline nobody bills; the counts let dashboards, budgets and tests work as they do against a vendor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from huntgroup.engine.session.conversation import Entry
from huntgroup.wire.realtime import (
    CachedTokensDetails,
    FunctionCallItem,
    InputTokenDetails,
    MessageItem,
    OutputTokenDetails,
    Usage,
)

CALLER_MS_PER_TOKEN = 100
AGENT_MS_PER_TOKEN = 50


def text_tokens(text: str) -> int:
    """Tokens of a text."""
    return math.ceil(len(text) / 4)


def agent_audio_tokens(ms: float) -> int:
    """Tokens of speech the model made."""
    return math.ceil(ms / AGENT_MS_PER_TOKEN)


@dataclass(frozen=True)
class Segment:
    """A part of the prompt that is cached whole or not at all; `key` changes with its contents."""

    key: object
    text: int
    audio: int = 0


def prompt(instructions: str, tools: Sequence[object], entries: Sequence[Entry]) -> list[Segment]:
    """The segments a response reads, in order."""
    schema = msgspec.json.encode(list(tools)).decode()
    head = [
        Segment(("instructions", hash(instructions)), text_tokens(instructions)),
        Segment(("tools", hash(schema)), text_tokens(schema) if tools else 0),
    ]
    return head + [_segment(entry) for entry in entries]


def _segment(entry: Entry) -> Segment:
    key = (entry.id, entry.revision)
    item = entry.item
    if isinstance(item, FunctionCallItem):
        return Segment(key, text_tokens(item.name) + text_tokens(item.arguments))
    if entry.audio_ms and isinstance(item, MessageItem):
        per_token = AGENT_MS_PER_TOKEN if item.role == "assistant" else CALLER_MS_PER_TOKEN
        return Segment(key, 0, math.ceil(entry.audio_ms / per_token))
    return Segment(key, text_tokens(entry.text or ""))


class PromptCache:
    """Remembers the last prompt; what the next one shares with it from the front counts as cached."""

    def __init__(self) -> None:
        self._last: list[Segment] = []

    def read(self, segments: list[Segment]) -> InputTokenDetails:
        """Count a prompt and remember it."""
        shared: list[Segment] = []
        for new, old in zip(segments, self._last, strict=False):
            if new.key != old.key:
                break
            shared.append(new)
        self._last = segments
        cached = CachedTokensDetails(text_tokens=_text(shared), audio_tokens=_audio(shared))
        return InputTokenDetails(
            text_tokens=_text(segments),
            audio_tokens=_audio(segments),
            cached_tokens=_text(shared) + _audio(shared),
            cached_tokens_details=cached,
        )


def usage_of(read: InputTokenDetails, made: OutputTokenDetails) -> Usage:
    """The usage of one response."""
    total_in = (read.text_tokens or 0) + (read.audio_tokens or 0)
    total_out = (made.text_tokens or 0) + (made.audio_tokens or 0)
    return Usage(
        total_tokens=total_in + total_out,
        input_tokens=total_in,
        output_tokens=total_out,
        input_token_details=read,
        output_token_details=made,
    )


def _text(segments: Sequence[Segment]) -> int:
    return sum(segment.text for segment in segments)


def _audio(segments: Sequence[Segment]) -> int:
    return sum(segment.audio for segment in segments)
