"""Packets of one inbound stream, put in order and paced: what comes late, twice or never is settled here."""

from __future__ import annotations

PREFILL = 2
MOST_WAITING = 12
# A backlog that stays is a clock that runs faster than ours: it is worked off one packet at a time.
_BACKLOG = PREFILL + 2
_BACKLOG_PULLS = 50
# No network keeps packets for so long: it is another numbering.
_FAR = 1_000
_HALF = 1 << 15
_WRAP = 1 << 16


class Arrivals:
    """A jitter buffer of 40 ms for packets of 20 ms.

    `push` takes packets as they arrive; `pull` is called once per packet's time and returns the next one, or None when
    it is lost or late: then something must sound in its place. `lost` counts those that were given up.
    """

    def __init__(self) -> None:
        self._packets: dict[int, bytes] = {}
        self._next: int | None = None
        self._filling = True
        self._long = 0
        self._waited = 0
        self.lost = 0

    def push(self, sequence: int, payload: bytes) -> None:
        """Take a packet by its 16 bit sequence number; an old or a doubled one is dropped."""
        if not payload:
            return
        if self._next is not None:
            ahead = _ahead(sequence, self._next)
            if abs(ahead) >= _FAR:
                self.restart()
            elif ahead < 0:
                return
        self._packets[sequence] = payload
        while len(self._packets) > MOST_WAITING:
            self._skip_to_oldest()
            self._packets.pop(self._advance(), None)

    def pull(self) -> bytes | None:
        """Return the packet whose turn it is, or None."""
        if self._filling and not self._fill():
            return None
        if not self._packets:
            self._filling = True
            return None
        self._work_off_backlog()
        packet = self._packets.pop(self._advance(), None)
        if packet is None:
            self.lost += 1
        return packet

    def restart(self) -> None:
        """Another stream begins."""
        self._packets.clear()
        self._next, self._filling = None, True

    def _fill(self) -> bool:
        """Wait for a few packets, so that small delays are not heard; then begin with the oldest.

        One that stays alone for as long was followed by a loss: what comes after that must not be late because of it.
        """
        self._waited = self._waited + 1 if self._packets else 0
        if len(self._packets) < PREFILL and self._waited <= PREFILL:
            return False
        self._waited = 0
        self._skip_to_oldest()
        self._filling = False
        return True

    def _work_off_backlog(self) -> None:
        self._long = self._long + 1 if len(self._packets) > _BACKLOG else 0
        if self._long > _BACKLOG_PULLS:
            self._long = 0
            self._packets.pop(self._advance(), None)

    def _skip_to_oldest(self) -> None:
        if self._next is None:
            base = next(iter(self._packets))
            self._next = min(self._packets, key=lambda sequence: _ahead(sequence, base))
            return
        base = self._next
        oldest = min(self._packets, key=lambda sequence: _ahead(sequence, base))
        self.lost += max(0, _ahead(oldest, base))
        self._next = oldest

    def _advance(self) -> int:
        assert self._next is not None
        here = self._next
        self._next = (here + 1) % _WRAP
        return here


def _ahead(sequence: int, base: int) -> int:
    """By how many packets `sequence` is ahead of `base`, around the wrap."""
    return (sequence - base + _HALF) % _WRAP - _HALF
