"""Facts in memory that wait to be written, and who waits for how many of them to be safe or stored."""

from collections import deque
from collections.abc import Sequence

from huntgroup.calls.record.spool import Entry
from huntgroup.calls.record.watermark import Watermark

BATCH_FACTS = 200


class Backlog:
    """Facts by the number in which they were put, from 1. Each is taken from memory once, in order.

    `safe` is how many would survive this process, `stored` how many are in the store.
    """

    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque()
        self._put_count = 0
        # By call, the number of its last fact that is not stored; those who spoke last stand last.
        self._unstored: dict[str, int] = {}
        self._safe, self._stored = Watermark(), Watermark()

    def __len__(self) -> int:
        """How many are in memory."""
        return len(self._waiting)

    def put(self, entry: Entry) -> None:
        self._waiting.append(entry)
        self._put_count += 1
        self._unstored.pop(entry.fact.call_id, None)
        self._unstored[entry.fact.call_id] = self._put_count

    def holds(self, call_id: str) -> bool:
        """Whether a fact of this call is not stored yet, wherever it is."""
        return call_id in self._unstored

    def first(self) -> list[Entry]:
        """Return the next batch, which stays where it is."""
        return [self._waiting[at] for at in range(min(BATCH_FACTS, len(self._waiting)))]

    def took(self, batch: Sequence[Entry]) -> None:
        """Note that the first facts in memory are stored or on disk."""
        for _ in batch:
            self._waiting.popleft()
        self._safe.reach(self._safe.at + len(batch))

    def all_but(self, last: int) -> None:
        """Note that everything is stored but for the `last` facts: they are stored in the order of their numbers."""
        self._stored.reach(self._put_count - last)
        while self._unstored:
            call_id = next(iter(self._unstored))
            if self._unstored[call_id] > self._stored.at:
                return
            del self._unstored[call_id]

    async def safe(self) -> None:
        """Return when everything put so far would survive this process."""
        await self._safe.passed(self._put_count)

    async def stored(self) -> None:
        """Return when everything put so far is stored."""
        await self._stored.passed(self._put_count)
