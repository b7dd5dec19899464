"""The demo practice: departments, providers, services, hours, insurance plans. Names survive a telephone."""

from datetime import time
from typing import NamedTuple

PRACTICE = {
    "name": "Lakeside Family Health",
    "phone": "5855550100",
    "address": "120 Lake Avenue, Rochester, New York",
    "timezone": "America/New_York",
    "emergency_number": "911",
}


class ProviderSeed(NamedTuple):
    """`days` are weekdays of full days, `saturday` adds a morning; `services` are names of the catalogue."""

    first_name: str
    last_name: str
    credentials: str
    department: str
    specialization: str
    days: tuple[int, ...]
    saturday: bool
    accepting: bool
    telehealth: bool
    duration_min: int
    buffer_min: int
    languages: str = "English"


DEPARTMENTS = (
    ("Family Medicine", "first floor"),
    ("Pediatrics", "first floor"),
    ("Cardiology", "second floor"),
    ("Dental", "ground floor"),
)

PROVIDERS = (
    ProviderSeed("Emily", "Chen", "MD", "Family Medicine", "Family medicine", (0, 1, 2, 3, 4), True, True, True, 30, 0),
    ProviderSeed(
        "Robert",
        "Johnson",
        "MD",
        "Family Medicine",
        "Family medicine",
        (0, 1, 2, 3),
        False,
        True,
        True,
        30,
        0,
    ),
    ProviderSeed("Laura", "Adams", "DO", "Family Medicine", "Family medicine", (1, 2, 4), False, False, True, 30, 10),
    ProviderSeed("Sarah", "Brooks", "MD", "Pediatrics", "Pediatrics", (0, 1, 3, 4), True, True, True, 20, 10),
    ProviderSeed(
        "Daniel",
        "Garcia",
        "MD",
        "Pediatrics",
        "Pediatrics",
        (0, 2, 4),
        False,
        True,
        False,
        20,
        10,
        "English, Spanish",
    ),
    ProviderSeed("Anita", "Patel", "MD", "Cardiology", "Cardiology", (0, 1, 2, 3), False, True, True, 40, 20),
    ProviderSeed("Thomas", "Miller", "DDS", "Dental", "Dentistry", (0, 1, 2, 3, 4), False, True, False, 45, 15),
    ProviderSeed("Grace", "Taylor", "DDS", "Dental", "Dentistry", (1, 3, 4), False, True, False, 45, 15),
)

BLOCKS = ((time(8), time(12)), (time(13), time(17)))
SATURDAY_BLOCK = (time(9), time(12))

OFFICE_HOURS = (
    *((weekday, time(8), time(17, 30)) for weekday in range(4)),
    (4, time(8), time(17)),
    (5, time(9), time(12)),
    (6, None, None),
)


class ServiceSeed(NamedTuple):
    """`departments` whose providers do it; `kind` is the appointment type that it stands for."""

    category: str
    name: str
    system: str
    code: str
    minutes: int
    price: str
    kind: str
    departments: tuple[str, ...]


_FAMILY, _CHILD, _HEART, _TEETH = ("Family Medicine",), ("Pediatrics",), ("Cardiology",), ("Dental",)
_DOCTORS = (*_FAMILY, *_CHILD)

SERVICES = (
    ServiceSeed("Visits", "New patient visit", "CPT", "99203", 45, "210.00", "new_patient", _DOCTORS),
    ServiceSeed("Visits", "Follow-up visit", "CPT", "99213", 30, "125.00", "follow_up", _DOCTORS),
    ServiceSeed("Visits", "Routine checkup", "CPT", "99396", 30, "180.00", "routine_checkup", _FAMILY),
    ServiceSeed("Visits", "Well child checkup", "CPT", "99392", 30, "165.00", "routine_checkup", _CHILD),
    ServiceSeed("Visits", "Same-day sick visit", "CPT", "99214", 30, "150.00", "emergency", _DOCTORS),
    ServiceSeed("Visits", "Consultation", "CPT", "99243", 30, "195.00", "consultation", _DOCTORS),
    ServiceSeed("Visits", "Video visit", "CPT", "99442", 20, "95.00", "telehealth", (*_DOCTORS, *_HEART)),
    ServiceSeed("Prevention", "Flu shot", "CPT", "90686", 15, "40.00", "procedure", _DOCTORS),
    ServiceSeed("Prevention", "Tetanus shot", "CPT", "90714", 15, "55.00", "procedure", _DOCTORS),
    ServiceSeed("Prevention", "Sports physical", "CPT", "99394", 30, "90.00", "procedure", _DOCTORS),
    ServiceSeed("Lab", "Blood draw", "CPT", "36415", 15, "25.00", "procedure", _FAMILY),
    ServiceSeed("Lab", "Cholesterol test", "CPT", "80061", 15, "48.00", "procedure", _FAMILY),
    ServiceSeed("Lab", "Strep test", "CPT", "87880", 15, "35.00", "procedure", _DOCTORS),
    ServiceSeed("Cardiology", "Heart consultation", "CPT", "99244", 40, "320.00", "consultation", _HEART),
    ServiceSeed("Cardiology", "New heart patient visit", "CPT", "99204", 60, "340.00", "new_patient", _HEART),
    ServiceSeed("Cardiology", "Heart follow-up", "CPT", "99215", 40, "240.00", "follow_up", _HEART),
    ServiceSeed("Cardiology", "Heart checkup", "CPT", "99397", 40, "260.00", "routine_checkup", _HEART),
    ServiceSeed("Cardiology", "Electrocardiogram", "CPT", "93000", 30, "110.00", "procedure", _HEART),
    ServiceSeed("Dental", "Dental exam", "CDT", "D0120", 45, "85.00", "routine_checkup", _TEETH),
    ServiceSeed("Dental", "New patient dental exam", "CDT", "D0150", 60, "140.00", "new_patient", _TEETH),
    ServiceSeed("Dental", "Teeth cleaning", "CDT", "D1110", 45, "120.00", "procedure", _TEETH),
    ServiceSeed("Dental", "Dental X-rays", "CDT", "D0274", 30, "75.00", "procedure", _TEETH),
    ServiceSeed("Dental", "Filling", "CDT", "D2391", 60, "230.00", "procedure", _TEETH),
    ServiceSeed("Dental", "Toothache visit", "CDT", "D0140", 45, "95.00", "emergency", _TEETH),
    ServiceSeed("Dental", "Dental follow-up", "CDT", "D0170", 30, "60.00", "follow_up", _TEETH),
)

PLANS = (
    ("Blue Harbor", "Standard Plan", "PPO", True),
    ("Blue Harbor", "Family Plan", "HMO", True),
    ("Evergreen Health", "Silver Plan", "PPO", True),
    ("Evergreen Health", "Gold Plan", "PPO", True),
    ("Medicare", "Part B", "Medicare", True),
    ("Northline Dental", "Basic Plan", "Dental", True),
    ("Summit Mutual", "Student Plan", "HMO", False),
)
