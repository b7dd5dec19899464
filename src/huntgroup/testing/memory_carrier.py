"""A carrier without a network: the far end of a Media Stream as a socket in memory, on the test's clock."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any

from huntgroup.domain.clock import Clock
from huntgroup.media.formats import FRAME_MS, PCMU_8K
from huntgroup.media.playback import Playback
from huntgroup.wire.twilio import CallerProtocol, Cleared, MarkPlaced, Sound


class MemoryCarrier:
    """A socket as `lines.twilio.TextSocket` wants it, with a phone behind it.

    `run` must be a task; it sends `connected` and `start`, then a frame each 20 ms of the clock, and echoes marks.
    """

    def __init__(self, clock: Clock, parameters: dict[str, str] | None = None) -> None:
        self._clock = clock
        self._inbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._speech: deque[bytes] = deque()
        self._playback = Playback(PCMU_8K)
        self._is_over = False
        self.protocol = CallerProtocol(stream_sid="MZ-memory", call_sid="CA-memory")
        self.heard = bytearray()
        self.close_code: int | None = None
        self.send_text_frame(self.protocol.connected())
        self.send_text_frame(self.protocol.start(parameters or {}))

    # -- the server's side ----------------------------------------------------------------------------------------

    async def receive(self) -> MutableMapping[str, Any]:
        """The next ASGI message."""
        return await self._inbox.get()

    async def send_text(self, data: str) -> None:
        """A frame for the carrier. Raises `OSError` once the socket is gone."""
        if self._is_over:
            raise OSError("the socket is closed")
        event = self.protocol.receive(data)
        if isinstance(event, Sound):
            self._playback.play(event.audio)
        elif isinstance(event, MarkPlaced):
            self._playback.mark(event.name)
        elif isinstance(event, Cleared):
            self._echo(self._playback.clear())

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """The server closes the socket."""
        self.close_code = self.close_code or code
        self.lose()

    # -- the caller's side ----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Exchange frames until the socket is gone."""
        while not self._is_over:
            await self._clock.sleep_ms(FRAME_MS)
            if self._is_over:
                return
            played = self._playback.advance(FRAME_MS)
            self.heard += played.audio[: played.voiced_bytes]
            frame = self._speech.popleft() if self._speech else PCMU_8K.silence(FRAME_MS)
            self.send_text_frame(self.protocol.media(frame))
            self._echo(played.marks)

    def speak(self, ulaw: bytes) -> None:
        """Say something, starting with the next frame."""
        size = PCMU_8K.frame_bytes
        self._speech.extend(ulaw[i : i + size] for i in range(0, len(ulaw), size))

    def press(self, digits: str) -> None:
        """Press keys."""
        for digit in digits:
            self.send_text_frame(self.protocol.dtmf(digit))

    def hang_up(self) -> None:
        """The caller puts the phone down."""
        self.send_text_frame(self.protocol.stop())

    def lose(self) -> None:
        """The socket is gone without a word."""
        self._is_over = True
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})

    def send_text_frame(self, text: str) -> None:
        """Any text frame, rubbish included."""
        self._inbox.put_nowait({"type": "websocket.receive", "text": text})

    def _echo(self, marks: tuple[str, ...]) -> None:
        for name in marks:
            self.send_text_frame(self.protocol.mark(name))
