"""Written English to spoken English: times, money, dates, phone numbers, codes, titles."""

from __future__ import annotations

import re
from collections.abc import Callable

from huntgroup.engine.speaking.numbers import cardinal, digits, ordinal, year

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join([*MONTHS, *(name[:3] + r"\.?" for name in MONTHS if name != "May"), r"Sept\.?"])
_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
}
_DAYS |= {
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_TITLES = {
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "St": "Saint",
    "Prof": "Professor",
}
_SHORT = {
    "appt": "appointment",
    "approx": "approximately",
    "min": "minutes",
    "mins": "minutes",
    "hrs": "hours",
}
_SHORT |= {
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "vs": "versus",
    "ext": "extension",
}
_UNITS = {
    "mg": "milligrams",
    "ml": "milliliters",
    "kg": "kilograms",
    "lb": "pounds",
    "lbs": "pounds",
}
_UNITS |= {"cm": "centimeters", "km": "kilometers", "ft": "feet", "sq": "square"}

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def spoken(text: str) -> str:
    """Return the text as a person would read it aloud; idempotent on plain words."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return " ".join(text.split())


def _month(name: str) -> str:
    return next(month for month in MONTHS if month.startswith(name.rstrip(".")[:3]))


def _date(month: str, day: str, written_year: str | None) -> str:
    said = f"{month} {ordinal(int(day))}"
    return f"{said}, {year(int(written_year))}" if written_year else said


def _iso(match: re.Match[str]) -> str:
    number, month, day = match.groups()
    return _date(MONTHS[int(month) - 1], day, number) if 1 <= int(month) <= 12 else match[0]


def _us_date(match: re.Match[str]) -> str:
    month, day, number = match.groups()
    return _date(MONTHS[int(month) - 1], day, number) if 1 <= int(month) <= 12 else match[0]


def _named_date(match: re.Match[str]) -> str:
    return _date(_month(match[1]), match[2], match[3])


def _time(match: re.Match[str]) -> str:
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    suffix = f" {half[0].upper()} M" if half else ""
    if minute == 0:
        return cardinal(hour) + (suffix or (" o'clock" if 1 <= hour <= 12 else " hundred"))
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{suffix}"


def _hour(match: re.Match[str]) -> str:
    return f"{cardinal(int(match[1]))} {match[2].upper()} M"


def _money(match: re.Match[str]) -> str:
    whole, cents = int(match[1].replace(",", "")), int(match[2] or 0)
    said = f"{cardinal(whole)} dollar{'' if whole == 1 else 's'}"
    return said + (f" and {cardinal(cents)} cent{'' if cents == 1 else 's'}" if cents else "")


def _phone(match: re.Match[str]) -> str:
    return ", ".join(digits(group) for group in match.groups() if group)


def _code(match: re.Match[str]) -> str:
    letters = " ".join(match[1])
    return f"{letters}, {digits(match[2])}"


def _number(match: re.Match[str]) -> str:
    plain = match[0].replace(",", "")
    if (len(plain) >= 5 and "," not in match[0]) or (plain.startswith("0") and len(plain) > 1):
        return digits(plain)
    if len(plain) == 4 and 1900 <= int(plain) <= 2099:
        return year(int(plain))
    return cardinal(int(plain)) if len(plain) <= 12 else digits(plain)


def _decimal(match: re.Match[str]) -> str:
    return f"{cardinal(int(match[1]))} point {digits(match[2])}"


def _email(match: re.Match[str]) -> str:
    return match[0].replace("@", " at ").replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ")


def _rule(pattern: str, say: Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    return re.compile(pattern, flags), say


_RULES: tuple[Rule, ...] = (
    _rule(r"[\x00-\x1f\x7f<>*`|\\^~{}\[\]]+|_{2,}", lambda m: " "),
    _rule(r"https?://(?:www\.)?", lambda m: ""),
    _rule(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", _email),
    _rule(r"[‘’]", lambda m: "'"),
    _rule(r"(?<=\w)[–—](?=\w)|\s[–—]\s(?=\d)", lambda m: " to "),
    _rule(r"\s*[–—]\s*", lambda m: ", "),
    _rule(r"\b(?:and/or)\b", lambda m: "and or"),
    _rule(r"\b24/7\b", lambda m: "twenty four seven"),
    _rule(r"\b(\d{4})-(\d{2})-(\d{2})\b", _iso),
    _rule(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", _us_date),
    _rule(
        rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?(?!:)",
        _named_date,
    ),
    _rule(
        r"(\d|[ap]\.?m\.?)\s*-\s*(?=\d{1,2}(?::\d\d)?\s*[ap]\.?m)",
        lambda m: f"{m[1]} to ",
        re.IGNORECASE,
    ),
    _rule(r"(:\d\d)\s*-\s*(?=\d)", lambda m: f"{m[1]} to "),
    _rule(
        r"\b(\d{1,2}):([0-5]\d)(?::\d\d)?(?:\s*([ap])(?:\.\s?m\.|m\b))?",
        _time,
        re.IGNORECASE,
    ),
    _rule(r"\b(\d{1,2})\s?([ap])(?:\.\s?m\.|m\b)", _hour, re.IGNORECASE),
    _rule(r"\$\s?(\d[\d,]*)(?:\.(\d{2}))?(?!\d)", _money),
    _rule(r"(?:\+?(1)[-. ]?)?\(?\b(\d{3})\)?[-. ]+(\d{3})[-. ]+(\d{4})\b", _phone),
    _rule(r"\+(\d)(\d{3})(\d{3})(\d{4})\b", _phone),
    _rule(r"\b(\d{3})[-.](\d{4})\b", _phone),
    _rule(r"\b([A-Z]{1,5})[-# ]{0,2}(\d{3,})\b", _code),
    _rule(
        r"\b(MRN|ID|DOB|SSN|MRI|ER|SMS|ZIP|VIN|HVAC|PIN|OK|US|CT|ECG|EKG|IT|AC|TV)\b",
        lambda m: " ".join(m[1]),
    ),
    _rule(r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1]))),
    _rule(r"(\d)\s?(mg|ml|kg|lbs?|cm|km|ft|sq)\b\.?", lambda m: f"{m[1]} {_UNITS[m[2]]}"),
    _rule(r"(\d)\s?%", lambda m: f"{m[1]} percent"),
    _rule(r"#\s?(?=\d)", lambda m: "number "),
    _rule(r"\s?&\s?", lambda m: " and "),
    _rule(r"\b(\d+)\.(\d+)\b", _decimal),
    _rule(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+\b", _number),
    _rule(r"\b(Dr|Mr|Mrs|Ms|St|Prof)\.(?=\s+[A-Z])", lambda m: _TITLES[m[1]]),
    _rule(
        r"\b(Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)\b\.?(?=[\s,]|$)",
        lambda m: _DAYS.get(m[1], m[1]),
    ),
    _rule(rf"\b({'|'.join(_SHORT)})\.", lambda m: _SHORT[m[1]]),
    _rule(r"\s*[()]\s*(?=\w)", lambda m: ", "),
    _rule(r"[\"“”#=+_/()]+", lambda m: " "),
    _rule(r"\s+(?=[,.!?;:])", lambda m: ""),
)
