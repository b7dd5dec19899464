"""Dates, times, numbers and lists as a person says them on the phone. The practice's wall clock is the caller's job."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MAX_LISTED = 5
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "3rd", "11th" and so on."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def say_date(day: date) -> str:
    """Return "Tuesday, December 1st"."""
    return f"{WEEKDAYS[day.weekday()]}, {day:%B} {ordinal(day.day)}"


def say_full_date(day: date) -> str:
    """Return "April 12th, 1985", as dates of birth and of prescriptions are said."""
    return f"{day:%B} {ordinal(day.day)}, {day.year}"


def say_time(moment: time | datetime) -> str:
    """Return "3 PM" or "3:30 PM"; noon and midnight are said as words."""
    if moment.minute == 0 and moment.hour in (0, 12):
        return "noon" if moment.hour == 12 else "midnight"
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    return f"{hour} {half}" if moment.minute == 0 else f"{hour}:{moment.minute:02d} {half}"


def say_when(moment: datetime) -> str:
    """Return "Tuesday, December 1st at 3 PM" for a moment in the practice's time zone."""
    return f"{say_date(moment.date())} at {say_time(moment)}"


def say_now(moment: datetime) -> str:
    """Return "Sunday, November 22, 2026, 2:05 PM", the form in which prompts tell the time."""
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    weekday = WEEKDAYS[moment.weekday()]
    return f"{weekday}, {moment:%B} {moment.day}, {moment.year}, {hour}:{moment.minute:02d} {half}"


def say_list(items: Sequence[str], *, last: str = "and") -> str:
    """Return "a, b, and c". At most `MAX_LISTED` are said; what is left is counted ("and 3 more")."""
    said = list(items[:MAX_LISTED])
    more = len(items) - len(said)
    if more:
        return f"{', '.join(said)}, {last if last == 'and' else 'or'} {more} more"
    if len(said) < 3:
        return f" {last} ".join(said)
    return f"{', '.join(said[:-1])}, {last} {said[-1]}"


def say_phone(digits: str) -> str:
    """Return ten digits in the groups in which they are spoken: "585-555-0142"."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else ", ".join(digits)


def say_digits(digits: str) -> str:
    """Return a short number digit by digit, as "nine one one": no voice may make nine hundred eleven of it."""
    return " ".join(_DIGITS[int(digit)] for digit in digits)


def say_price(amount: Decimal) -> str:
    """Return "120 dollars" or "85 dollars and 50 cents"."""
    dollars, cents = divmod(int((amount * 100).to_integral_value()), 100)
    return f"{dollars} dollars and {cents} cents" if cents else f"{dollars} dollars"


def say_count(number: int, noun: str) -> str:
    """Return "1 refill" or "2 refills"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def say_days(days: list[int]) -> str:
    """Return "Monday to Friday" for a run of three or more, else the days by name."""
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return say_list([WEEKDAYS[day] for day in days]) if len(days) <= 5 else "most days"
