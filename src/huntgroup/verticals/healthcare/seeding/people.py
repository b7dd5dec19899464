"""The demo patients. The first eight are those that scenarios call as; the others fill the calendar."""

from datetime import date
from typing import NamedTuple


class PatientSeed(NamedTuple):
    """`phone` is the mobile's last four digits within 585 555; `plan` indexes the insurance plans, -1 for none."""

    first_name: str
    last_name: str
    born: date
    phone: str
    plan: int
    language: str = "en"
    allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


PATIENTS = (
    PatientSeed("Maria", "Lopez", date(1985, 4, 12), "0142", 0, "en", ("penicillin",), ("high blood pressure",)),
    PatientSeed("James", "Wilson", date(1978, 9, 30), "0117", 2, "en", (), ("high cholesterol",)),
    PatientSeed("Emma", "Clark", date(1992, 1, 15), "0163", 1, "en", ("peanuts", "latex")),
    PatientSeed("David", "Martin", date(1969, 6, 3), "0128", 4, "en", ("aspirin",), ("diabetes",)),
    PatientSeed("Linda", "Baker", date(1956, 11, 20), "0135", 4, "en", (), ("heart rhythm problem",)),
    PatientSeed("Carlos", "Diaz", date(1990, 8, 25), "0171", 3, "es"),
    PatientSeed("Anna", "Scott", date(2001, 3, 9), "0184", 6, "en", (), ("asthma",)),
    PatientSeed("Peter", "Young", date(1983, 12, 1), "0196", 5, "en", ("codeine",)),
    PatientSeed("Olivia", "Harris", date(1975, 2, 17), "0101", 0),
    PatientSeed("Noah", "Walker", date(2015, 5, 6), "0102", 1),
    PatientSeed("Sophia", "Hall", date(1988, 7, 22), "0103", 2),
    PatientSeed("Liam", "Allen", date(2012, 10, 11), "0104", 1),
    PatientSeed("Grace", "King", date(1949, 3, 28), "0105", 4),
    PatientSeed("Henry", "Wright", date(1962, 8, 14), "0106", 4),
    PatientSeed("Ella", "Green", date(1996, 12, 19), "0107", 3),
    PatientSeed("Jack", "Hill", date(1981, 1, 27), "0108", 0),
    PatientSeed("Lucy", "Turner", date(2018, 9, 2), "0109", 1),
    PatientSeed("Owen", "Parker", date(1973, 4, 5), "0110", 2),
    PatientSeed("Julia", "Collins", date(1999, 6, 30), "0111", 6),
    PatientSeed("Adam", "Edwards", date(1986, 11, 8), "0112", 5),
    PatientSeed("Rachel", "Stewart", date(1994, 2, 24), "0113", 0),
    PatientSeed("Mark", "Morris", date(1967, 5, 16), "0114", 4),
    PatientSeed("Susan", "Rogers", date(1959, 10, 4), "0115", 4),
    PatientSeed("Paul", "Cook", date(1979, 7, 13), "0116", 3),
    PatientSeed("Nancy", "Bell", date(1952, 12, 29), "0118", 4),
    PatientSeed("Kevin", "Ward", date(1991, 3, 21), "0119", 2),
    PatientSeed("Helen", "Gray", date(1944, 6, 18), "0120", 4),
    PatientSeed("Brian", "Foster", date(1987, 9, 7), "0121", 0),
    PatientSeed("Alice", "Howard", date(2009, 1, 31), "0122", 1),
    PatientSeed("Simon", "Long", date(1971, 8, 9), "0123", 3),
    PatientSeed("José", "García", date(1984, 2, 2), "0124", 1, "es"),
    PatientSeed("Karen", "Price", date(1965, 4, 26), "0125", 5),
    PatientSeed("Victor", "Hughes", date(1998, 10, 23), "0126", 6),
    PatientSeed("Diana", "Reed", date(1977, 11, 12), "0127", 0),
)

CALLERS = 8
"""How many of the first patients are left out of the calendar's filling, so that scenarios know their bookings."""


class PrescriptionSeed(NamedTuple):
    """`patient` and `provider` index the seeds; days are counted back from today."""

    patient: int
    provider: int
    medication: str
    dose: str
    directions: str
    purpose: str
    days_ago: int
    refills_left: int
    controlled: bool = False
    status: str = "active"


PRESCRIPTIONS = (
    PrescriptionSeed(0, 0, "lisinopril", "10 milligrams", "once a day in the morning", "blood pressure", 90, 2),
    PrescriptionSeed(0, 0, "ibuprofen", "400 milligrams", "as needed with food", "back pain", 400, 0, False,
                     "completed"),
    PrescriptionSeed(1, 0, "atorvastatin", "20 milligrams", "once a day in the evening", "cholesterol", 120, 1),
    PrescriptionSeed(2, 1, "cetirizine", "10 milligrams", "once a day", "allergies", 60, 3),
    PrescriptionSeed(3, 1, "metformin", "500 milligrams", "twice a day with meals", "diabetes", 45, 0),
    PrescriptionSeed(3, 1, "zolpidem", "5 milligrams", "at bedtime", "sleep", 30, 1, True),
    PrescriptionSeed(4, 5, "metoprolol", "25 milligrams", "twice a day", "heart rhythm", 200, 4),
    PrescriptionSeed(6, 2, "albuterol inhaler", "2 puffs", "every 6 hours as needed", "asthma", 75, 1),
    PrescriptionSeed(7, 6, "amoxicillin", "500 milligrams", "three times a day", "a tooth infection", 300, 0, False,
                     "completed"),
    PrescriptionSeed(12, 5, "warfarin", "5 milligrams", "once a day", "blood clots", 150, 2),
    PrescriptionSeed(13, 0, "omeprazole", "20 milligrams", "once a day before breakfast", "reflux", 33, 3),
    PrescriptionSeed(17, 1, "levothyroxine", "50 micrograms", "once a day", "thyroid", 210, 5),
)  # fmt: skip


class BookingSeed(NamedTuple):
    """A scenario caller's booking: `workday` counts from today, negative for the past.

    It falls on the provider's first day from there on; coming ones lie in the afternoon, which nothing else fills.
    """

    patient: int
    provider: int
    workday: int
    hour: int
    minute: int
    kind: str
    reason: str
    status: str


BOOKINGS = (
    BookingSeed(0, 0, -62, 9, 0, "routine_checkup", "yearly checkup", "completed"),
    BookingSeed(0, 0, -20, 14, 0, "follow_up", "blood pressure", "completed"),
    BookingSeed(1, 0, -45, 10, 0, "follow_up", "cholesterol", "completed"),
    BookingSeed(1, 0, 2, 15, 0, "follow_up", "cholesterol results", "confirmed"),
    BookingSeed(2, 1, -15, 11, 0, "consultation", "rash", "completed"),
    BookingSeed(2, 1, 8, 15, 30, "routine_checkup", "yearly checkup", "scheduled"),
    BookingSeed(3, 1, -30, 9, 30, "follow_up", "diabetes", "no_show"),
    BookingSeed(3, 1, 4, 14, 0, "follow_up", "diabetes", "scheduled"),
    BookingSeed(4, 5, -50, 13, 0, "consultation", "heart rhythm", "completed"),
    BookingSeed(4, 5, 6, 13, 0, "follow_up", "heart rhythm", "confirmed"),
    BookingSeed(6, 2, -12, 10, 0, "follow_up", "asthma", "completed"),
    BookingSeed(7, 6, -3, 9, 0, "procedure", "teeth cleaning", "completed"),
    BookingSeed(7, 6, 9, 15, 0, "procedure", "filling", "scheduled"),
)
