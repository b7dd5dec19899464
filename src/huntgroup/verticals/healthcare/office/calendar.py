"""What of the providers' time is free: schedules − time off − holidays − bookings with their buffers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from huntgroup.verticals.healthcare.office.desk import Desk
from huntgroup.verticals.healthcare.rules.slots import (
    Span,
    at_wall_clock,
    fits,
    free_starts,
    nearest,
    working_spans,
)
from huntgroup.verticals.healthcare.rules.spoken import say_when
from huntgroup.verticals.healthcare.tables import (
    ACTIVE_STATUSES,
    Appointment,
    Holiday,
    Provider,
    ProviderSchedule,
    ProviderTimeOff,
)

HORIZON_DAYS = 14


@dataclass(frozen=True)
class Slot:
    """A free start with a provider."""

    provider: Provider
    start: datetime
    duration_min: int

    def row(self) -> dict[str, object]:
        """Return the slot under the names of the arguments that book it."""
        return {
            "provider": self.provider.spoken_name,
            "date": self.start.date().isoformat(),
            "time": f"{self.start:%H:%M}",
            "duration": self.duration_min,
            "spoken": say_when(self.start),
        }


class Calendar:
    """The taken and the working time of some providers over some days, read once."""

    def __init__(
        self,
        desk: Desk,
        weekly: dict[int, dict[int, list[tuple[time, time]]]],
        taken: dict[int, list[Span]],
        closed: frozenset[date],
    ) -> None:
        self._desk = desk
        self._weekly = weekly
        self._taken = taken
        self._closed = closed

    def closed_on(self, day: date) -> bool:
        return day in self._closed

    def working(self, provider: Provider, day: date) -> list[Span]:
        """Return the provider's working time of a day; none on holidays."""
        blocks = [] if day in self._closed else self._weekly[provider.id][day.weekday()]
        return working_spans(day, blocks, self._desk.zone)

    def starts(self, provider: Provider, day: date, duration_min: int) -> list[datetime]:
        """Return the free starts of a day that are yet to come, on the offered grid."""
        return free_starts(
            self.working(provider, day),
            self._taken[provider.id],
            duration_min=duration_min,
            buffer_min=provider.buffer_min,
            not_before=self._desk.now,
        )

    def fits(self, provider: Provider, start: datetime, duration_min: int) -> bool:
        visit = Span(start, start + timedelta(minutes=duration_min))
        working = self.working(provider, start.astimezone(self._desk.zone).date())
        return fits(visit, provider.buffer_min, working, self._taken[provider.id])


async def read_calendar(desk: Desk, providers: Sequence[Provider], first: date, last: date) -> Calendar:
    """Read the calendar of `providers` from `first` to `last`, both included."""
    ids = [provider.id for provider in providers]
    start, end = (
        at_wall_clock(first, time.min, desk.zone),
        at_wall_clock(last + timedelta(days=1), time.min, desk.zone),
    )
    taken = defaultdict(list, await _booked(desk, ids, start, end))
    for off in await desk.session.scalars(
        select(ProviderTimeOff).where(
            ProviderTimeOff.provider_id.in_(ids),
            ProviderTimeOff.starts_at < end,
            ProviderTimeOff.ends_at > start,
        )
    ):
        taken[off.provider_id].append(Span(off.starts_at, off.ends_at))
    return Calendar(desk, await _weekly(desk, ids), taken, await closed_days(desk, first, last))


async def closed_days(desk: Desk, first: date, last: date) -> frozenset[date]:
    """Return the practice's holidays in a stretch of days."""
    query = select(Holiday.day).where(Holiday.practice_id == desk.practice.id, Holiday.day.between(first, last))
    return frozenset(await desk.session.scalars(query))


async def _weekly(desk: Desk, ids: list[int]) -> dict[int, dict[int, list[tuple[time, time]]]]:
    weekly: dict[int, dict[int, list[tuple[time, time]]]] = defaultdict(lambda: defaultdict(list))
    for block in await desk.session.scalars(select(ProviderSchedule).where(ProviderSchedule.provider_id.in_(ids))):
        weekly[block.provider_id][block.weekday].append((block.starts, block.ends))
    return weekly


async def _booked(desk: Desk, ids: list[int], start: datetime, end: datetime) -> dict[int, list[Span]]:
    booked: dict[int, list[Span]] = defaultdict(list)
    query = select(Appointment.provider_id, Appointment.starts_at, Appointment.occupied_until).where(
        Appointment.provider_id.in_(ids),
        Appointment.status.in_(ACTIVE_STATUSES),
        Appointment.starts_at < end,
        Appointment.occupied_until > start,
    )
    for provider_id, begins, until in await desk.session.execute(query):
        booked[provider_id].append(Span(begins, until))
    return booked


async def alternatives(desk: Desk, provider: Provider, wanted: datetime, duration_min: int) -> list[Slot]:
    """Return up to five free slots near `wanted`: the same day first, then the days after."""
    day = max(wanted.astimezone(desk.zone).date(), desk.today)
    last = day + timedelta(days=HORIZON_DAYS)
    calendar = await read_calendar(desk, [provider], day, last)
    found: list[datetime] = nearest(calendar.starts(provider, day, duration_min), wanted, 5)
    while len(found) < 5 and day < last:
        day += timedelta(days=1)
        same_hour = wanted.astimezone(desk.zone).replace(year=day.year, month=day.month, day=day.day)
        found += nearest(calendar.starts(provider, day, duration_min), same_hour, min(2, 5 - len(found)))
    return [Slot(provider, start, duration_min) for start in found]
