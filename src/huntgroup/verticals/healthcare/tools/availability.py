"""Free times: of one provider on one day, or the next ones there are."""

import datetime
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.booking import say_slots
from huntgroup.verticals.healthcare.office.calendar import HORIZON_DAYS, Calendar, Slot, read_calendar
from huntgroup.verticals.healthcare.office.desk import Answer, Desk, Refused, at_desk, done
from huntgroup.verticals.healthcare.office.directory import active_providers, find_provider, in_field
from huntgroup.verticals.healthcare.office.parse import parse_coming_day, parse_duration
from huntgroup.verticals.healthcare.rules.slots import spread
from huntgroup.verticals.healthcare.rules.spoken import say_date, say_list, say_time
from huntgroup.verticals.healthcare.tables import Provider

_SAID = 4
_FOUND = 5
_ROWS = 20


@tool(effect="read")
async def get_available_slots(
    ctx: ToolContext, provider: str, date: str, duration: int | None = None
) -> dict[str, Any]:
    """List the free times of one provider on one day.

    Examples:
        what times does Dr. Smith have on Monday
        is Dr. Hall free on Thursday
        do you have anything open on the fifth with Dr. Smith
        which times are available tomorrow with Dr. Hall
        does the doctor have any openings next Wednesday
        what does Dr. Smith's Friday look like
        is there a free slot on Tuesday afternoon
        which hours are still open that day
        can Dr. Smith see me on the twelfth

    Args:
        provider: The provider's name, such as "Dr. Smith".
        date: The day asked about, ISO date YYYY-MM-DD.
        duration: Minutes, only when the caller asks for a certain length.
    """

    async def work(desk: Desk) -> Answer:
        chosen = await find_provider(desk, provider)
        day = parse_coming_day(date, desk.today)
        minutes = parse_duration(duration, chosen.default_duration_min)
        calendar = await read_calendar(desk, [chosen], day, day + timedelta(days=HORIZON_DAYS))
        starts = calendar.starts(chosen, day, minutes)
        if not starts:
            return _none_that_day(desk, calendar, chosen, day, minutes)
        said = say_list([say_time(start) for start in spread(starts, _SAID)], last="or")
        more = ", among others" if len(starts) > _SAID else ""
        rows = [Slot(chosen, start, minutes).row() for start in starts[:_ROWS]]
        return done(f"On {say_date(day)}, {chosen.spoken_name} has {said}{more}. Which would you like?", slots=rows)

    return await at_desk(ctx, work)


def _none_that_day(desk: Desk, calendar: Calendar, provider: Provider, day: datetime.date, minutes: int) -> Answer:
    """Say why the day has nothing and what the next openings are."""
    later = _first_slots(calendar, [provider], day, minutes)[:_FOUND]
    closed = calendar.closed_on(day)
    works = bool(calendar.working(provider, day))
    why = "is fully booked" if works else "is not in"
    message = f"{provider.spoken_name} {why} on {say_date(day)}."
    if closed:
        message = f"We are closed on {say_date(day)}."
    if later:
        message += f" The next openings are {say_slots(later[:3])}. Which would you like?"
    return {"ok": False, "error": "closed" if closed else "no_openings", "message": message, "slots": [],
            "alternatives": [slot.row() for slot in later]}  # fmt: skip


@tool(effect="read")
async def find_next_available(
    ctx: ToolContext,
    provider: str | None = None,
    specialization: str | None = None,
    duration: int | None = None,
) -> dict[str, Any]:
    """Find the first free times in the next 14 days, with a certain provider, in a specialization, or with anybody.

    Examples:
        what's the earliest appointment with Dr. Hall
        when is the next available time
        what's the soonest I can come in
        first available with Dr. Smith please
        do you have anything this week
        how soon can somebody see me
        I'll take whatever comes up first
        when could I see a dentist
        the next opening with a heart doctor
        who can see me the quickest

    Args:
        provider: The provider's name, when the caller wants a certain one.
        specialization: A field such as "family medicine" or "dentist", when the caller wants one.
        duration: Minutes, only when the caller asks for a certain length.
    """

    async def work(desk: Desk) -> Answer:
        chosen = await _who(desk, provider, specialization)
        calendar = await read_calendar(desk, chosen, desk.today, desk.today + timedelta(days=HORIZON_DAYS))
        minutes = parse_duration(duration, 0) or None
        slots = _first_slots(calendar, chosen, desk.today, minutes)[:_FOUND]
        if not slots:
            raise Refused("no_openings", "There is nothing free in the next two weeks. Shall I look at another "
                          "provider, or have somebody call you back?")  # fmt: skip
        return done(_say_first(slots), slots=[slot.row() for slot in slots])

    return await at_desk(ctx, work)


async def _who(desk: Desk, provider: str | None, specialization: str | None) -> list[Provider]:
    if provider:
        return [await find_provider(desk, provider)]
    everybody = await active_providers(desk)
    meant = in_field(everybody, specialization)
    if not meant:
        fields = sorted({one.specialization.lower() for one in everybody})
        raise Refused("unknown_specialization", f"We don't have that here. We have {say_list(fields)}.",
                      specializations=fields)  # fmt: skip
    return meant


def _first_slots(
    calendar: Calendar, providers: Sequence[Provider], first: datetime.date, duration_min: int | None
) -> list[Slot]:
    """Return the first free slot of each provider's half-days, in order of time, so that choices differ."""
    found: list[Slot] = []
    for day in (first + timedelta(days=number) for number in range(HORIZON_DAYS + 1)):
        for provider in providers:
            minutes = duration_min or provider.default_duration_min
            halves: dict[bool, Slot] = {}
            for start in calendar.starts(provider, day, minutes):
                halves.setdefault(start.hour < 12, Slot(provider, start, minutes))
            found.extend(halves.values())
        if len(found) >= _FOUND:
            break
    return sorted(found, key=lambda slot: (slot.start, slot.provider.id))


def _say_first(slots: Sequence[Slot]) -> str:
    first = slots[0]
    when = f"{first.provider.spoken_name} on {first.row()['spoken']}"
    if len(slots) == 1:
        return f"The only opening is with {when}. Would you like it?"
    second = slots[1]
    who = "" if second.provider.id == first.provider.id else f"with {second.provider.spoken_name} "
    return f"The first opening is with {when}. After that, {who}on {second.row()['spoken']}. Which would you like?"
