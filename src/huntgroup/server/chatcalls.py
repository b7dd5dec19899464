"""A call in writing."""

from __future__ import annotations

from huntgroup.domain.clock import Clock
from huntgroup.lines.chat import ChatLine
from huntgroup.server.house import House
from huntgroup.server.pagecalls import PageCall
from huntgroup.server.webcalls import Visit


class ChatCall(PageCall):
    """The keeper of a visit that is written."""

    def __init__(self, house: House, clock: Clock, visit: Visit) -> None:
        super().__init__(house, clock, visit, ChatLine(clock))
