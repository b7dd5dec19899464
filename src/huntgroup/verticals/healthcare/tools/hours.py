"""When the office is open, and whether it is open now."""

from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import Answer, Desk, at_desk, done
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.rules.spoken import WEEKDAYS, say_date, say_days, say_list, say_time
from huntgroup.verticals.healthcare.tables import Holiday, OfficeHours

_HOLIDAYS_AHEAD_DAYS = 30


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


async def _coming_holidays(desk: Desk) -> dict[date, str]:
    query = select(Holiday).where(
        Holiday.practice_id == desk.practice.id,
        Holiday.day.between(desk.today, desk.today + timedelta(days=_HOLIDAYS_AHEAD_DAYS)),
    )
    return {row.day: row.name for row in await desk.session.scalars(query)}


def open_now(desk: Desk, week: dict[int, tuple[time, time]], holidays: dict[date, str]) -> bool:
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
