"""Arguments as the tools' schemas promise them; what does not fit is refused in words the caller can answer."""

import re
from datetime import date, time

from huntgroup.verticals.healthcare.office.desk import Refused
from huntgroup.verticals.healthcare.rules.names import phone_digits

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::00)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
_MAX_AHEAD_DAYS = 366


def parse_day(text: str) -> date:
    """Return the date of "YYYY-MM-DD"."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise Refused("bad_date", "I did not catch the date. Which day would you like?") from None


def parse_coming_day(text: str, today: date) -> date:
    """Return a date from today on, at most a year ahead."""
    day = parse_day(text)
    if day < today:
        raise Refused("past_date", "That date has already passed. Which day would you like instead?")
    if (day - today).days > _MAX_AHEAD_DAYS:
        raise Refused("too_far_ahead", "I can only book up to one year ahead. Which day would you like instead?")
    return day


def parse_birth(text: str, today: date) -> date:
    """Return a date of birth, which lies in the past and within a human life."""
    try:
        born = parse_day(text)
    except Refused:
        born = today
    if born >= today or today.year - born.year > 120:
        raise Refused("bad_date_of_birth", "I did not catch the date of birth. Could you say it again, with the year?")
    return born


def parse_clock(text: str) -> time:
    """Return the time of "14:30" or "2:30 PM"."""
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if match and match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        raise Refused("bad_time", "I did not catch the time. What time would you like?")
    return time(hour, minute)


def parse_phone(text: str) -> str:
    """Return ten digits."""
    digits = phone_digits(text)
    if digits is None:
        raise Refused("bad_phone", "I need a phone number with ten digits. Could you say it again, digit by digit?")
    return digits


def parse_duration(minutes: int | None, default: int) -> int:
    """Return minutes that a visit can take."""
    if minutes is None:
        return default
    if not 5 <= minutes <= 240:
        raise Refused("bad_duration", "A visit takes between five minutes and four hours. How long should it be?")
    return minutes


def parse_id(text: str | int) -> int:
    """Return the number of a row; 0, which no row has, for anything else."""
    digits = str(text).strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0
