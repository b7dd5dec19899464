"""A caller whose sound is at the model's server: a `Line` that only keeps the account of what is played there."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from huntgroup.calls.ports import LineEnded, LineMark, LineTick
from huntgroup.domain.clock import Clock
from huntgroup.lines.inboxed import SoundlessLine
from huntgroup.media.formats import PCMU_8K

RETURN_MS = 10_000
STEP_MS = 20
STEPS_PER_TICK = 5
# A server that never says when it begins to play is taken to begin so long after its words came.
UNTOLD_MS = 1_500


class VendorLine(SoundlessLine):
    """`Line` of one call whose sound flows between a browser and the model's server.

    What is given to `play` is silence that stands for what the server plays. It advances by the clock between the
    server's `started` and `stopped`; the end of a reply counts as heard only when the server says so, and `on_short` is
    told when the stand-in is over before. `on_clear` must make the server fall silent, `leave` end its call.
    """

    kind = "vendor"
    written = False

    def __init__(self, clock: Clock, leave: Callable[[], Awaitable[None]], *, return_ms: int = RETURN_MS) -> None:
        super().__init__(clock, return_ms)
        self._leave = leave
        self._items: dict[str, str] = {}
        self._marks: deque[tuple[str, float]] = deque()
        self._ends: dict[str, float] = {}
        self._finished: set[str] = set()
        self._sent_ms = 0.0
        self._played_ms = 0.0
        self._last_ms = 0
        self._waiting_ms: int | None = None
        self._playing = False
        self._current: str | None = None
        self._told = False
        self._leaving = False
        self._server_over = False
        self.on_clear: Callable[[], None] = lambda: None
        self.on_short: Callable[[str], None] = lambda response_id: None

    # -- the call's side: Line --------------------------------------------------------------------------------------

    def play(self, audio: bytes) -> None:
        """Take silence that stands for what the server plays."""
        if self._inbox.ended is None:
            self._sent_ms += PCMU_8K.duration_ms(len(audio))
            if not self._playing and self._waiting_ms is None:
                self._waiting_ms = self.now_ms()

    def mark(self, name: str) -> None:
        """Queue a mark; the item in its name says to which reply all before it belongs."""
        if self._inbox.ended is not None:
            return
        self._marks.append((name, self._sent_ms))
        response_id = self._items.get(name.split(".", 2)[-1])
        if response_id in self._finished:
            self._waiting_ms = None
            self._reached(self._sent_ms)
        elif response_id is not None:
            self._ends[response_id] = self._sent_ms

    def clear(self) -> None:
        """Have the server fall silent; the marks come back when it says that it has."""
        self.on_clear()

    async def pump(self) -> None:
        """Follow what the server plays until the line is over."""
        steps = 0
        while not self._over.is_set():
            await self._clock.sleep_ms(STEP_MS)
            self._advance()
            steps += 1
            if steps % STEPS_PER_TICK == 0:
                self._inbox.post(LineTick())

    async def hang_up(self) -> None:
        """Let what is being played come to its end, by the clock; then end the server's call."""
        self._leaving = True
        while self._marks and self._inbox.ended is None:
            await self._clock.sleep_ms(STEP_MS)
            self._advance()
        self._end(LineEnded("hung_up_by_us", lost=False))
        if not self._server_over:
            await self._leave()
            self._server_over = True

    # -- the server's side ------------------------------------------------------------------------------------------

    def item(self, item_id: str, response_id: str) -> None:
        """An item of a reply is being spoken."""
        self._items[item_id] = response_id

    def started(self, response_id: str) -> None:
        """The server begins to play a reply."""
        self._told, self._current = True, response_id
        self._begin()

    def stopped(self, response_id: str) -> None:
        """The server has played a reply to its end; what of it is given to `play` after this was heard already."""
        self._finished.add(response_id)
        end_ms = self._ends.pop(response_id, None)
        if end_ms is not None:
            self._reached(max(self._played_ms, end_ms))
        if self._current in (None, response_id):
            waiting = [other for other, end_ms in self._ends.items() if end_ms > self._played_ms]
            # What waits behind it begins now, and its own `started` is on its way.
            self._playing, self._current = bool(waiting), next(iter(waiting), None)
            self._last_ms = self.now_ms()

    def cleared(self, response_id: str) -> None:
        """The server has dropped what it had not played."""
        self._playing, self._current, self._waiting_ms = False, None, None
        self._ends.clear()
        self._played_ms = self._sent_ms
        self._echo(self._sent_ms)

    def end(self, reason: str, *, lost: bool) -> bool:
        """The call is over at the server; False when the line was before."""
        self._server_over = True
        return self._end(LineEnded(reason, lost=lost))

    # -- the account ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._playing, self._waiting_ms, self._last_ms = True, None, self.now_ms()

    def _advance(self) -> None:
        now_ms = self.now_ms()
        untold = self._waiting_ms is not None and not self._told and now_ms - self._waiting_ms >= UNTOLD_MS
        if not self._playing and (untold or (self._leaving and self._marks)):
            self._begin()
        if not self._playing:
            return
        elapsed_ms, self._last_ms = now_ms - self._last_ms, now_ms
        self._play_on(self._played_ms + elapsed_ms)

    def _play_on(self, position_ms: float) -> None:
        if self._current is None or self._leaving:
            self._reached(min(position_ms, self._sent_ms))
            self._playing = self._played_ms < self._sent_ms
            return
        end_ms = self._end_of(self._current)
        self._played_ms = min(position_ms, end_ms)
        self._echo(self._played_ms, below_ms=end_ms)
        if position_ms >= end_ms - STEP_MS and end_ms == self._sent_ms and end_ms > 0:
            self.on_short(self._current)

    def _end_of(self, response_id: str) -> float:
        """Where a reply ends that is being played: what comes after its last mark is its own, or nobody's yet."""
        others = [end for other, end in self._ends.items() if other != response_id and end > self._played_ms]
        return self._ends.get(response_id, self._sent_ms) if others else self._sent_ms

    def _reached(self, position_ms: float) -> None:
        self._played_ms = position_ms
        self._echo(position_ms)

    def _echo(self, position_ms: float, *, below_ms: float = float("inf")) -> None:
        while self._marks and self._marks[0][1] <= position_ms and self._marks[0][1] < below_ms:
            self._inbox.post(LineMark(self._marks.popleft()[0]))
