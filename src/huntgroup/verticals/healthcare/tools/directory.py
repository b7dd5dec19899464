"""What anybody may ask: who works here, what we offer, and when we are open."""

from collections import defaultdict
from datetime import time, timedelta
from typing import Any

from sqlalchemy import select

from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import Answer, Desk, Refused, at_desk, done
from huntgroup.verticals.healthcare.office.directory import active_providers, find_provider, in_field
from huntgroup.verticals.healthcare.rules.names import name_key
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.rules.spoken import WEEKDAYS, say_date, say_list, say_price, say_time
from huntgroup.verticals.healthcare.tables import Holiday, OfficeHours, Provider, ProviderSchedule, Service

_HOLIDAYS_AHEAD_DAYS = 30


@tool(effect="read")
async def get_providers(
    ctx: ToolContext, specialization: str | None = None, accepting_new_patients: bool | None = None
) -> dict[str, Any]:
    """List the doctors of the practice, all of them or those of one field.

    Examples:
        which doctors do you have
        who works at your practice
        do you have a pediatrician
        is there a heart specialist
        which doctors are taking new patients
        who are your dentists
        I'm looking for a children's doctor
        tell me who your providers are
        what kinds of doctors are there

    Args:
        specialization: A field such as "family medicine" or "dentist", when the caller wants one.
        accepting_new_patients: True for only those who take new patients.
    """

    async def work(desk: Desk) -> Answer:
        everybody = await active_providers(desk)
        found = in_field(everybody, specialization)
        if accepting_new_patients:
            found = [one for one in found if one.accepting_new_patients]
        if not found:
            fields = sorted({one.specialization.lower() for one in everybody})
            raise Refused(
                "none_found", f"We have nobody for that. We offer {say_list(fields)}.", specializations=fields
            )
        rows = [_row(one) for one in found]
        return done(f"{_say_providers(found)}.", providers=rows)

    return await at_desk(ctx, work)


def _row(one: Provider) -> dict[str, Any]:
    return {
        "provider": one.spoken_name,
        "specialization": one.specialization,
        "accepting_new_patients": one.accepting_new_patients,
        "telehealth": one.telehealth,
    }


def _say_providers(found: list[Provider]) -> str:
    by_field: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_field[one.specialization.lower()].append(one.spoken_name)
    return "We have " + say_list([f"{say_list(names)} in {field}" for field, names in by_field.items()])


@tool(effect="read")
async def get_provider_info(ctx: ToolContext, provider: str) -> dict[str, Any]:
    """Tell about one provider: field, weekly schedule, video visits, languages, usual length of a visit.

    Examples:
        tell me about Dr. Smith
        which days does Dr. Hall work
        does Dr. Smith do video visits
        what languages does Dr. Hall speak
        is Dr. Smith taking new patients
        how long does Dr. Hall take for each patient
        what is Dr. Smith's weekly schedule
        what kind of doctor is Dr. Hall
        what is Dr. Smith's field

    Args:
        provider: The provider's name, such as "Dr. Smith".
    """

    async def work(desk: Desk) -> Answer:
        one = await find_provider(desk, provider)
        query = select(ProviderSchedule).where(ProviderSchedule.provider_id == one.id)
        blocks = sorted(await desk.session.scalars(query), key=lambda block: (block.weekday, block.starts))
        days = sorted({block.weekday for block in blocks})
        schedule = [
            {"weekday": WEEKDAYS[block.weekday], "from": f"{block.starts:%H:%M}", "to": f"{block.ends:%H:%M}"}
            for block in blocks
        ]
        more = {
            "schedule": schedule,
            "languages": one.languages,
            "default_duration": one.default_duration_min,
        }
        return done(_say_provider(one, days), **_row(one), **more)

    return await at_desk(ctx, work)


def _say_provider(one: Provider, days: list[int]) -> str:
    video = "offers video visits" if one.telehealth else "does not offer video visits"
    new = "takes new patients" if one.accepting_new_patients else "is not taking new patients"
    return (
        f"{one.spoken_name} works in {one.specialization.lower()}, on {say_days(days)}, {video}, and {new}. "
        f"A visit usually takes {one.default_duration_min} minutes."
    )


def say_days(days: list[int]) -> str:
    """Return "Monday to Friday" for a run of three or more, else the days by name."""
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return say_list([WEEKDAYS[day] for day in days]) if len(days) <= 5 else "most days"


