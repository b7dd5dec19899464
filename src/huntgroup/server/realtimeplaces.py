"""How many calls the offline engine holds, at all and by one client secret: each is counted before it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST_CALLS = 32
# A page that has lost its call dials again while the one before is being given up.
MOST_BY_ONE = 2


class NoPlace(Exception):
    """There is no place for one more call; the text says whose, and can be told to the client."""


class Place:
    """A call's place. `leave` it once; a `kept` one is left by whoever holds the call."""

    def __init__(self, places: Places, secret: str | None) -> None:
        self._places = places
        self._secret = secret
        self.kept = False

    def leave(self) -> None:
        """Let another call have it."""
        self._places.free(self._secret)


class Places:
    """The places of one process. A call that came with no client secret counts towards all calls only."""

    def __init__(self, most: int = MOST_CALLS, most_by_one: int = MOST_BY_ONE) -> None:
        self._most = most
        self._most_by_one = most_by_one
        self._taken: Counter[str | None] = Counter()

    @contextmanager
    def taken(self, secret: str | None) -> Iterator[Place]:
        """Take a place for a call that is being answered; it is free again unless it is `kept`. Raises `NoPlace`."""
        if secret is not None and self._taken[secret] >= self._most_by_one:
            raise NoPlace(f"This client secret has {self._most_by_one} calls already, and may have no more at once.")
        if self._taken.total() >= self._most:
            raise NoPlace("There are too many calls.")
        self._taken[secret] += 1
        place = Place(self, secret)
        try:
            yield place
        finally:
            if not place.kept:
                place.leave()

    def free(self, secret: str | None) -> None:
        """Count one call less of this secret."""
        self._taken[secret] -= 1
        if not self._taken[secret]:
            del self._taken[secret]
