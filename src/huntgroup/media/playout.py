"""The playout ledger: what was generated, queued, heard and cut, per item, in milliseconds of the line's clock.

The far end plays what it gets strictly in order, at real speed, and echoes a mark when all before it was played.
Between two marks the position is interpolated; a mark can be late but not early, since it arrives in the same ordered
stream as the frames that carry the line's clock (`media.schedule`).

A clear takes effect at the far end some time after it was sent, and what is heard in between is heard. So a mark goes
out right before each clear: its echo tells, on the line's clock, when the clear took effect, and the pending marks that
come back with it were not reached. A mark's name carries an epoch, and an echo of an earlier epoch means nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from huntgroup.media.schedule import Schedule

# A mark overdue by more than this is taken for lost, and the clock alone decides.
MARK_GRACE_MS = 2000
_EPSILON_MS = 1e-6
# Marks that a clear brings back come in one burst; a busy carrier may send a frame or two in between.
_TOGETHER_MS = 40


@dataclass(frozen=True, slots=True)
class Cut:
    """An item that will not be heard to its end; `heard_ms <= generated_ms`."""

    item_id: str
    response_id: str
    content_index: int
    heard_ms: int
    generated_ms: int


@dataclass(slots=True)
class _Item:
    item_id: str
    response_id: str
    content_index: int
    generated_ms: float = 0.0
    queued_ms: float = 0.0
    heard_ms: float = 0.0
    first_ms: float | None = None
    last_ms: float | None = None
    is_cut: bool = False


@dataclass(slots=True)
class _Segment:
    item: _Item
    start: float
    end: float


class PlayoutLedger:
    """Keeps the account of one line. Offsets are ms of audio sent since the call began; times are the line's clock.

    The owner must report every piece of audio it gives to the line (`queued`), send each name from `mark_name` as a
    mark behind it and hand every echo to `on_mark`. Where `is_idle`, the first frame should get a mark of its own, for
    only a mark tells when the far end began. To silence the line: `stop`, send its mark, clear; once `is_stopped`
    (or `give_up`) the account is exact, and `cut` says what will not be heard. Nothing may be queued in between.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, int], _Item] = {}
        self._segments: deque[_Segment] = deque()
        self._marks: deque[tuple[str, float]] = deque()
        self._sent = 0.0
        self._settled = 0.0
        self._anchor_ms = 0.0
        self._mark_count = 0
        self._schedule = Schedule()
        self._starved: tuple[float, float] | None = None
        self._stop_mark: str | None = None
        self._stop_ms = 0
        self._echoed: list[tuple[float, float]] = []
        self.epoch = 0

    # -- what happens ---------------------------------------------------------------------------------------------

    def generated(self, item_id: str, audio_ms: float, *, response_id: str = "", content_index: int = 0) -> None:
        """The model made `audio_ms` more of this item, which may still be held back from the line."""
        self._item(item_id, response_id, content_index).generated_ms += audio_ms

    def queued(
        self, item_id: str, audio_ms: float, *, now_ms: int, response_id: str = "", content_index: int = 0
    ) -> bool:
        """`audio_ms` of this item go to the line now. False: the item was cut and the audio must be dropped."""
        item = self._item(item_id, response_id, content_index)
        if item.is_cut:
            return False
        if self.is_idle(now_ms):
            self._settle(self._sent, self._reached_at(self._sent, now_ms))
            self._anchor_ms = max(float(now_ms), self._anchor_ms)
            self._schedule.restart()
            self._starved = None
        elif now_ms > self._due_ms(self._sent):
            self._starved = (self._sent, float(now_ms))
        self._append(item, audio_ms)
        return True

    def mark_name(self, item_id: str = "") -> str:
        """A fresh mark behind all that was queued so far; the name is unique in the call and carries the epoch."""
        self._mark_count += 1
        name = f"{self.epoch}.{self._mark_count}.{item_id}"
        self._marks.append((name, self._sent))
        return name

    def on_mark(self, name: str, now_ms: int) -> bool:
        """A mark came back. True when it says that something was heard; stale and unknown names change nothing."""
        if not any(pending == name for pending, _ in self._marks):
            return False
        while True:
            pending, offset = self._marks.popleft()
            if pending == name:
                break
        if name == self._stop_mark:
            self._stopped_at(now_ms)
            return True
        if self._stop_mark is not None:
            self._echoed.append((offset, float(now_ms)))
            return False
        self._reached(offset, float(now_ms))
        return True

    def stop(self, now_ms: int) -> str:
        """The line is about to be cleared: returns the name of the mark that must be sent right before the clear."""
        self._stop_ms = now_ms
        self._stop_mark = self.mark_name("stop")
        return self._stop_mark

    @property
    def is_stopped(self) -> bool:
        """Whether it is known where the last `stop` took effect."""
        return self._stop_mark is None

    def give_up(self) -> None:
        """No echo tells where the stop took effect: it counts as done when it was asked for, by the clock.

        A line that loses this mark may lose all, so that a mark which is owed says nothing about what was heard.
        """
        self._marks.clear()
        self._stopped_at(self._stop_ms)

    def cut(self) -> list[Cut]:
        """After a stop: nothing more of what exists will be heard; returns what is cut, in order of generation.

        The item that sounded is cut at what was heard, every later one at 0; items heard to their end are not listed.
        """
        cuts = [_cut(item) for item in self._items.values() if _is_open(item)]
        for item in self._items.values():
            item.is_cut = item.is_cut or _is_open(item)
        return cuts

    def interrupt(self, now_ms: int) -> list[Cut]:
        """Stop and cut in one, as if a clear took effect at `now_ms`."""
        self._stopped_at(now_ms)
        return self.cut()

    def withhold(self, response_id: str, now_ms: int) -> list[Cut]:
        """Sound of this response that is not given to the line never will be: what is cut, at what was given."""
        if self.is_idle(now_ms):
            self._settle(self._sent, self._reached_at(self._sent, now_ms))
        cut = [item for item in self._items.values() if item.response_id == response_id and _is_unsent(item)]
        for item in cut:
            item.is_cut = True
        return [_cut(item) for item in cut]

    def shorten(self, item_id: str, *, content_index: int = 0) -> float:
        """The item ends with what was given to the line; returns how many ms of it were made in vain."""
        item = self._items.get((item_id, content_index))
        if item is None:
            return 0.0
        unsaid_ms, item.generated_ms = item.generated_ms - item.queued_ms, item.queued_ms
        return unsaid_ms

    # -- what is known --------------------------------------------------------------------------------------------

    def heard_ms(self, item_id: str, now_ms: int | None = None, *, content_index: int = 0) -> int:
        """How much of the item was heard: by marks alone, or up to `now_ms` by interpolation too."""
        item = self._items.get((item_id, content_index))
        if item is None:
            return 0
        ahead = 0.0
        if now_ms is not None:
            position = self._position(now_ms)
            parts = (segment for segment in self._segments if segment.item is item)
            ahead = sum(max(0.0, min(s.end, position) - max(s.start, self._settled)) for s in parts)
        return int(item.heard_ms + ahead + _EPSILON_MS)

    def generated_ms(self, item_id: str, *, content_index: int = 0) -> int:
        """How much audio the model made for the item."""
        item = self._items.get((item_id, content_index))
        return 0 if item is None else int(item.generated_ms + _EPSILON_MS)

    def queued_ms(self, item_id: str, *, content_index: int = 0) -> int:
        """How much of the item was given to the line, heard or not."""
        item = self._items.get((item_id, content_index))
        return 0 if item is None else int(item.queued_ms + _EPSILON_MS)

    def is_cut(self, item_id: str, *, content_index: int = 0) -> bool:
        """Whether the item was cut by an interruption."""
        item = self._items.get((item_id, content_index))
        return item is not None and item.is_cut

    def first_heard_at_ms(self, item_id: str, now_ms: int | None = None, *, content_index: int = 0) -> int | None:
        """When the item's first millisecond sounded; None while it did not (or no mark says so and no `now_ms`)."""
        item = self._items.get((item_id, content_index))
        if item is None or item.first_ms is not None or now_ms is None:
            return None if item is None or item.first_ms is None else round(item.first_ms)
        segment = next((s for s in self._segments if s.item is item), None)
        if segment is None or self._position(now_ms) <= segment.start:
            return None
        return round(self._due_ms(segment.start))

    def last_heard_at_ms(self, item_id: str, now_ms: int | None = None, *, content_index: int = 0) -> int | None:
        """When the last millisecond of the item that was heard so far sounded."""
        item = self._items.get((item_id, content_index))
        if item is None:
            return None
        if now_ms is not None:
            position = self._position(now_ms)
            begun = [s for s in self._segments if s.item is item and position > max(s.start, self._settled)]
            if begun:
                return round(self._due_ms(min(begun[-1].end, position)))
        return None if item.last_ms is None else round(item.last_ms)

    @property
    def sent(self) -> float:
        """The offset up to which sound was queued and not stopped."""
        return self._sent

    @property
    def settled(self) -> float:
        """The offset up to which it is certain that sound was heard."""
        return self._settled

    def position(self, now_ms: int) -> float:
        """The offset that sounds at `now_ms`, by marks and the clock between them."""
        return self._position(now_ms)

    def remaining_ms(self, now_ms: int) -> int:
        """How much is sent and not heard yet."""
        return int(self._sent - self._position(now_ms) + _EPSILON_MS)

    def is_idle(self, now_ms: int) -> bool:
        """Whether all that was sent has been heard (marks still owed keep it busy, within a grace)."""
        # Asked at every piece of sound, and mostly while the clock alone says no.
        if self._by_clock(now_ms) < self._sent - _EPSILON_MS:
            return False
        latest_ms = now_ms - MARK_GRACE_MS - self._anchor_ms + self._settled
        for _, offset in self._marks:  # noqa: SIM110
            if offset >= latest_ms:
                return False
        return True

    # -- the arithmetic -------------------------------------------------------------------------------------------

    def _item(self, item_id: str, response_id: str, content_index: int) -> _Item:
        key = (item_id, content_index)
        item = self._items.get(key)
        if item is None:
            item = self._items[key] = _Item(item_id, response_id, content_index)
        return item

    def _append(self, item: _Item, audio_ms: float) -> None:
        start, self._sent = self._sent, self._sent + audio_ms
        item.queued_ms += audio_ms
        item.generated_ms = max(item.generated_ms, item.queued_ms)
        last = self._segments[-1] if self._segments else None
        if last is not None and last.item is item and last.end == start:
            last.end = self._sent
        else:
            self._segments.append(_Segment(item, start, self._sent))

    def _position(self, now_ms: int) -> float:
        by_clock = self._by_clock(now_ms)
        for _, offset in self._marks:
            if now_ms <= self._due_ms(offset) + MARK_GRACE_MS:
                return min(by_clock, max(offset, self._settled))
        return by_clock

    def _by_clock(self, now_ms: int) -> float:
        """Where the far end is if it never waits, but for sound that came too late to follow on."""
        position = min(self._sent, self._settled + max(0.0, now_ms - self._anchor_ms))
        if self._starved is not None and position > self._starved[0]:
            offset, since_ms = self._starved
            position = max(self._settled, offset, min(position, offset + now_ms - since_ms))
        return position

    def _reached(self, offset: float, at_ms: float) -> None:
        """A mark says that all up to `offset` was heard."""
        if self._starved is not None and offset > self._starved[0]:
            self._schedule.restart()
            self._starved = None
        played_ms = self._schedule.marked(offset, at_ms)
        if offset > self._settled:
            self._settle(offset, played_ms)
        else:
            self._anchor_ms = max(self._anchor_ms, at_ms)

    def _stopped_at(self, now_ms: int) -> None:
        """The clear took effect: settle what was heard by then and forget what waits.

        Of the marks that came since the stop, those before the clear were reached; the first that came with it was not.
        """
        limit = self._sent
        for offset, at_ms in self._echoed:
            near = at_ms > now_ms - _TOGETHER_MS
            if at_ms >= now_ms or (near and not self._schedule.allows(offset, at_ms)):
                limit = offset
                break
            self._reached(offset, at_ms)
        position = max(self._settled, min(self._position(now_ms), limit))
        self._settle(position, self._reached_at(position, now_ms))
        for segment in self._segments:
            segment.item.queued_ms -= max(0.0, segment.end - max(segment.start, position))
        self._segments.clear()
        self._marks.clear()
        self._echoed.clear()
        self._schedule.restart()
        self._starved = self._stop_mark = None
        self._sent = self._settled
        self._anchor_ms = float(now_ms)
        self.epoch += 1

    def _due_ms(self, offset: float) -> float:
        return self._anchor_ms + offset - self._settled

    def _reached_at(self, position: float, now_ms: int) -> float:
        return min(float(now_ms), self._due_ms(position))

    def _settle(self, position: float, at_ms: float) -> None:
        """All up to `position` was heard, its end at `at_ms`; a late start is where a delay is put."""
        start_ms = min(self._anchor_ms, at_ms)
        while self._segments and self._segments[0].start < position:
            segment = self._segments[0]
            begin, end = max(segment.start, self._settled), min(segment.end, position)
            item = segment.item
            item.heard_ms += max(0.0, end - begin)
            if item.first_ms is None:
                item.first_ms = max(start_ms, at_ms - (position - begin))
            item.last_ms = max(start_ms, at_ms - (position - end))
            if segment.end > position:
                break
            self._segments.popleft()
        self._settled = position
        self._anchor_ms = at_ms


def _is_open(item: _Item) -> bool:
    return not item.is_cut and item.heard_ms < item.generated_ms - _EPSILON_MS


def _is_unsent(item: _Item) -> bool:
    return not item.is_cut and item.queued_ms < item.generated_ms - _EPSILON_MS


def _cut(item: _Item) -> Cut:
    heard = int(item.heard_ms + _EPSILON_MS)
    return Cut(item.item_id, item.response_id, item.content_index, heard, int(item.generated_ms + _EPSILON_MS))
