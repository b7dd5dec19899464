"""Keys that the caller presses: each is a fact, and together they are input for the agent."""

import asyncio

from huntgroup.calls.live import LiveCall
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import ContentPart, ConversationItemCreate, MessageItem

PAUSE_MS = 1_500


class KeyPad:
    """Collects digits until `#` or a pause and gives them to the model as the caller's words."""

    def __init__(self, live: LiveCall, responses: ResponseQueue) -> None:
        self._live = live
        self._responses = responses
        self._digits = ""
        self._timer: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether keys were pressed that are not passed on yet."""
        return bool(self._digits)

    def press(self, digit: str) -> None:
        """Take one key."""
        self._live.log.add(facts.DtmfPressed, digit=digit)
        if not self._digits and self._live.approvals.press(digit):
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if digit == "#" and self._digits:
            self._flush()
            return
        self._digits += digit
        self._timer = self._live.tasks.spawn(self._pause(), "key pause")

    async def _pause(self) -> None:
        await self._live.clock.sleep_ms(PAUSE_MS)
        self._timer = None
        self._flush()

    def _flush(self) -> None:
        digits, self._digits = self._digits, ""
        part = ContentPart(type="input_text", text=f"{digits}")
        self._live.model.send(
            ConversationItemCreate(event_id=new_id("key"), item=MessageItem(role="user", content=[part]))
        )
        self._live.turn += 1
        self._live.tracer.turn(self._live.turn, self._live.owner)
        self._responses.ask(Ask(reason="keys", agent=self._live.owner))
