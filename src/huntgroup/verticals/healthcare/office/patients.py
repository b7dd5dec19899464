"""Finding and registering patients."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select

from huntgroup.storage.base import advisory_lock
from huntgroup.verticals.healthcare.office.desk import Desk
from huntgroup.verticals.healthcare.rules.names import name_key, same_name
from huntgroup.verticals.healthcare.tables import Patient


async def born_on(desk: Desk, born: date) -> Sequence[Patient]:
    query = select(Patient).where(Patient.practice_id == desk.practice.id, Patient.date_of_birth == born)
    return (await desk.session.scalars(query.order_by(Patient.id))).all()


async def by_identity(desk: Desk, first_name: str, last_name: str, born: date) -> Patient | None:
    """Return the one patient whom all three match; None when none or several do.

    Names match when equal without case and accents; failing that, when they sound alike, as a listener's spelling may.
    """
    candidates = await born_on(desk, born)
    first, last = name_key(first_name), name_key(last_name)
    for patient in candidates:
        if (patient.first_key, patient.last_key) == (first, last):
            return patient
    alike = [
        patient
        for patient in candidates
        if same_name(first_name, patient.first_name) and same_name(last_name, patient.last_name)
    ]
    return alike[0] if len(alike) == 1 else None


async def by_phone(desk: Desk, digits: str) -> Sequence[Patient]:
    """Return the patients who have the ten digits among their three phones."""
    phones = (Patient.phone_mobile, Patient.phone_home, Patient.phone_work)
    query = select(Patient).where(Patient.practice_id == desk.practice.id, or_(*(phone == digits for phone in phones)))
    return (await desk.session.scalars(query.order_by(Patient.id))).all()


async def add_patient(desk: Desk, patient: Patient) -> bool:
    """Add a patient with the next MRN; False when the same name and date of birth is there already."""
    await advisory_lock(desk.session, f"healthcare_voice register {desk.practice.id}")
    if await by_identity(desk, patient.first_name, patient.last_name, patient.date_of_birth):
        return False
    highest = await desk.session.scalar(
        select(func.max(Patient.mrn)).where(Patient.practice_id == desk.practice.id, Patient.mrn.like("MRN-%"))
    )
    patient.mrn = f"MRN-{int((highest or 'MRN-100000')[4:]) + 1:06d}"
    desk.session.add(patient)
    await desk.session.flush()
    return True
