"""Demo data of the clinic: deterministic, believable, and relative to the day on which it is made."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.storage.base import Database, advisory_lock
from huntgroup.verticals.healthcare.seeding import catalog, history
from huntgroup.verticals.healthcare.seeding.days import holidays_around, workday
from huntgroup.verticals.healthcare.seeding.people import PATIENTS
from huntgroup.verticals.healthcare.seeding.rows import (
    patient_row,
    policy_row,
    prescription_rows,
    provider_row,
    schedule_rows,
    service_row,
    time_off_rows,
)
from huntgroup.verticals.healthcare.tables import (
    Appointment,
    Base,
    Department,
    Holiday,
    InsurancePlan,
    Invoice,
    MedicalRecord,
    OfficeHours,
    Patient,
    Practice,
    Provider,
    ProviderService,
    Service,
    ServiceCategory,
    WaitlistEntry,
)


async def seed(database: Database, now: datetime, *, reset: bool = False) -> bool:
    """Fill the schema around `now` (aware); True when it was filled, False when a practice was there already.

    With `reset` the schema is emptied first, so that dates are fresh and the rows are the same for the same day.
    Safe to run in several processes at once.
    """
    async with database.session() as session:
        await advisory_lock(session, "healthcare_voice seed")
        if reset:
            await _empty(session)
        elif await session.scalar(select(Practice.id).limit(1)) is not None:
            return False
        await _fill(session, now)
        return True


async def _empty(session: AsyncSession) -> None:
    names = ", ".join(f'"{table.schema}"."{table.name}"' for table in Base.metadata.sorted_tables)
    await session.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


async def _fill(session: AsyncSession, now: datetime) -> None:
    practice = Practice(**catalog.PRACTICE)
    await _add(session, [practice])
    zone = ZoneInfo(practice.timezone)
    today = now.astimezone(zone).date()
    await _add(session, _days(practice, today))
    providers = await _providers(session, practice, today, zone)
    services, offer = await _services(session, practice, providers)
    patients = await _patients(session, practice, today)
    await _add(session, prescription_rows(patients, providers, today))
    weekdays = {row.id: set(seed.days) for row, seed in zip(providers, catalog.PROVIDERS, strict=True)}
    appointments = [
        *history.callers_bookings(patients, providers, offer, weekdays, today, zone),
        *history.filling(patients, providers, offer, weekdays, today, zone),
    ]
    await _add(session, appointments)
    await _papers(session, appointments, services, now, zone)


async def _add(session: AsyncSession, rows: Sequence[Base]) -> None:
    """Add rows and give them their ids, in order."""
    session.add_all(rows)
    await session.flush()


def _days(practice: Practice, today: date) -> list[Base]:
    hours = [
        OfficeHours(practice_id=practice.id, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in catalog.OFFICE_HOURS
    ]
    closed = [Holiday(practice_id=practice.id, day=day, name=name) for day, name in holidays_around(today).items()]
    return [*hours, *closed]


async def _providers(session: AsyncSession, practice: Practice, today: date, zone: ZoneInfo) -> list[Provider]:
    departments = {
        name: Department(practice_id=practice.id, name=name, floor=floor) for name, floor in catalog.DEPARTMENTS
    }
    await _add(session, list(departments.values()))
    rows = [
        provider_row(practice, departments[seed.department], number, seed)
        for number, seed in enumerate(catalog.PROVIDERS)
    ]
    await _add(session, rows)
    for row, made in zip(rows, catalog.PROVIDERS, strict=True):
        await _add(session, schedule_rows(row, made))
    await _add(session, time_off_rows(rows, today, zone))
    return rows


async def _services(
    session: AsyncSession, practice: Practice, providers: list[Provider]
) -> tuple[list[Service], history.Offer]:
    names = dict.fromkeys(seed.category for seed in catalog.SERVICES)
    categories = {name: ServiceCategory(practice_id=practice.id, name=name) for name in names}
    await _add(session, list(categories.values()))
    rows = [service_row(categories[seed.category], seed) for seed in catalog.SERVICES]
    await _add(session, rows)
    offer: dict[tuple[int, str], Service] = {}
    for provider, made in zip(providers, catalog.PROVIDERS, strict=True):
        for row, seed in zip(rows, catalog.SERVICES, strict=True):
            if made.department in seed.departments:
                session.add(ProviderService(provider_id=provider.id, service_id=row.id))
                offer.setdefault((provider.id, row.appointment_type), row)
    await session.flush()
    return rows, offer


async def _patients(session: AsyncSession, practice: Practice, today: date) -> list[Patient]:
    plans = [
        InsurancePlan(practice_id=practice.id, payer=payer, name=name, kind=kind, accepted=accepted)
        for payer, name, kind, accepted in catalog.PLANS
    ]
    await _add(session, plans)
    rows = [patient_row(practice, number) for number in range(len(PATIENTS))]
    await _add(session, rows)
    await _add(session, [policy_row(row, plans, number, today) for number, row in enumerate(rows)])
    wanted = workday(today, 1)
    waiting = [
        WaitlistEntry(
            patient_id=row.id,
            provider_id=None,
            wanted_from=datetime.combine(wanted, catalog.BLOCKS[0][0], tzinfo=ZoneInfo(practice.timezone)),
            wanted_until=datetime.combine(wanted, catalog.BLOCKS[1][1], tzinfo=ZoneInfo(practice.timezone)),
            note="any earlier time",
        )
        for row in rows[-3:]
    ]
    await _add(session, waiting)
    return rows


async def _papers(
    session: AsyncSession, rows: list[Appointment], services: list[Service], now: datetime, zone: ZoneInfo
) -> None:
    prices = {service.id: service.price for service in services}
    records: list[MedicalRecord] = []
    invoices: list[Invoice] = []
    for record, invoice in history.papers(rows, prices, zone):
        records.append(record)
        invoices.append(invoice)
    await _add(session, [*records, *invoices, *history.reminders(rows, now)])
    await _add(session, list(history.payments(invoices)))
