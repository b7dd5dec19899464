"""Patients and how they are insured."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from huntgroup.verticals.healthcare.tables.base import Base, CreatedAt, Key, one_of
from huntgroup.verticals.healthcare.tables.practice import Practice

VERIFICATION_STATUSES = ("verified", "pending", "expired", "rejected")


class Patient(Base):
    """A person under care.

    `first_key` and `last_key` are the names folded for comparison (see `rules.names.name_key`); together with the
    date of birth they identify one patient of the practice. Phones are the last ten digits only.
    """

    __tablename__ = "patients"
    __table_args__ = (
        UniqueConstraint("practice_id", "mrn"),
        UniqueConstraint("practice_id", "first_key", "last_key", "date_of_birth", name="uq_patients_identity"),
        Index("ix_patients_phone_mobile", "phone_mobile"),
        Index("ix_patients_phone_home", "phone_home"),
        Index("ix_patients_phone_work", "phone_work"),
    )

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    mrn: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    first_key: Mapped[str]
    last_key: Mapped[str]
    date_of_birth: Mapped[date]
    phone_mobile: Mapped[str | None] = mapped_column(String(10))
    phone_home: Mapped[str | None] = mapped_column(String(10))
    phone_work: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    allergies: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    medications: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    conditions: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    consent_treatment: Mapped[bool] = mapped_column(default=False)
    consent_sms: Mapped[bool] = mapped_column(default=False)
    consent_recording: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class InsurancePlan(Base):
    __tablename__ = "insurance_plans"
    __table_args__ = (UniqueConstraint("practice_id", "payer", "name"),)

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    payer: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    accepted: Mapped[bool] = mapped_column(default=True)


class PatientInsurance(Base):
    """A patient's policy; `position` 1 is the primary one."""

    __tablename__ = "patient_insurance"
    __table_args__ = (
        UniqueConstraint("patient_id", "position"),
        one_of("verification_status", VERIFICATION_STATUSES),
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id))
    plan_id: Mapped[int] = mapped_column(ForeignKey(InsurancePlan.id))
    position: Mapped[int] = mapped_column(default=1)
    member_id: Mapped[str]
    group_number: Mapped[str | None]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    verification_status: Mapped[str] = mapped_column(default="pending")

    plan: Mapped[InsurancePlan] = relationship(lazy="joined", innerjoin=True)
