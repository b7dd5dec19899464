"""Days of the practice: public holidays and workdays counted from today."""

from datetime import date, timedelta


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the nth such weekday of a month; `nth` -1 is the last one."""
    if nth < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        return following - timedelta(days=(following.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def holidays_of(year: int) -> dict[date, str]:
    """Return the days on which the demo practice is closed."""
    thanksgiving = nth_weekday(year, 11, 3, 4)
    return {
        date(year, 1, 1): "New Year's Day",
        nth_weekday(year, 5, 0, -1): "Memorial Day",
        date(year, 7, 4): "Independence Day",
        nth_weekday(year, 9, 0, 1): "Labor Day",
        thanksgiving: "Thanksgiving Day",
        thanksgiving + timedelta(days=1): "the day after Thanksgiving",
        date(year, 12, 25): "Christmas Day",
    }


def holidays_around(today: date) -> dict[date, str]:
    """Return the holidays of last year, this year and the two after."""
    return {day: name for year in range(today.year - 1, today.year + 3) for day, name in holidays_of(year).items()}


def workday(today: date, count: int) -> date:
    """Return the `count`-th workday after today (before it when negative); zero is not a day."""
    closed = holidays_around(today)
    step = timedelta(days=1 if count > 0 else -1)
    day, left = today, abs(count)
    while left:
        day += step
        if day.weekday() < 5 and day not in closed:
            left -= 1
    return day
