"""Free time as arithmetic on intervals: schedule, minus what is taken. Nothing here knows of a database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Span:
    """A half-open stretch of time; both ends are aware."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


def at_wall_clock(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment when the clock on the practice's wall shows `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=zone)


def working_spans(day: date, blocks: Iterable[tuple[time, time]], zone: ZoneInfo) -> list[Span]:
    """Return the blocks of one weekday as moments, in order."""
    return sorted(Span(at_wall_clock(day, start, zone), at_wall_clock(day, end, zone)) for start, end in blocks)


def grid_min(duration_min: int) -> int:
    """How far apart starts are offered: half hours, quarters for short visits."""
    return 15 if duration_min < 30 else 30


def fits(visit: Span, buffer_min: int, working: Sequence[Span], taken: Sequence[Span]) -> bool:
    """Whether `visit` lies in working time and it and its buffer touch nothing that is taken.

    Spans in `taken` must include their own buffers. A buffer may reach past the end of the working time.
    """
    occupied = Span(visit.start, visit.end + timedelta(minutes=buffer_min))
    return any(block.covers(visit) for block in working) and not any(occupied.overlaps(span) for span in taken)


def free_starts(
    working: Sequence[Span],
    taken: Sequence[Span],
    *,
    duration_min: int,
    buffer_min: int,
    not_before: datetime,
) -> list[datetime]:
    """Return the starts on the grid, in order, at which a visit of `duration_min` fits and which are yet to come."""
    step, length = timedelta(minutes=grid_min(duration_min)), timedelta(minutes=duration_min)
    found = []
    for block in working:
        start = block.start
        while start + length <= block.end:
            visit = Span(start, start + length)
            if start > not_before and fits(visit, buffer_min, [block], taken):
                found.append(start)
            start += step
    return found


def spread(starts: Sequence[datetime], count: int) -> list[datetime]:
    """Return at most `count` of `starts`, evenly over the day, the first and the last among them."""
    if len(starts) <= count:
        return list(starts)
    last = len(starts) - 1
    return [starts[round(index * last / (count - 1))] for index in range(count)]


def nearest(starts: Sequence[datetime], wanted: datetime, count: int) -> list[datetime]:
    """Return the `count` of `starts` that lie nearest to `wanted`, in order of time."""
    return sorted(sorted(starts, key=lambda start: abs(start - wanted))[:count])
