"""The playout ledger: what was generated, queued, heard and cut, per item, in milliseconds of the line's clock.

The far end plays what it gets strictly in order, at real speed, and echoes a mark when all before it was played.
Between two marks the position is interpolated (`media.playhead`); a mark can be late but not early, since it arrives in
the same ordered stream as the frames that carry the line's clock (`media.schedule`).

A clear takes effect at the far end some time after it was sent, and what is heard in between is heard. So a mark goes
out right before each clear: its echo tells, on the line's clock, when the clear took effect, and the pending marks that
come back with it were not reached. A mark's name carries an epoch, and an echo of an earlier epoch means nothing.
"""

from __future__ import annotations

from collections import deque

from huntgroup.media.playhead import EPSILON_MS, MARK_GRACE_MS, Playhead
from huntgroup.media.spans import Cut, Item, Segment

__all__ = ["MARK_GRACE_MS", "Cut", "PlayoutLedger"]


class PlayoutLedger:
    """Keeps the account of one line. Offsets are ms of audio sent since the call began; times are the line's clock.

    The owner must report every piece of audio it gives to the line (`queued`), send each name from `mark_name` as a
    mark behind it and hand every echo to `on_mark`. Where `is_idle`, the first frame should get a mark of its own, for
    only a mark tells when the far end began. To silence the line: `stop`, send its mark, clear; once `is_stopped`
    (or `give_up`) the account is exact, and `cut` says what will not be heard. Nothing may be queued in between.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, int], Item] = {}
        self._segments: deque[Segment] = deque()
        self._head = Playhead()
        self._mark_count = 0
        self._stop_mark: str | None = None
        self._stop_ms = 0
        self._echoed: list[tuple[float, float]] = []
        self.epoch = 0

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
        head = self._head
        if head.is_idle(now_ms):
            self._settle(head.sent, head.reached_at(head.sent, now_ms))
            head.begin(now_ms)
        else:
            head.follow(now_ms)
        self._append(item, audio_ms)
        return True

    def mark_name(self, item_id: str = "") -> str:
        """A fresh mark behind all that was queued so far; the name is unique in the call and carries the epoch."""
        self._mark_count += 1
        name = f"{self.epoch}.{self._mark_count}.{item_id}"
        self._head.mark(name)
        return name

    def on_mark(self, name: str, now_ms: int) -> bool:
        """A mark came back. True when it says that something was heard; stale and unknown names change nothing."""
        offset = self._head.echo(name)
        if offset is None:
            return False
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
        self._head.forget_marks()
        self._stopped_at(self._stop_ms)

    def cut(self) -> list[Cut]:
        """After a stop: nothing more of what exists will be heard; returns what is cut, in order of generation.

        The item that sounded is cut at what was heard, every later one at 0; items heard to their end are not listed.
        """
        cuts = [item.as_cut() for item in self._items.values() if item.is_open]
        for item in self._items.values():
            item.is_cut = item.is_cut or item.is_open
        return cuts

    def interrupt(self, now_ms: int) -> list[Cut]:
        """Stop and cut in one, as if a clear took effect at `now_ms`."""
        self._stopped_at(now_ms)
        return self.cut()

    def withhold(self, response_id: str, now_ms: int) -> list[Cut]:
        """Sound of this response that is not given to the line never will be: what is cut, at what was given."""
        head = self._head
        if head.is_idle(now_ms):
            self._settle(head.sent, head.reached_at(head.sent, now_ms))
        cut = [item for item in self._items.values() if item.response_id == response_id and item.is_unsent]
        for item in cut:
            item.is_cut = True
        return [item.as_cut() for item in cut]

    def shorten(self, item_id: str, *, content_index: int = 0) -> float:
        """The item ends with what was given to the line; returns how many ms of it were made in vain."""
        item = self._items.get((item_id, content_index))
        if item is None:
            return 0.0
        unsaid_ms, item.generated_ms = item.generated_ms - item.queued_ms, item.queued_ms
        return unsaid_ms

    def heard_ms(self, item_id: str, now_ms: int | None = None, *, content_index: int = 0) -> int:
        """How much of the item was heard: by marks alone, or up to `now_ms` by interpolation too."""
        item = self._items.get((item_id, content_index))
        if item is None:
            return 0
        ahead = 0.0
        if now_ms is not None:
            position = self._head.position(now_ms)
            parts = (segment for segment in self._segments if segment.item is item)
            ahead = sum(max(0.0, min(s.end, position) - max(s.start, self._head.settled)) for s in parts)
        return int(item.heard_ms + ahead + EPSILON_MS)

    def generated_ms(self, item_id: str, *, content_index: int = 0) -> int:
        """How much audio the model made for the item."""
        item = self._items.get((item_id, content_index))
        return 0 if item is None else int(item.generated_ms + EPSILON_MS)

    def queued_ms(self, item_id: str, *, content_index: int = 0) -> int:
        """How much of the item was given to the line, heard or not."""
        item = self._items.get((item_id, content_index))
        return 0 if item is None else int(item.queued_ms + EPSILON_MS)

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
        if segment is None or self._head.position(now_ms) <= segment.start:
            return None
        return round(self._head.due_ms(segment.start))

    def last_heard_at_ms(self, item_id: str, *, content_index: int = 0) -> int | None:
        """When the last millisecond of the item sounded that was heard so far, by marks."""
        item = self._items.get((item_id, content_index))
        return None if item is None or item.last_ms is None else round(item.last_ms)

    @property
    def sent(self) -> float:
        """The offset up to which sound was queued and not stopped."""
        return self._head.sent

    @property
    def settled(self) -> float:
        """The offset up to which it is certain that sound was heard."""
        return self._head.settled

    def position(self, now_ms: int) -> float:
        """The offset that sounds at `now_ms`, by marks and the clock between them."""
        return self._head.position(now_ms)

    def is_idle(self, now_ms: int) -> bool:
        """Whether all that was sent has been heard (marks still owed keep it busy, within a grace)."""
        return self._head.is_idle(now_ms)

    def _item(self, item_id: str, response_id: str, content_index: int) -> Item:
        key = (item_id, content_index)
        item = self._items.get(key)
        if item is None:
            item = self._items[key] = Item(item_id, response_id, content_index)
        return item

    def _append(self, item: Item, audio_ms: float) -> None:
        start = self._head.extend(audio_ms)
        item.queued_ms += audio_ms
        item.generated_ms = max(item.generated_ms, item.queued_ms)
        last = self._segments[-1] if self._segments else None
        if last is not None and last.item is item and last.end == start:
            last.end = self._head.sent
        else:
            self._segments.append(Segment(item, start, self._head.sent))

    def _reached(self, offset: float, at_ms: float) -> None:
        """A mark says that all up to `offset` was heard."""
        played_ms = self._head.reached(offset, at_ms)
        if played_ms is not None:
            self._settle(offset, played_ms)

    def _stopped_at(self, now_ms: int) -> None:
        """The clear took effect: settle what was heard by then and forget what waits.

        Of the marks that came since the stop, those before the clear were reached; the first that came with it was not.
        """
        head, limit = self._head, self._head.sent
        for offset, at_ms in self._echoed:
            if not head.was_reached(offset, at_ms, now_ms):
                limit = offset
                break
            self._reached(offset, at_ms)
        position = max(head.settled, min(head.position(now_ms), limit))
        self._settle(position, head.reached_at(position, now_ms))
        for segment in self._segments:
            segment.item.queued_ms -= max(0.0, segment.end - max(segment.start, position))
        self._segments.clear()
        self._echoed.clear()
        self._stop_mark = None
        head.clear(now_ms)
        self.epoch += 1

    def _settle(self, position: float, at_ms: float) -> None:
        """All up to `position` was heard, its end at `at_ms`; a late start is where a delay is put."""
        settled, start_ms = self._head.settled, min(self._head.anchor_ms, at_ms)
        while self._segments and self._segments[0].start < position:
            segment = self._segments[0]
            begin, end = max(segment.start, settled), min(segment.end, position)
            from_ms = max(start_ms, at_ms - (position - begin))
            to_ms = max(start_ms, at_ms - (position - end))
            segment.item.hear(end - begin, from_ms, to_ms)
            if segment.end > position:
                break
            self._segments.popleft()
        self._head.settle(position, at_ms)
