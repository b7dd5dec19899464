"""One socket of a call that a browser holds with the model's server.

The sound does not come here. Its words do, and for each of them some silence is put beside them in the stream of
events, as long as it takes to say them, so that a call keeps the same account of what was heard as on any line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import PCMU_8K
from huntgroup.models.speechrate import SpeechRate
from huntgroup.wire import realtime as rt

EXTENSION_MS = 200
# No voice is so slow: a reply whose end is not told by then is over, and that it is was never told.
LONGEST_SHARE, LONGEST_REST_MS = 2, 10_000


class Playout(Protocol):
    """Whoever keeps the account of what the server plays; `lines.vendor.VendorLine` fits."""

    on_clear: Callable[[], None]
    on_short: Callable[[str], None]

    def now_ms(self) -> int: ...

    def item(self, item_id: str, response_id: str) -> None: ...

    def started(self, response_id: str) -> None: ...

    def stopped(self, response_id: str) -> None: ...

    def cleared(self, response_id: str) -> None: ...

    def end(self, reason: str, *, lost: bool) -> bool: ...


class AttachedSession:
    """`ModelSession` over one socket of a call that a browser holds with the server."""

    def __init__(
        self,
        socket: ModelSession,
        profile: Profile,
        playout: Playout,
        rate: SpeechRate,
        note: Callable[[rt.ServerEvent], None],
    ) -> None:
        self.profile = profile
        self._socket = socket
        self._playout = playout
        self._rate = rate
        self._note = note
        self._events: asyncio.Queue[rt.ServerEvent | ModelLost] = asyncio.Queue()
        self._speaking: dict[str, rt.ResponseOutputAudioTranscriptDelta] = {}
        self._reckoned_ms: dict[str, int] = {}
        self._extended_ms: dict[str, int] = {}
        self._ahead_ms: int | None = None
        playout.on_clear = self._silence
        playout.on_short = self._extend
        self._reading = asyncio.create_task(self._read(), name="events of a call at its server")

    def send(self, event: rt.ClientEvent) -> None:
        """Pass on, but what the server does itself: it hears the caller, and remembers what was heard. See `Profile`.

        What is cancelled is not to be heard either, be it that its sound is not on the account yet. Raises `ModelLost`.
        """
        if isinstance(event, rt.InputAudioBufferAppend | rt.ConversationItemTruncate):
            return
        self._socket.send(event)
        if isinstance(event, rt.ResponseCancel) and self._speaking:
            self._silence()

    async def receive(self) -> rt.ServerEvent:
        """Return the next event; raises `ModelLost`."""
        event = await self._events.get()
        if isinstance(event, ModelLost):
            self._events.put_nowait(event)
            raise event
        return event

    async def close(self) -> None:
        """Hear no more; the call goes on at the server."""
        self._playout.on_clear, self._playout.on_short = _nothing, _nothing_for
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while True:
                event = await self._socket.receive()
                self._note(event)
                self._take(event)
        except ModelLost as lost:
            # A server that closes in good order has ended the call, and there is nothing to join again.
            if lost.reason == "closed":
                self._playout.end("vendor_hung_up", lost=False)
            else:
                self._events.put_nowait(lost)

    def _take(self, event: rt.ServerEvent) -> None:
        match event:
            case rt.ResponseOutputAudioTranscriptDelta():
                self._said(event)
            case rt.ResponseOutputAudioDelta():
                pass
            case rt.OutputAudioBufferStarted(response_id=response_id):
                self._rate.started(response_id, self._playout.now_ms())
                self._playout.started(response_id)
            case rt.OutputAudioBufferStopped(response_id=response_id):
                self._rate.stopped(response_id, self._playout.now_ms())
                self._was_said(response_id)
                self._playout.stopped(response_id)
            case rt.OutputAudioBufferCleared(response_id=response_id):
                self._rate.forget(response_id)
                self._was_said(response_id)
                self._playout.cleared(response_id)
            case rt.InputAudioBufferSpeechStarted():
                event.audio_start_ms = self._on_the_line(event.audio_start_ms)
                self._events.put_nowait(event)
            case rt.InputAudioBufferSpeechStopped():
                event.audio_end_ms = self._on_the_line(event.audio_end_ms)
                self._events.put_nowait(event)
            case _:
                self._events.put_nowait(event)

    def _said(self, words: rt.ResponseOutputAudioTranscriptDelta) -> None:
        self._playout.item(words.item_id, words.response_id)
        self._speaking[words.response_id] = words
        self._events.put_nowait(words)
        ms = self._rate.ms_for(words.response_id, words.delta)
        self._reckoned_ms[words.response_id] = self._reckoned_ms.get(words.response_id, 0) + ms
        self._sound(words, ms)

    def _was_said(self, response_id: str) -> None:
        for account in (self._speaking, self._reckoned_ms, self._extended_ms):
            account.pop(response_id, None)

    def _extend(self, response_id: str) -> None:
        """The words were said more slowly than was reckoned."""
        words, extended_ms = self._speaking.get(response_id), self._extended_ms.get(response_id, 0)
        most_ms = LONGEST_SHARE * self._reckoned_ms.get(response_id, 0) + LONGEST_REST_MS
        if words is not None and extended_ms < most_ms:
            self._extended_ms[response_id] = extended_ms + EXTENSION_MS
            self._sound(words, EXTENSION_MS)

    def _sound(self, words: rt.ResponseOutputAudioTranscriptDelta, ms: int) -> None:
        self._events.put_nowait(
            rt.ResponseOutputAudioDelta(
                event_id=new_id("event"),
                response_id=words.response_id,
                item_id=words.item_id,
                output_index=words.output_index,
                content_index=words.content_index,
                delta=PCMU_8K.silence(ms),
            )
        )

    def _silence(self) -> None:
        try:
            self._socket.send(rt.OutputAudioBufferClear(event_id=new_id("clear")))
        except ModelLost:
            return

    def _on_the_line(self, audio_ms: int) -> int:
        """Return audio time of the server as the line's: nothing is told before it was heard."""
        ahead_ms = self._playout.now_ms() - audio_ms
        self._ahead_ms = ahead_ms if self._ahead_ms is None else min(self._ahead_ms, ahead_ms)
        return max(0, audio_ms + self._ahead_ms)


def _nothing() -> None: ...


def _nothing_for(response_id: str) -> None: ...
