"""What the front desk itself keeps: promised calls back."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from huntgroup.verticals.healthcare.tables.base import Base, CreatedAt, Key, one_of
from huntgroup.verticals.healthcare.tables.patients import Patient


class CallbackRequest(Base):
    """A caller who was promised a person."""

    __tablename__ = "callback_requests"
    __table_args__ = (one_of("status", ("open", "done", "unreachable")),)

    id: Mapped[Key]
    call_id: Mapped[str] = mapped_column(index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey(Patient.id))
    phone: Mapped[str | None]
    topic: Mapped[str] = mapped_column(default="")
    urgent: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[CreatedAt]
