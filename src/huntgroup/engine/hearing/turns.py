"""Where a caller's turn begins and ends: a pure machine fed with speech probabilities and transcripts.

All times are ms of sound. A decode is asked for early in a silence, so that its text is there when the silence is long
enough to end the turn; when speech goes on instead, that attempt is stale and a later one replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass

from huntgroup.engine.hearing.loudness import QUIET_DBFS, Levels
from huntgroup.engine.hearing.patience import patience_ms
from huntgroup.engine.ports import EarOptions

FRAME_MS = 32
DECODE_AFTER_MS = 128
_START_MS = 96
_GAP_MS = 96
_RESUME_MS = 64
_HYSTERESIS = 0.15
MOST_TURN_MS = 27_000
_HINT = 0.1


@dataclass(frozen=True)
class Began:
    """Speech for long enough to be a turn. `start_ms` is where the voice began, without prefix padding."""

    start_ms: int


@dataclass(frozen=True)
class WriteDown:
    """Decode the sound from `start_ms` to `end_ms` and hand the text to `written` with this attempt."""

    attempt: int
    start_ms: int
    end_ms: int
    voiced_ms: int


@dataclass(frozen=True)
class Ended:
    """The turn is over and the attempt's text is its transcript. The times are where the voice began and stopped."""

    attempt: int
    start_ms: int
    end_ms: int


TurnEvent = Began | WriteDown | Ended


class TurnMachine:
    """Feed `frame` every 32 ms and `written` when a decode is back; do what the returned events say, in order."""

    def __init__(self, options: EarOptions) -> None:
        self.options = options
        self._attempt = 0
        self._now_ms = 0
        self._floor_ms = 0
        self._levels = Levels()
        self._speaking = False
        self._first_ms: int | None = None
        self._asked: int | None = None
        self._patience_ms: int | None = None
        self._rest()

    @property
    def keep_from_ms(self) -> int:
        """Sound before this time is not needed any more."""
        if self._speaking:
            return self._start_ms
        since = self._first_ms if self._first_ms is not None else self._now_ms
        return max(0, since - self.options.prefix_padding_ms - FRAME_MS)

    @property
    def speaking(self) -> bool:
        """True from `Began` to `Ended`."""
        return self._speaking

    def frame(self, probability: float, level_dbfs: float = QUIET_DBFS) -> list[TurnEvent]:
        """Take the next frame's speech probability and level."""
        self._now_ms += FRAME_MS
        if not self._speaking:
            return self._listen(probability, level_dbfs)
        return self._follow(probability, level_dbfs)

    def written(self, attempt: int, text: str) -> list[TurnEvent]:
        """Take the text of an attempt; a stale one changes nothing."""
        if not self._speaking or attempt != self._asked:
            return []
        self._patience_ms = patience_ms(text, self.options)
        return self._end_if_silent()

    def drop(self) -> None:
        """Forget the turn in progress."""
        self._rest()

    def _rest(self) -> None:
        self._speaking = False
        self._first_ms = self._asked = self._patience_ms = None
        self._last_ms = self._now_ms
        self._start_ms = self._voiced_ms = self._again_ms = 0

    def _listen(self, probability: float, level_dbfs: float) -> list[TurnEvent]:
        if probability >= self.options.threshold:
            self._begin_or_go_on(level_dbfs)
        else:
            self._levels.rest(level_dbfs)
            if self._first_ms is not None and self._now_ms - self._last_ms > _GAP_MS:
                self._rest()
        if self._first_ms is None or self._voiced_ms < _START_MS:
            return []
        self._speaking = True
        self._start_ms = max(self._floor_ms, self._first_ms - self.options.prefix_padding_ms)
        return [Began(self._first_ms)]

    def _begin_or_go_on(self, level_dbfs: float) -> None:
        self._levels.voice(level_dbfs)
        if self._first_ms is None:
            self._first_ms = self._now_ms - FRAME_MS
        self._voiced_ms += FRAME_MS
        self._last_ms = self._now_ms

    def _follow(self, probability: float, level_dbfs: float) -> list[TurnEvent]:
        needed = self.options.threshold - (_HYSTERESIS if self._asked is None else 0.0)
        if probability >= needed:
            self._levels.voice(level_dbfs)
            self._voice()
        elif probability >= _HINT and self._levels.like_voice(level_dbfs):
            self._voice()
        else:
            self._again_ms = 0
        if self._now_ms - self._start_ms >= MOST_TURN_MS:
            return self._cut()
        if self._asked is None and self._now_ms - self._last_ms >= DECODE_AFTER_MS:
            return [self._ask()]
        return self._end_if_silent()

    def _voice(self) -> None:
        self._again_ms += FRAME_MS
        if self._asked is not None and self._again_ms < _RESUME_MS:
            return
        self._voiced_ms += FRAME_MS
        self._last_ms = self._now_ms
        self._asked = self._patience_ms = None

    def _ask(self) -> WriteDown:
        self._attempt += 1
        self._asked = self._attempt
        self._patience_ms = None
        return WriteDown(self._attempt, self._start_ms, self._now_ms, self._voiced_ms)

    def _end_if_silent(self) -> list[TurnEvent]:
        waited = self._now_ms - self._last_ms
        if self._asked is None or self._patience_ms is None or waited < self._patience_ms:
            return []
        return [self._end(self._asked)]

    def _cut(self) -> list[TurnEvent]:
        if self._asked is not None:
            return [self._end(self._asked)]
        ask = self._ask()
        return [ask, self._end(ask.attempt)]

    def _end(self, attempt: int) -> Ended:
        ended = Ended(attempt, self._first_ms or 0, self._last_ms)
        self._floor_ms = self._last_ms
        self._rest()
        return ended
