"""Who listens to which call's sound: it is on record once, and not with each part that a player asks for."""

from __future__ import annotations

from collections import OrderedDict

MOST_REMEMBERED = 1_000


class Listening:
    """Sessions at the desk and the calls that they listen to; the oldest are forgotten, and are new then."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def knows(self, secret: str, call_id: str) -> bool:
        """Whether this session is on record as listening to this call."""
        return (secret, call_id) in self._known

    def noted(self, secret: str, call_id: str) -> None:
        """It is on record from now on."""
        self._known[secret, call_id] = None
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