@tool(effect="read")
async def get_services(ctx: ToolContext, category: str | None = None) -> dict[str, Any]:
    """Tell which services the practice offers, with billing code, length and price.

    Examples:
        what services do you offer
        how much is a checkup
        do you give flu shots
        what does a teeth cleaning cost
        do you do blood tests
        how long does a physical take
        what's the price of a visit
        can I get an x-ray at your place
        do you have dental services

    Args:
        category: The service or category that the caller names, such as "teeth cleaning", "flu shot", "blood draw",
            "checkup", "filling", "dental", "lab" or "cardiology".
    """

    async def work(desk: Desk) -> Answer:
        query = select(Service).order_by(Service.id)
        every = [one for one in await desk.session.scalars(query) if one.category.practice_id == desk.practice.id]
        found = [one for one in every if not category or _about(one, category)]
        categories = list(dict.fromkeys(one.category.name for one in every))
        if not found:
            raise Refused("unknown_service", f"We don't offer that. We have {say_list(categories)}.",
                          categories=categories)  # fmt: skip
        return done(_say_services(found, categories, category), services=[_service_row(one) for one in found])

    return await at_desk(ctx, work)


def _about(one: Service, wanted: str) -> bool:
    """Whether a service is meant: its category, or all words of the wish in its name, singular or plural."""
    if name_key(wanted).rstrip("s") == name_key(one.category.name).rstrip("s"):
        return True
    name = name_key(one.name)
    return all(name_key(word).rstrip("s") in name for word in wanted.split())


def _say_services(found: list[Service], categories: list[str], category: str | None) -> str:
    if not category:
        return f"We offer {say_list([name.lower() for name in categories])}. Which one would you like to hear about?"
    words = [f"{one.name.lower()} for {say_price(one.price)}, {one.duration_min} minutes" for one in found]
    return f"We have {'; '.join(words[:3])}." + (f" And {len(words) - 3} more." if len(words) > 3 else "")


def _service_row(one: Service) -> dict[str, Any]:
    return {
        "service": one.name,
        "category": one.category.name,
        "code": f"{one.code_system} {one.code}",
        "duration": one.duration_min,
        "price": str(one.price),
        "appointment_type": one.appointment_type,
    }


@tool(effect="read")
async def get_office_hours(ctx: ToolContext) -> dict[str, Any]:
    """Tell when the office is open on each weekday, which holidays are near, where it is, and whether it is open now.

    Examples:
        what are your hours
        are you open right now
        when do you open tomorrow
        what time do you close
        are you open on Saturday
        are you closed for the holiday
        how late are you there today
        is the office open on weekends
        where are you located
    """

    async def work(desk: Desk) -> Answer:
        week = await office_week(desk)
        holidays = await _coming_holidays(desk)
        is_open = open_now(desk, week, holidays)
        hours = [{"weekday": WEEKDAYS[day], **_hours_row(week.get(day))} for day in range(7)]
        message = f"We are {'open' if is_open else 'closed'} right now. {_say_week(week)}"
        if holidays:
            day = min(holidays)
            message += f" We are closed on {say_date(day)}, for {holidays[day]}."
        rows = [{"date": day.isoformat(), "name": name} for day, name in sorted(holidays.items())]
        return done(message, open_now=is_open, hours=hours, holidays=rows, address=desk.practice.address)

    return await at_desk(ctx, work)


async def office_week(desk: Desk) -> dict[int, tuple[time, time]]:
    """Return opening and closing time by weekday; closed days are missing."""
    query = select(OfficeHours).where(OfficeHours.practice_id == desk.practice.id)
    return {
        row.weekday: (row.opens, row.closes)
        for row in await desk.session.scalars(query)
        if row.opens is not None and row.closes is not None
    }


async def _coming_holidays(desk: Desk) -> dict[Any, str]:
    query = select(Holiday).where(
        Holiday.practice_id == desk.practice.id,
        Holiday.day.between(desk.today, desk.today + timedelta(days=_HOLIDAYS_AHEAD_DAYS)),
    )
    return {row.day: row.name for row in await desk.session.scalars(query)}


def open_now(desk: Desk, week: dict[int, tuple[time, time]], holidays: dict[Any, str]) -> bool:
    """Whether the clock on the practice's wall is within today's hours."""
    hours = None if desk.today in holidays else week.get(desk.today.weekday())
    if hours is None:
        return False
    opens, closes = (at_wall_clock(desk.today, clock, desk.zone) for clock in hours)
    return opens <= desk.now < closes


def _hours_row(hours: tuple[time, time] | None) -> dict[str, str | None]:
    opens, closes = hours if hours else (None, None)
    return {"opens": f"{opens:%H:%M}" if opens else None, "closes": f"{closes:%H:%M}" if closes else None}


def _say_week(week: dict[int, tuple[time, time]]) -> str:
    runs: list[tuple[list[int], tuple[time, time]]] = []
    for day, hours in sorted(week.items()):
        if runs and runs[-1][1] == hours and runs[-1][0][-1] == day - 1:
            runs[-1][0].append(day)
        else:
            runs.append(([day], hours))
    words = [f"{say_days(days)} from {say_time(start)} to {say_time(end)}" for days, (start, end) in runs]
    return f"Our hours are {say_list(words)}."
