"""The entries of the playout ledger: items of sound, the stretches of them on the line, and cuts."""

from __future__ import annotations

from dataclasses import dataclass

from huntgroup.media.playhead import EPSILON_MS


@dataclass(frozen=True, slots=True)
class Cut:
    """An item that will not be heard to its end; `heard_ms <= generated_ms`."""

    item_id: str
    response_id: str
    content_index: int
    heard_ms: int
    generated_ms: int


@dataclass(slots=True)
class Item:
    """One item of sound. `queued_ms` of it were given to the line; `first_ms` and `last_ms` are when it was heard."""

    item_id: str
    response_id: str
    content_index: int
    generated_ms: float = 0.0
    queued_ms: float = 0.0
    heard_ms: float = 0.0
    first_ms: float | None = None
    last_ms: float | None = None
    is_cut: bool = False

    @property
    def is_open(self) -> bool:
        """Whether some of it is still to be heard."""
        return not self.is_cut and self.heard_ms < self.generated_ms - EPSILON_MS

    @property
    def is_unsent(self) -> bool:
        """Whether some of it is still to be given to the line."""
        return not self.is_cut and self.queued_ms < self.generated_ms - EPSILON_MS

    def hear(self, ms: float, from_ms: float, to_ms: float) -> None:
        """So much more of it was heard, between these times."""
        self.heard_ms += max(0.0, ms)
        if self.first_ms is None:
            self.first_ms = from_ms
        self.last_ms = to_ms

    def as_cut(self) -> Cut:
        """Return it as cut where it stands."""
        heard_ms, generated_ms = int(self.heard_ms + EPSILON_MS), int(self.generated_ms + EPSILON_MS)
        return Cut(self.item_id, self.response_id, self.content_index, heard_ms, generated_ms)


@dataclass(slots=True)
class Segment:
    """A stretch of an item on the line, by offsets."""

    item: Item
    start: float
    end: float
