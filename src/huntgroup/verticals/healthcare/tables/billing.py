"""Invoices and payments."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from huntgroup.verticals.healthcare.tables.base import Base, Key, one_of
from huntgroup.verticals.healthcare.tables.patients import Patient
from huntgroup.verticals.healthcare.tables.scheduling import Appointment


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (
        one_of("status", ("open", "paid", "void", "insurance")),
        CheckConstraint("total >= 0", name="total_not_negative"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey(Patient.id), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey(Appointment.id))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    status: Mapped[str] = mapped_column(default="open")


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        one_of("method", ("card", "cash", "check", "insurance")),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[Key]
    invoice_id: Mapped[int] = mapped_column(ForeignKey(Invoice.id), index=True)
    paid_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    method: Mapped[str]
