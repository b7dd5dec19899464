"""What every table of the clinic shares: the schema, names of constraints, common columns."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

from huntgroup.storage.base import metadata_for

SCHEMA = "healthcare_voice"

APPOINTMENT_STATUSES = (
    "scheduled",
    "confirmed",
    "checked_in",
    "in_progress",
    "completed",
    "cancelled",
    "no_show",
    "rescheduled",
)
ACTIVE_STATUSES = ("scheduled", "confirmed", "checked_in", "in_progress")
"""States in which an appointment occupies its provider and its patient."""

APPOINTMENT_TYPES = (
    "new_patient",
    "follow_up",
    "routine_checkup",
    "emergency",
    "consultation",
    "procedure",
    "telehealth",
)


class Base(DeclarativeBase):
    """Declarative base of the clinic; its metadata holds this schema and nothing else."""

    metadata = metadata_for(SCHEMA)


Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A named check that holds `column` to `values`; values are fixed words of this code, never input."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
