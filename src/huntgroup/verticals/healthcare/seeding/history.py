"""Bookings that fill the calendar, and the papers that visits leave behind."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.seeding.days import workday
from huntgroup.verticals.healthcare.seeding.people import BOOKINGS, CALLERS
from huntgroup.verticals.healthcare.tables import (
    Appointment,
    AppointmentReminder,
    Invoice,
    MedicalRecord,
    Patient,
    Payment,
    Provider,
    Service,
)

Offer = Mapping[tuple[int, str], Service]
"""The first service of each provider id and appointment type."""

_MORNINGS = (time(8), time(9), time(10), time(11))
_KINDS = ("follow_up", "routine_checkup", "consultation", "procedure")
_REASONS = ("checkup", "back pain", "test results", "ear ache", "knee pain", "skin rash", "cough")
_PAST_STATUSES = ("completed", "completed", "completed", "completed", "no_show", "completed", "cancelled")
_FILLED_PAST, _FILLED_AHEAD = range(-25, 0), range(1, 11)


def booked(
    patient: Patient,
    provider: Provider,
    service: Service | None,
    start: datetime,
    kind: str,
    reason: str,
    status: str,
) -> Appointment:
    """Return an appointment row of a seeded booking."""
    minutes = service.duration_min if service else provider.default_duration_min
    end = start + timedelta(minutes=minutes)
    return Appointment(
        patient_id=patient.id,
        provider_id=provider.id,
        service_id=service.id if service else None,
        appointment_type=kind,
        reason=reason,
        starts_at=start,
        ends_at=end,
        occupied_until=end + timedelta(minutes=provider.buffer_min),
        status=status,
        booked_by="desk",
    )


def callers_bookings(
    patients: list[Patient],
    providers: list[Provider],
    offer: Offer,
    weekdays: Mapping[int, set[int]],
    today: date,
    zone: ZoneInfo,
) -> Iterator[Appointment]:
    """Yield the bookings of the patients whom scenarios call as."""
    for seed in BOOKINGS:
        provider = providers[seed.provider]
        day = _working_day(today, seed.workday, weekdays[provider.id])
        start = at_wall_clock(day, time(seed.hour, seed.minute), zone)
        service = offer.get((provider.id, seed.kind))
        yield booked(patients[seed.patient], provider, service, start, seed.kind, seed.reason, seed.status)


def _working_day(today: date, count: int, weekdays: set[int]) -> date:
    """Return the `count`-th workday, or the first one farther away that falls on `weekdays`."""
    day = workday(today, count)
    while day.weekday() not in weekdays:
        count += 1 if count > 0 else -1
        day = workday(today, count)
    return day


def filling(
    patients: list[Patient], providers: list[Provider], offer: Offer, weekdays: Mapping[int, set[int]],
    today: date, zone: ZoneInfo,
) -> Iterator[Appointment]:  # fmt: skip
    """Yield two mornings' bookings per provider and workday; nobody has two at one time, afternoons stay open."""
    others = patients[CALLERS:]
    for number in (*_FILLED_PAST, *_FILLED_AHEAD):
        day = workday(today, number)
        for index, provider in enumerate(providers):
            for turn in range(2):
                pick = (number * 17 + index * 2 + turn) % len(others)
                kind = _KINDS[(number + index + turn) % len(_KINDS)]
                start = at_wall_clock(day, _MORNINGS[(index + number) % 2 + 2 * turn], zone)
                if day.weekday() in weekdays[provider.id]:
                    yield booked(
                        others[pick], provider, offer.get((provider.id, kind)), start, kind,
                        _REASONS[pick % len(_REASONS)], _status(number, pick),
                    )  # fmt: skip


def _status(number: int, pick: int) -> str:
    if number > 0:
        return "confirmed" if pick % 3 == 0 else "scheduled"
    return _PAST_STATUSES[pick % len(_PAST_STATUSES)]


def reminders(appointments: list[Appointment], now: datetime) -> Iterator[AppointmentReminder]:
    """Yield a text message one day ahead of each coming appointment."""
    for row in appointments:
        if row.starts_at > now:
            yield AppointmentReminder(appointment_id=row.id, channel="sms", due_at=row.starts_at - timedelta(days=1))


def papers(
    appointments: list[Appointment], prices: Mapping[int, Decimal], zone: ZoneInfo
) -> Iterator[tuple[MedicalRecord, Invoice]]:
    """Yield the chart entry and the invoice of each completed visit."""
    for row in appointments:
        if row.status == "completed":
            day = row.starts_at.astimezone(zone).date()
            record = MedicalRecord(
                patient_id=row.patient_id, provider_id=row.provider_id, kind="visit", recorded_on=day,
                title=row.reason, body=f"Seen for {row.reason}. No further findings noted.",
            )  # fmt: skip
            yield record, _invoice(row, day, prices)


def _invoice(row: Appointment, day: date, prices: Mapping[int, Decimal]) -> Invoice:
    return Invoice(
        number=f"INV-{day:%Y%m%d}-{row.id:05d}",
        patient_id=row.patient_id,
        appointment_id=row.id,
        issued_on=day,
        due_on=day + timedelta(days=30),
        total=prices.get(row.service_id or 0, Decimal("100.00")),
        status="paid" if row.id % 4 else "open",
    )


def payments(invoices: list[Invoice]) -> Iterator[Payment]:
    """Yield the payment of each invoice that is paid."""
    for invoice in invoices:
        if invoice.status == "paid":
            method = "insurance" if invoice.id % 3 else "card"
            paid_on = invoice.issued_on + timedelta(days=7)
            yield Payment(invoice_id=invoice.id, paid_on=paid_on, amount=invoice.total, method=method)
