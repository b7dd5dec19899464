"""The real clock with another time of day, for calls whose data have a date."""

from datetime import datetime

from huntgroup.domain.clock import SystemClock


class ShiftedClock(SystemClock):
    """Runs as the machine's clock does, but began at `start`, which must be aware."""

    def __init__(self, start: datetime) -> None:
        self._offset = start - SystemClock().utc_now()

    def utc_now(self) -> datetime:
        return super().utc_now() + self._offset
