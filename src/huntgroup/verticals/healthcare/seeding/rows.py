"""Rows of the demo practice, each made of one line of its data."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from huntgroup.verticals.healthcare.rules.names import name_key
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.seeding import catalog
from huntgroup.verticals.healthcare.seeding.days import workday
from huntgroup.verticals.healthcare.seeding.people import PATIENTS, PRESCRIPTIONS
from huntgroup.verticals.healthcare.tables import (
    Department,
    InsurancePlan,
    Patient,
    PatientInsurance,
    Practice,
    Prescription,
    Provider,
    ProviderSchedule,
    ProviderTimeOff,
    Service,
    ServiceCategory,
)


def provider_row(practice: Practice, department: Department, number: int, seed: catalog.ProviderSeed) -> Provider:
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


def schedule_rows(row: Provider, seed: catalog.ProviderSeed) -> list[ProviderSchedule]:
    blocks = [(weekday, *block) for weekday in seed.days for block in catalog.BLOCKS]
    if seed.saturday:
        blocks.append((5, *catalog.SATURDAY_BLOCK))
    return [ProviderSchedule(provider_id=row.id, weekday=day, starts=start, ends=end) for day, start, end in blocks]


def time_off_rows(rows: list[Provider], today: date, zone: ZoneInfo) -> list[ProviderTimeOff]:
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


def service_row(category: ServiceCategory, seed: catalog.ServiceSeed) -> Service:
    return Service(
        category=category,
        name=seed.name,
        code_system=seed.system,
        code=seed.code,
        duration_min=seed.minutes,
        price=Decimal(seed.price),
        appointment_type=seed.kind,
    )


def patient_row(practice: Practice, number: int) -> Patient:
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


def policy_row(row: Patient, plans: list[InsurancePlan], number: int, today: date) -> PatientInsurance:
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


def prescription_rows(patients: list[Patient], providers: list[Provider], today: date) -> list[Prescription]:
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
