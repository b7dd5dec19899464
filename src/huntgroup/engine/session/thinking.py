"""Makes one response: reads the conversation, asks the mind, speaks as the words come."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from huntgroup.engine.ports import CallTool, Mind, Say, Thought, Voice
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.history import history_of, transcripts_of
from huntgroup.engine.session.tokens import PromptCache, prompt
from huntgroup.engine.session.trouble import describe
from huntgroup.engine.session.voices import VoiceBook
from huntgroup.engine.session.writer import ResponseWriter
from huntgroup.media.formats import PCM16_24K
from huntgroup.media.transcode import Transcoder
from huntgroup.wire.realtime import StatusError

log = logging.getLogger(__name__)

CHUNK_MS = 200
"""Longest audio in one event: small enough to be cut soon, large enough to keep events few."""


@dataclass(frozen=True)
class Faculties:
    """What all responses of a session are made with."""

    mind: Mind
    voice: Voice
    voices: VoiceBook
    conversation: Conversation
    cache: PromptCache
    now: Callable[[], datetime]
    room: Callable[[], Awaitable[None]]


class TokenLimitReached(Exception):
    """The response used all output tokens it may."""


class Thinking:
    """One response in the making. `run` always leaves the writer finished, except when it is cancelled."""

    def __init__(self, faculties: Faculties, writer: ResponseWriter) -> None:
        self._use = faculties
        self._writer = writer
        self._plan = writer.plan
        self._transcoder = Transcoder(PCM16_24K, writer.plan.audio_format)

    async def run(self) -> None:
        """Make the response."""
        try:
            await self._respond()
        except TokenLimitReached:
            self._writer.finish("incomplete", "max_output_tokens")
        except Exception as error:
            log.error("a response failed: %s", describe(error))
            self._writer.finish("failed", error=_server_error(error))
        else:
            self._writer.finish("completed")

    async def _respond(self) -> None:
        entries = self._entries()
        await transcripts_of(entries)
        if self._nothing_said():
            return
        entries = self._entries()
        segments = prompt(self._plan.instructions, self._plan.tools, entries)
        self._writer.read = self._use.cache.read(segments) if self._in_line() else PromptCache().read(segments)
        async with _closing(self._use.mind.think(self._thought(entries))) as steps:
            async for step in steps:
                await self._take(step)

    def _entries(self) -> tuple[Entry, ...]:
        return self._plan.entries if self._plan.entries is not None else tuple(self._use.conversation)

    def _in_line(self) -> bool:
        return self._plan.entries is None and not self._plan.out_of_band

    def _nothing_said(self) -> bool:
        """A noise that interrupted nobody is no turn to answer."""
        trigger = self._plan.trigger
        return trigger is not None and not trigger.text and not trigger.interrupting

    def _thought(self, entries: tuple[Entry, ...]) -> Thought:
        plan = self._plan
        return Thought(
            instructions=plan.instructions,
            response_instructions=plan.response_instructions,
            tools=plan.mind_tools(),
            tool_choice=plan.mind_tool_choice(),
            history=history_of(entries),
            now=self._use.now(),
            out_of_band=plan.out_of_band,
        )

    async def _take(self, step: Say | CallTool) -> None:
        if isinstance(step, CallTool):
            self._writer.call(step.name, step.arguments)
        elif text := step.text.strip():
            await self._say(text)
        self._check_limit()

    async def _say(self, text: str) -> None:
        fitting = self._fitting(text)
        if fitting:
            self._writer.say(fitting)
            if self._plan.modality == "audio":
                await self._speak(fitting)
        if fitting != text:
            raise TokenLimitReached

    def _fitting(self, text: str) -> str:
        """As many whole words as the token limit leaves room for."""
        limit = self._plan.token_limit
        letters = len(text) if limit is None else max(0, limit - self._writer.tokens_used()) * 4
        return text if letters >= len(text) else text[:letters].rpartition(" ")[0]

    async def _speak(self, text: str) -> None:
        voice = self._use.voices.resolve(self._plan.voice)
        step = self._plan.audio_format.bytes_per_ms * CHUNK_MS
        async with _closing(self._use.voice.speak(text, voice=voice, speed=self._plan.speed)) as chunks:
            async for chunk in chunks:
                await self._sound(self._transcoder.push(chunk), step)
        await self._sound(self._transcoder.flush(), step)

    async def _sound(self, audio: bytes, step: int) -> None:
        for start in range(0, len(audio), step):
            self._writer.sound(audio[start : start + step])
            self._check_limit()
        await self._use.room()

    def _check_limit(self) -> None:
        limit = self._plan.token_limit
        if limit is not None and self._writer.tokens_used() >= limit:
            raise TokenLimitReached


def _server_error(error: Exception) -> StatusError:
    return StatusError(type="server_error", code="engine_error", message=f"The engine failed: {type(error).__name__}.")


def _closing(steps: AsyncIterator[Any]) -> AbstractAsyncContextManager[AsyncIterator[Any]]:
    """Close the iterator at the end of the block, so that nobody works on what is not wanted any more."""
    return aclosing(cast(Any, steps))
