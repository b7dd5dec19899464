"""The ear of a machine without model files."""

from __future__ import annotations

import asyncio

from huntgroup.engine.ports import EarEvent, EarOptions, Heard


class DeafEar:
    """`engine.ports.Ear` that never hears anything: the call goes on by text and keys."""

    def feed(self, pcm16: bytes) -> None:
        """Ignore sound."""

    def configure(self, options: EarOptions) -> None:
        """Ignore options."""

    async def receive(self) -> EarEvent:
        """Wait until cancelled."""
        never: asyncio.Future[EarEvent] = asyncio.get_running_loop().create_future()
        return await never

    async def transcribe(self, pcm16: bytes) -> Heard:
        """An empty transcript of the right length."""
        return Heard("", "en", 0.0, 0, len(pcm16) // 32)

    async def close(self) -> None:
        """Nothing to stop."""
