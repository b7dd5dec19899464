"""A caller goes on with the same call on another kind of line: a chat becomes a call, or a call a chat.

The call ends on its line without an end of its record, and is taken over by this very process from its facts, as one is
whose process is gone; what begins it on the other line is whatever begins any call there.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from huntgroup.calls.processes.resumption import ANOTHER_LINE, Resumption
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.stream_tokens import LIFETIME_MS
from huntgroup.server.webcalls import Visit, WebRefused

# Who changes the line is waiting: a tool that is at work is waited for, words are not.
PATIENCE_MS = 1_500
LEAVE_LIMIT_S = 20.0


async def leave_line(desk: FrontDesk, visit: Visit) -> None:
    """Take a call off its line, so that it can begin on another; safe to repeat when it did not come to that.

    Raises `WebRefused`: changing (409), later or no_seat (503), token_unknown (403) when the call ended meanwhile.
    """
    if visit.changing:
        raise WebRefused(409, "changing")
    visit.changing = True
    try:
        await _end_leg(desk, visit)
        resumption = visit.ticket.resumption or await _taken_over(desk, visit)
        if not desk.seats.reserve(visit.call_id):
            raise WebRefused(503, "no_seat", 30)
        visit.ticket = replace(visit.ticket, resumption=resumption)
        visit.expires_ms = desk.clock.now_ms() + LIFETIME_MS
        visit.is_vacant, visit.keeper = False, None
        desk.give_back_unless_begun(visit.call_id, resumption)
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


async def _taken_over(desk: FrontDesk, visit: Visit) -> Resumption:
    found = await desk.house.take_over(visit.call_id)
    if isinstance(found, Resumption):
        return found
    if found == "later":
        raise WebRefused(503, "later", 5)
    raise WebRefused(403, "token_unknown")
