"""Giving a call up for another process, when it disturbs least."""

from collections.abc import Callable

from huntgroup.calls.ports import Clock

GIVEN_UP = frozenset({"moved", "taken_over"})
"""Reasons for which a process ends its part of a call, and not the call."""
POLL_MS = 50
POLITE_MS = 8_000


async def quiet_moment(
    clock: Clock, patience_ms: int, *, busy: Callable[[], bool], working: Callable[[], bool]
) -> None:
    """Return when nobody speaks and nothing is done; after a while when only nothing is done; at last in any case."""
    waited_ms = 0
    while waited_ms < patience_ms and (working() or (busy() and waited_ms < POLITE_MS)):
        await clock.sleep_ms(POLL_MS)
        waited_ms += POLL_MS
