"""Appointments and what hangs on them. The database itself forbids the double booking."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import column, literal_column, text

from huntgroup.verticals.healthcare.tables.base import (
    ACTIVE_STATUSES,
    APPOINTMENT_STATUSES,
    APPOINTMENT_TYPES,
    Base,
    CreatedAt,
    Instant,
    Key,
    one_of,
)
from huntgroup.verticals.healthcare.tables.patients import Patient
from huntgroup.verticals.healthcare.tables.practice import Provider, Service

PROVIDER_CONSTRAINT = "appointments_one_per_provider"
PATIENT_CONSTRAINT = "appointments_one_per_patient"
ACTIVE_SQL = "status IN ({})".format(", ".join(f"'{status}'" for status in ACTIVE_STATUSES))


def _no_overlap(name: str, owner: str, until: str) -> ExcludeConstraint:
    span = func.tstzrange(column("starts_at"), column(until), literal_column("'[)'"))
    return ExcludeConstraint((column(owner), "="), (span, "&&"), name=name, using="gist", where=text(ACTIVE_SQL))


class Appointment(Base):
    """One booking. `occupied_until` is the end plus the provider's buffer and is what others may not overlap.

    `replaces_id` points from a rescheduled booking to the row it took over from, which stays as history.
    `booked_key` is the idempotency key of the tool call that wrote the row.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        _no_overlap(PROVIDER_CONSTRAINT, "provider_id", "occupied_until"),
        _no_overlap(PATIENT_CONSTRAINT, "patient_id", "ends_at"),
        CheckConstraint("starts_at < ends_at AND ends_at <= occupied_until", name="times_ordered"),
        one_of("status", APPOINTMENT_STATUSES),
        one_of("appointment_type", APPOINTMENT_TYPES),
        Index("ix_appointments_patient_id_starts_at", "patient_id", "starts_at"),
        Index("ix_appointments_provider_id_starts_at", "provider_id", "starts_at"),
    )

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id))
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    service_id: Mapped[int | None] = mapped_column(ForeignKey(Service.id))
    appointment_type: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    occupied_until: Mapped[Instant]
    status: Mapped[str] = mapped_column(default="scheduled")
    cancel_reason: Mapped[str | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("healthcare_voice.appointments.id"), unique=True)
    booked_by: Mapped[str] = mapped_column(default="voice")
    booked_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]

    provider: Mapped[Provider] = relationship(lazy="joined", innerjoin=True)
    service: Mapped[Service | None] = relationship(lazy="joined")


class AppointmentReminder(Base):
    __tablename__ = "appointment_reminders"
    __table_args__ = (
        UniqueConstraint("appointment_id", "channel", "due_at"),
        one_of("channel", ("sms", "email", "call")),
    )

    id: Mapped[Key]
    appointment_id: Mapped[int] = mapped_column(ForeignKey(Appointment.id))
    channel: Mapped[str]
    due_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]


class WaitlistEntry(Base):
    """A patient who wants an earlier or a missing slot."""

    __tablename__ = "waitlist"

    id: Mapped[Key]
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey(Provider.id))
    wanted_from: Mapped[Instant]
    wanted_until: Mapped[Instant]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
