"""One caller's ear: frames into turns, turns into words."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from dataclasses import replace

import numpy as np

from huntgroup.engine.hearing.loudness import level_dbfs
from huntgroup.engine.hearing.scribe import Scribe
from huntgroup.engine.hearing.turns import (
    Began,
    Ended,
    TurnEvent,
    TurnMachine,
    WriteDown,
)
from huntgroup.engine.hearing.vad import FRAME_SAMPLES, Vad
from huntgroup.engine.ports import (
    EarEvent,
    EarOptions,
    Heard,
    SpeechStarted,
    SpeechStopped,
)

_FRAME_BYTES = 2 * FRAME_SAMPLES
_BYTES_PER_MS = 32
_FRAMES_AT_ONCE = 32
_TRIM_BYTES = 64_000


class ListeningEar:
    """`engine.ports.Ear` over Silero and a scribe. Use it inside one running event loop; always `close` it."""

    def __init__(self, vad: Vad, scribe: Scribe, options: EarOptions) -> None:
        self._vad = vad
        self._scribe = scribe
        self._turns = TurnMachine(options)
        self._language = options.language or "en"
        self._sound = bytearray()
        self._sound_from = 0
        self._heard_to = 0
        self._outbox: deque[EarEvent | asyncio.Task[Heard]] = deque()
        self._news = asyncio.Event()
        self._decoding: tuple[int, asyncio.Task[Heard]] | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._closed = False

    def feed(self, pcm16: bytes) -> None:
        """Take sound; a long backlog is worked off in slices so that nobody else waits."""
        if self._closed:
            return
        self._sound += pcm16
        if self._catching_up is not None:
            return
        if not self._step():
            self._catching_up = asyncio.create_task(self._catch_up(), name="ear-backlog")

    def configure(self, options: EarOptions) -> None:
        """Listen differently from the next frame on; switching off drops the turn in progress."""
        self._turns.options = options
        self._language = options.language or self._language
        if not options.enabled:
            self._turns.drop()
            self._forget_decode()

    async def receive(self) -> EarEvent:
        """The next event in order; waits for ever after `close`."""
        while not self._outbox:
            self._news.clear()
            await self._news.wait()
        head = self._outbox[0]
        if isinstance(head, asyncio.Task):
            await asyncio.wait([head])
            if head.cancelled():
                return await self.receive()
            head = head.result()
        self._outbox.popleft()
        return head

    async def transcribe(self, pcm16: bytes) -> Heard:
        """Write down one piece of sound; its times are relative to its own start."""
        return await self._write(bytes(pcm16[: len(pcm16) // 2 * 2]), 0, None)

    async def close(self) -> None:
        """Stop all work; a decode that already runs in a thread ends unheard."""
        self._closed = True
        waiting = [item for item in self._outbox if isinstance(item, asyncio.Task)]
        tasks = [
            task
            for task in (
                *waiting,
                self._catching_up,
                self._decoding and self._decoding[1],
            )
            if task
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._outbox.clear()
        self._sound.clear()

    def _step(self) -> bool:
        """Work off frames; False when more than a slice is left."""
        for _ in range(_FRAMES_AT_ONCE):
            if self._sound_from + len(self._sound) - self._heard_to < _FRAME_BYTES:
                self._trim()
                return True
            self._hear_frame()
        self._trim()
        return False

    async def _catch_up(self) -> None:
        try:
            while not self._step():  # noqa: ASYNC110 (no wait: others get their turn between slices)
                await asyncio.sleep(0)
        finally:
            self._catching_up = None

    def _hear_frame(self) -> None:
        at = self._heard_to - self._sound_from
        frame = np.frombuffer(bytes(self._sound[at : at + _FRAME_BYTES]), dtype="<i2")
        self._heard_to += _FRAME_BYTES
        if self._turns.options.enabled:
            self._act(self._turns.frame(self._vad.probability(frame), level_dbfs(frame)))
        else:
            self._turns.frame(0.0)

    def _act(self, events: list[TurnEvent]) -> None:
        for event in events:
            match event:
                case Began(start_ms):
                    self._emit(SpeechStarted(start_ms))
                case WriteDown():
                    self._ask(event)
                case Ended():
                    self._emit(SpeechStopped(event.end_ms))
                    self._emit_text(event)

    def _ask(self, wish: WriteDown) -> None:
        self._forget_decode()
        first, last = (ms * _BYTES_PER_MS - self._sound_from for ms in (wish.start_ms, wish.end_ms))
        sound = bytes(self._sound[max(0, first) : last])
        task = asyncio.create_task(self._decode(wish, sound), name="ear-decode")
        self._decoding = (wish.attempt, task)

    async def _decode(self, wish: WriteDown, sound: bytes) -> Heard:
        heard = await self._write(sound, wish.start_ms, wish.voiced_ms)
        if not self._closed:
            asyncio.get_running_loop().call_soon(self._written, wish.attempt, heard.text)
        return heard

    def _written(self, attempt: int, text: str) -> None:
        if not self._closed:
            self._act(self._turns.written(attempt, text))

    async def _write(self, sound: bytes, start_ms: int, voiced_ms: int | None) -> Heard:
        heard = await self._scribe.write(
            sound,
            self._turns.options,
            likely=self._language,
            start_ms=start_ms,
            voiced_ms=voiced_ms,
        )
        if heard.text:
            self._language = heard.language
        return heard

    def _emit_text(self, ended: Ended) -> None:
        assert self._decoding is not None
        (_, task), self._decoding = self._decoding, None
        self._emit(asyncio.create_task(_within(task, ended), name="ear-heard"))

    def _emit(self, event: EarEvent | asyncio.Task[Heard]) -> None:
        self._outbox.append(event)
        self._news.set()

    def _forget_decode(self) -> None:
        if self._decoding is not None:
            self._decoding[1].cancel()
            self._decoding = None

    def _trim(self) -> None:
        spare = self._turns.keep_from_ms * _BYTES_PER_MS - self._sound_from
        spare = min(spare, self._heard_to - self._sound_from)
        if spare >= _TRIM_BYTES:
            del self._sound[:spare]
            self._sound_from += spare


async def _within(decode: Awaitable[Heard], ended: Ended) -> Heard:
    return replace(await decode, start_ms=ended.start_ms, end_ms=ended.end_ms)
