"""What the clinical specialist reads and writes."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from huntgroup.verticals.healthcare.tables.base import Base, CreatedAt, Key, one_of
from huntgroup.verticals.healthcare.tables.patients import Patient
from huntgroup.verticals.healthcare.tables.practice import Provider

DISPOSITIONS = ("emergency", "same_day", "appointment", "nurse_call")


class MedicalRecord(Base):
    """One dated entry of a chart: a visit, a result, an allergy note."""

    __tablename__ = "medical_records"
    __table_args__ = (one_of("kind", ("visit", "lab_result", "imaging", "immunization", "allergy", "note")),)

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey(Provider.id))
    kind: Mapped[str]
    recorded_on: Mapped[date]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")


class Prescription(Base):
    """A prescribed medication; `dose` and `directions` are written to be read aloud."""

    __tablename__ = "prescriptions"
    __table_args__ = (
        one_of("status", ("active", "completed", "stopped")),
        CheckConstraint("refills_left >= 0", name="refills_not_negative"),
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    medication: Mapped[str]
    dose: Mapped[str]
    directions: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    prescribed_on: Mapped[date]
    ends_on: Mapped[date | None]
    refills_left: Mapped[int] = mapped_column(default=0)
    controlled: Mapped[bool] = mapped_column(default=False)
    pharmacy: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")

    provider: Mapped[Provider] = relationship(lazy="joined", innerjoin=True)


class RefillRequest(Base):
    __tablename__ = "refill_requests"
    __table_args__ = (one_of("status", ("requested", "needs_approval", "approved", "denied", "filled")),)

    id: Mapped[Key]
    prescription_id: Mapped[int] = mapped_column(ForeignKey(Prescription.id), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    status: Mapped[str] = mapped_column(default="requested")
    note: Mapped[str] = mapped_column(default="")
    call_id: Mapped[str]
    created_at: Mapped[CreatedAt]


class TriageAssessment(Base):
    """What a caller described and what the rules made of it; the patient may be unknown."""

    __tablename__ = "triage_assessments"
    __table_args__ = (one_of("disposition", DISPOSITIONS),)

    id: Mapped[Key]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey(Patient.id), index=True)
    call_id: Mapped[str]
    symptoms: Mapped[str]
    severity: Mapped[str]
    duration_days: Mapped[int | None]
    danger_signs: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    disposition: Mapped[str]
    created_at: Mapped[CreatedAt]


class NurseMessage(Base):
    __tablename__ = "nurse_messages"
    __table_args__ = (
        one_of("urgency", ("routine", "today", "urgent")),
        one_of("status", ("open", "answered", "closed")),
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    call_id: Mapped[str]
    body: Mapped[str]
    urgency: Mapped[str] = mapped_column(default="routine")
    status: Mapped[str] = mapped_column(default="open")
    callback_phone: Mapped[str | None]
    created_at: Mapped[CreatedAt]
