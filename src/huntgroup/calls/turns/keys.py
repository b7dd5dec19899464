"""Keys that the caller presses: each is a fact, and together they are input for the agent."""

import asyncio
from collections.abc import Callable

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.domain import facts
from huntgroup.teams import KeyTransfer
from huntgroup.wire.realtime import ContentPart, MessageItem

PAUSE_MS = 1_500


class KeyPad:
    """Collects digits until `#` or a pause and gives them to the model as the caller's words.

    Digits that the team gives a meaning go to `on_key` first; False from it means that they are words after all.
    `on_turn` is told before anything is asked for in answer to keys: they are a turn of the caller.
    """

    def __init__(
        self,
        live: LiveCall,
        responses: ResponseQueue,
        on_key: Callable[[KeyTransfer], bool],
        on_turn: Callable[[], None],
    ) -> None:
        self._live = live
        self._responses = responses
        self._on_key = on_key
        self._on_turn = on_turn
        self._digits = ""
        self._timer: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether keys were pressed that are not passed on yet."""
        return bool(self._digits)

    @property
    def pending(self) -> int:
        """How many keys are not passed on yet."""
        return len(self._digits)

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
        self._live.turn += 1
        self._responses.turn_taken()
        self._live.tracer.turn(self._live.turn, self._live.owner)
        self._on_turn()
        transfer = self._live.team.keys.get(digits)
        if transfer is not None and self._on_key(transfer):
            return
        part = ContentPart(type="input_text", text=f"{digits}")
        self._live.model.send(self._live.items.create(MessageItem(role="user", content=[part]), "key"))
        self._responses.ask(Ask(reason=Reason.KEYS, agent=self._live.owner))
