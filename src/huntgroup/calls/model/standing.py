"""What the server's session stands on: the instructions and tools of the agent that has the call."""

from msgspec import UnsetType

from huntgroup.calls.model.updates import SessionUpdates, UpdateRejected, within
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.wire.realtime import SessionConfig

VERDICT_MS = 3_000
ATTEMPTS = 4


class Standing:
    """Puts the server back on the owner's configuration when it may stand on another.

    From a doubt until the server has confirmed the owner's instructions, `in_doubt` is True: no transfer may begin, and
    every response must carry the owner's instructions and tools itself, so that whoever speaks is the owner whatever
    the session says.
    """

    def __init__(self, live: LiveCall, updates: SessionUpdates) -> None:
        self._live = live
        self._updates = updates
        self._restoring = False
        self.in_doubt = False
        updates.on_report = self._reported

    def restore(self) -> None:
        """The server may stand on somebody else's instructions: send the owner's until it accepts them."""
        self.in_doubt = True
        if not self._restoring:
            self._restoring = True
            self._live.tasks.spawn(self._insist(), "restore the owner")

    def spelled_out(self) -> Toolset | None:
        """Return what a response has to carry itself; None when the session says it."""
        return self._live.toolset if self.in_doubt else None

    def _reported(self, instructions: str | UnsetType) -> None:
        """The server said what it stands on; what is not the owner's must not stay."""
        if instructions != self._live.toolset.instructions:
            self.restore()
        elif not self._updates.outstanding:
            self.in_doubt = False

    async def _insist(self) -> None:
        try:
            for attempt in range(1, ATTEMPTS + 1):
                if await self._confirmed(VERDICT_MS * attempt):
                    return
        finally:
            self._restoring = False

    async def _confirmed(self, deadline_ms: int) -> bool:
        owner = self._live.toolset
        update = self._updates.send(SessionConfig(instructions=owner.instructions, tools=list(owner.specs)))
        try:
            await within(update, deadline_ms, self._live.clock)
        except TimeoutError:
            update.give_up()
            return False
        except UpdateRejected:
            await self._live.clock.sleep_ms(VERDICT_MS)
            return False
        return True
