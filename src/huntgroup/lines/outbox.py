"""What a line has for its caller: sound and messages in order, until they are written."""

from __future__ import annotations

import asyncio
from collections import deque

from huntgroup.media.formats import PCMU_8K

# A carrier throws sound away beyond ten minutes; so do we, and say so.
MAX_QUEUED_BYTES = PCMU_8K.bytes_per_ms * 600_000


class Outbox:
    """Sound is bytes, a message is text. One writer waits for `filled`, takes, and must `rest` when nothing is left."""

    def __init__(self) -> None:
        self._entries: deque[bytes | str] = deque()
        self._sound_bytes = 0
        self._has_output = asyncio.Event()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._entries)

    def has_room(self, audio: bytes) -> bool:
        return self._sound_bytes + len(audio) <= MAX_QUEUED_BYTES

    def put(self, entry: bytes | str) -> None:
        if isinstance(entry, bytes):
            self._sound_bytes += len(entry)
        self._entries.append(entry)
        self.wake()

    def take(self) -> bytes | str:
        """Return what comes next, which must exist."""
        entry = self._entries.popleft()
        if isinstance(entry, bytes):
            self._sound_bytes -= len(entry)
        return entry

    def drop_sound(self) -> None:
        """Forget all sound; messages stay."""
        self._entries = deque(entry for entry in self._entries if isinstance(entry, str))
        self._sound_bytes = 0

    def wake(self) -> None:
        """Let the writer look."""
        self._has_output.set()

    def rest(self) -> None:
        """Everything is written."""
        self._has_output.clear()

    async def filled(self) -> None:
        """Return when there is something to write, or the writer was woken."""
        await self._has_output.wait()
