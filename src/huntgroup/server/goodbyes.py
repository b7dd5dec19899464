"""The goodbye of a page that has no line to say it on: it is still connecting, or cut off."""

from __future__ import annotations

import asyncio

from huntgroup.server.house import House
from huntgroup.server.webcalls import Visit, WebCalls

_LOOK_EVERY_S = 0.05
_OPENING_LOOKS = 60


async def say_goodbye(house: House, calls: WebCalls, visit: Visit) -> None:
    """End the call, or give its seat back when it has not begun; one that another process holds is left to that one."""
    if visit.line is None:
        if not visit.changing:
            calls.forget(visit)
        return None
    for _ in range(_OPENING_LOOKS):
        hand = house.hand(visit.call_id)
        if hand is not None and hand.is_open:
            return hand.hang_up()
        if visit.over.is_set() or visit.line is None:
            return None
        await asyncio.sleep(_LOOK_EVERY_S)
    return None
