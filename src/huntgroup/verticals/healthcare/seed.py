"""Demo data of the clinic: deterministic, believable, and relative to the day on which it is made."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.storage.base import Database, advisory_lock
from huntgroup.verticals.healthcare.rules.names import name_key
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.seeding import catalog, history
from huntgroup.verticals.healthcare.seeding.days import holidays_around, workday
from huntgroup.verticals.healthcare.seeding.people import PATIENTS, PRESCRIPTIONS
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
    PatientInsurance,
    Practice,
    Prescription,
    Provider,
    ProviderSchedule,
    ProviderService,
    ProviderTimeOff,
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
    await _add(session, _prescriptions(patients, providers, today))
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
        _provider(practice, departments[seed.department], number, seed) for number, seed in enumerate(catalog.PROVIDERS)
    ]
    await _add(session, rows)
    for row, made in zip(rows, catalog.PROVIDERS, strict=True):
        await _add(session, _schedule(row, made))
    await _add(session, _time_off(rows, today, zone))
    return rows


def _provider(practice: Practice, department: Department, number: int, seed: catalog.ProviderSeed) -> Provider:
    return Provider(
        practice_id=practice.id,
        department=department,
        title="Dr.",
        first_name=seed.first_name,
        last_name=seed.last_name,
        credentials=seed.credentials,
        npi=f"15550001{number:02d}",
        specialization=seed.specialization,
        languages=seed.languages,
        accepting_new_patients=seed.accepting,
        telehealth=seed.telehealth,
        default_duration_min=seed.duration_min,
        buffer_min=seed.buffer_min,
    )


def _schedule(row: Provider, seed: catalog.ProviderSeed) -> list[ProviderSchedule]:
    blocks = [(weekday, *block) for weekday in seed.days for block in catalog.BLOCKS]
    if seed.saturday:
        blocks.append((5, *catalog.SATURDAY_BLOCK))
    return [ProviderSchedule(provider_id=row.id, weekday=day, starts=start, ends=end) for day, start, end in blocks]


def _time_off(rows: list[Provider], today: date, zone: ZoneInfo) -> list[ProviderTimeOff]:
    """Dr. Johnson is away for a week from the 15th workday on, Dr. Taylor for one afternoon, Dr. Patel was away."""
    away = ((1, 15, 8, 20, 17, "vacation"), (7, 3, 13, 3, 17, "training"), (5, -10, 8, -8, 17, "conference"))
    return [
        ProviderTimeOff(
            provider_id=rows[index].id,
            starts_at=at_wall_clock(workday(today, first), catalog.BLOCKS[0][0].replace(hour=from_hour), zone),
            ends_at=at_wall_clock(workday(today, last), catalog.BLOCKS[0][0].replace(hour=to_hour), zone),
            reason=reason,
        )
        for index, first, from_hour, last, to_hour, reason in away
    ]


async def _services(
    session: AsyncSession, practice: Practice, providers: list[Provider]
) -> tuple[list[Service], history.Offer]:
    names = dict.fromkeys(seed.category for seed in catalog.SERVICES)
    categories = {name: ServiceCategory(practice_id=practice.id, name=name) for name in names}
    await _add(session, list(categories.values()))
    rows = [_service(categories[seed.category], seed) for seed in catalog.SERVICES]
    await _add(session, rows)
    offer: dict[tuple[int, str], Service] = {}
    for provider, made in zip(providers, catalog.PROVIDERS, strict=True):
        for row, seed in zip(rows, catalog.SERVICES, strict=True):
            if made.department in seed.departments:
                session.add(ProviderService(provider_id=provider.id, service_id=row.id))
                offer.setdefault((provider.id, row.appointment_type), row)
    await session.flush()
    return rows, offer


def _service(category: ServiceCategory, seed: catalog.ServiceSeed) -> Service:
    return Service(
        category=category,
        name=seed.name,
        code_system=seed.system,
        code=seed.code,
        duration_min=seed.minutes,
        price=Decimal(seed.price),
        appointment_type=seed.kind,
    )


async def _patients(session: AsyncSession, practice: Practice, today: date) -> list[Patient]:
    plans = [
        InsurancePlan(practice_id=practice.id, payer=payer, name=name, kind=kind, accepted=accepted)
        for payer, name, kind, accepted in catalog.PLANS
    ]
    await _add(session, plans)
    rows = [_patient(practice, number) for number in range(len(PATIENTS))]
    await _add(session, rows)
    await _add(session, [_policy(row, plans, number, today) for number, row in enumerate(rows)])
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


def _patient(practice: Practice, number: int) -> Patient:
    seed = PATIENTS[number]
    mail = f"{name_key(seed.first_name)}.{name_key(seed.last_name)}@example.com"
    return Patient(
        practice_id=practice.id,
        mrn=f"MRN-{100001 + number}",
        first_name=seed.first_name,
        last_name=seed.last_name,
        first_key=name_key(seed.first_name),
        last_key=name_key(seed.last_name),
        date_of_birth=seed.born,
        phone_mobile=f"585555{seed.phone}",
        phone_home=f"5855552{seed.phone[1:]}" if number % 3 == 0 else None,
        phone_work=f"5855553{seed.phone[1:]}" if number % 5 == 0 else None,
        email=mail,
        language=seed.language,
        allergies=list(seed.allergies),
        medications=[p.medication for p in PRESCRIPTIONS if p.patient == number and p.status == "active"],
        conditions=list(seed.conditions),
        consent_treatment=True,
        consent_sms=number % 4 != 0,
        consent_recording=number % 6 != 0,
    )


def _policy(row: Patient, plans: list[InsurancePlan], number: int, today: date) -> PatientInsurance:
    return PatientInsurance(
        patient_id=row.id,
        plan=plans[PATIENTS[number].plan],
        position=1,
        member_id=f"LFH{700100 + number * 37}",
        group_number=f"G{2000 + number}",
        valid_from=date(today.year - 1, 1, 1),
        valid_until=None,
        verification_status=("verified", "verified", "verified", "pending")[number % 4],
    )


def _prescriptions(patients: list[Patient], providers: list[Provider], today: date) -> list[Prescription]:
    return [
        Prescription(
            patient_id=patients[seed.patient].id,
            provider=providers[seed.provider],
            medication=seed.medication,
            dose=seed.dose,
            directions=seed.directions,
            purpose=seed.purpose,
            prescribed_on=today - timedelta(days=seed.days_ago),
            ends_on=None if seed.status == "active" else today - timedelta(days=seed.days_ago - 14),
            refills_left=seed.refills_left,
            controlled=seed.controlled,
            pharmacy="Lake Avenue Pharmacy",
            status=seed.status,
        )
        for seed in PRESCRIPTIONS
    ]


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
