"""A few words while a tool is slow, spoken by whoever has the call at that moment."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason

POLL_MS = 100


class Fillers:
    """Watches over slow work: past its patience, and once nobody speaks, the agent says its filler. Once per work."""

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses

    @contextmanager
    def watch(self, tool: str, tool_call_id: str, patience_ms: int) -> Iterator[None]:
        """Fill the silence of the block when it takes longer than `patience_ms`; what is not said by its end is not."""
        asked: list[Ask] = []
        task = self._live.tasks.spawn(self._wait(tool, tool_call_id, patience_ms, asked), f"patience {tool[:64]}")
        try:
            yield
        finally:
            task.cancel()
            for ask in asked:
                self._responses.withdraw(ask)

    async def _wait(self, tool: str, tool_call_id: str, patience_ms: int, asked: list[Ask]) -> None:
        try:
            await self._live.clock.sleep_ms(patience_ms)
            while self._responses.busy or self._responses.paused or self._mouth.playing:
                await self._live.clock.sleep_ms(POLL_MS)
        except asyncio.CancelledError:
            return
        words = getattr(self._live.agent, "filler", "One moment, please.")
        asked.append(
            Ask(
                reason=Reason.FILLER,
                agent=self._live.owner,
                instructions=f'Say exactly: "{words}"',
                tools=False,
                filler_for=(tool, tool_call_id),
            )
        )
        self._responses.ask(asked[0])
