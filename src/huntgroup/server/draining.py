"""Leaving in good order: no new calls, and those that are live finish, or move to another process."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from huntgroup.server.frontdesk import FrontDesk

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.25
# Whoever was sent on is asked about by the carrier within a moment, perhaps still here.
LAST_WORDS_S = 1.0


async def drain(desk: FrontDesk, limit_s: float, hurry: asyncio.Event) -> None:
    """Return when no call is left, when `limit_s` is over, or as soon as `hurry` is set."""
    desk.draining = True
    await desk.house.drain()
    moving: dict[str, asyncio.Task[None]] = {}
    if desk.seats.taken:
        log.warning("draining: %d calls", desk.seats.taken)
    try:
        async with asyncio.timeout(limit_s):
            while desk.seats.taken and not hurry.is_set():
                await _move(desk, moving, limit_s)
                await _pause(LOOK_EVERY_S, hurry)
    except TimeoutError:
        log.warning("the time to drain is over with %d calls left", desk.seats.taken)
    finally:
        for task in moving.values():
            task.cancel()
    if moving and not hurry.is_set():
        await _pause(LAST_WORDS_S, hurry)


async def _move(desk: FrontDesk, moving: dict[str, asyncio.Task[None]], limit_s: float) -> None:
    """Have each live call move as soon as there is somewhere to go to: its carrier, or its page, asks there."""
    if not await desk.house.others():
        return
    desk.web.forget_unopened()
    movable = [call_id for call_id in desk.active if not desk.web.is_bound(call_id)]
    staying = [call_id for call_id in movable if call_id not in moving or moving[call_id].done()]
    patience_ms = int(limit_s * 1000 / 2)
    for call_id in staying:
        moving[call_id] = asyncio.create_task(desk.house.move(call_id, patience_ms), name="move a call")


async def _pause(seconds: float, hurry: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(hurry.wait(), seconds)
