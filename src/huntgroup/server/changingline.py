"""A caller goes on with the same call: on another kind of line, or here instead of in another process.

A call that changes its line ends on it without an end of its record, and is taken over by this very process from its
facts, as one is whose process is gone; what begins it on the other line is whatever begins any call there.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from huntgroup.calls.processes.resumption import ANOTHER_LINE, LINE_LOST, Resumption
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.server.webcalls import Visit, WebRefused

# Who changes the line is waiting: a tool that is at work is waited for, words are not.
PATIENCE_MS = 8_000
LEAVE_LIMIT_S = 20.0


async def line_for(desk: FrontDesk, visit: Visit, keeper: type) -> None:
    """Return when the call can begin, or goes on, on a line that a `keeper` keeps. Raises `WebRefused`.

    A process that takes leave begins nothing that another can begin: later (503).
    """
    if visit.bound:
        raise WebRefused(409, "other_kind")
    if visit.line is not None and isinstance(visit.keeper, keeper):
        return
    if desk.draining and await desk.house.others():
        raise WebRefused(503, "later", 1)
    if visit.line is not None or visit.is_vacant:
        await leave_line(desk, visit)
    elif not isinstance(visit.keeper, keeper):
        visit.keeper = None


async def leave_line(desk: FrontDesk, visit: Visit) -> None:
    """Take a call off its line, so that it can begin on another; safe to repeat when it did not come to that.

    Raises `WebRefused`: changing, later or no_seat (503), too_many_calls (429), token_unknown (403) when the call is
    over.
    """
    if visit.changing:
        raise WebRefused(503, "changing", 1)
    visit.changing = True
    try:
        await _end_leg(desk, visit)
        if visit.ticket.resumption is None:
            await _take(desk, visit)
        if not desk.seats.reserve(visit.call_id):
            raise WebRefused(503, "no_seat", 30)
        visit.expires_ms = desk.clock.now_ms() + LIFETIME_MS
        visit.is_vacant, visit.keeper = False, None
    finally:
        visit.changing = False


async def _end_leg(desk: FrontDesk, visit: Visit) -> None:
    if visit.line is None:
        return
    await desk.house.move(visit.call_id, PATIENCE_MS, because=ANOTHER_LINE)
    try:
        await asyncio.wait_for(visit.left.wait(), LEAVE_LIMIT_S)
    except TimeoutError:
        raise WebRefused(503, "later", 5) from None
    if visit.over.is_set():
        raise WebRefused(403, "token_unknown")


async def _may_be_new(desk: FrontDesk, visit: Visit) -> bool:
    return visit.may_be_new and visit.team in desk.house.teams and await desk.settled(visit.call_id) is None


async def _take(desk: FrontDesk, visit: Visit) -> None:
    """Have the visit's ticket say how the call goes on, or that it is yet to be answered."""
    found = await desk.house.take_over(visit.call_id)
    if found == "later":
        raise WebRefused(503, "later", 1)
    if found == "unknown" and await _may_be_new(desk, visit):
        if desk.web.is_one_too_many(visit):
            desk.web.forget(visit)
            raise WebRefused(429, "too_many_calls", 30)
        visit.ticket = replace(visit.ticket, announced_elsewhere=True)
        return
    if not isinstance(found, Resumption):
        desk.web.forget(visit)
        raise WebRefused(403, "token_unknown")
    if found.reason == LINE_LOST:
        # Whom nobody came back to in time has hung up: the call is settled, and its record analysed.
        await desk.house.give_back(found)
        desk.web.forget(visit)
        raise WebRefused(403, "token_unknown")
    visit.ticket = replace(visit.ticket, resumption=found)
    desk.taken_over.wait_for_line(found)
