"""Who follows which call while it is held."""

from collections.abc import Callable
from dataclasses import dataclass

from huntgroup.domain.facts import Fact
from huntgroup.domain.progress import Heard, HeardListener


@dataclass(frozen=True, eq=False)
class Follower:
    """Both must be quick and must not raise."""

    on_fact: Callable[[Fact], None]
    on_heard: HeardListener


class Followers:
    """Followers by call, who may come before the call begins and stay until they stop."""

    def __init__(self) -> None:
        self._of: dict[str, list[Follower]] = {}

    def add(self, call_id: str, follower: Follower) -> Callable[[], None]:
        """Tell a follower what happens in a call from now on; returns the way to stop."""
        self._of.setdefault(call_id, []).append(follower)
        return lambda: self._remove(call_id, follower)

    def tell_fact(self, fact: Fact) -> None:
        for follower in tuple(self._of.get(fact.call_id, ())):
            follower.on_fact(fact)

    def hearer(self, call_id: str) -> HeardListener | None:
        """Return who is told how far agents' words were heard in a call; None when nobody is."""
        return self.tell_heard if call_id in self._of else None

    def tell_heard(self, heard: Heard) -> None:
        for follower in tuple(self._of.get(heard.call_id, ())):
            follower.on_heard(heard)

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def _remove(self, call_id: str, follower: Follower) -> None:
        left = [one for one in self._of.get(call_id, ()) if one is not follower]
        if left:
            self._of[call_id] = left
        else:
            self._of.pop(call_id, None)
