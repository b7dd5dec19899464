"""The practice: where it is, who works there and when, what it offers."""

from datetime import date, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from huntgroup.verticals.healthcare.tables.base import Base, Instant, Key


class Practice(Base):
    """One clinic. `timezone` is an IANA name; every spoken date and time is in it."""

    __tablename__ = "practices"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str]
    emergency_number: Mapped[str] = mapped_column(default="911")
    address: Mapped[str]
    timezone: Mapped[str]


class Department(Base):
    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("practice_id", "name"),)

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    name: Mapped[str]
    floor: Mapped[str | None]


class Provider(Base):
    """A clinician who can be booked. `buffer_min` is kept free after each appointment."""

    __tablename__ = "providers"
    __table_args__ = (
        UniqueConstraint("practice_id", "npi"),
        CheckConstraint("default_duration_min > 0 AND buffer_min >= 0", name="times_positive"),
    )

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    department_id: Mapped[int] = mapped_column(ForeignKey(Department.id))
    title: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    credentials: Mapped[str]
    npi: Mapped[str] = mapped_column(String(10))
    specialization: Mapped[str]
    languages: Mapped[str] = mapped_column(default="English")
    accepting_new_patients: Mapped[bool] = mapped_column(default=True)
    telehealth: Mapped[bool] = mapped_column(default=False)
    default_duration_min: Mapped[int] = mapped_column(default=30)
    buffer_min: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    department: Mapped[Department] = relationship(lazy="joined", innerjoin=True)

    @property
    def spoken_name(self) -> str:
        """The name as the desk says it: "Dr. Chen"; without the title's doctorate the first name is said."""
        return f"{self.title} {self.last_name}" if self.title else f"{self.first_name} {self.last_name}"


class ProviderSchedule(Base):
    """A weekly block of working time in the practice's wall clock; `weekday` 0 is Monday."""

    __tablename__ = "provider_schedules"
    __table_args__ = (
        UniqueConstraint("provider_id", "weekday", "starts"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint("starts < ends", name="starts_before_ends"),
    )

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class ProviderTimeOff(Base):
    __tablename__ = "provider_time_off"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_ends"),)

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(default="away")


class ServiceCategory(Base):
    __tablename__ = "service_categories"
    __table_args__ = (UniqueConstraint("practice_id", "name"),)

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    name: Mapped[str]


class Service(Base):
    """Something the practice does, with its billing code; `code_system` is CPT or CDT."""

    __tablename__ = "services"
    __table_args__ = (
        UniqueConstraint("category_id", "name"),
        CheckConstraint("code_system IN ('CPT', 'CDT')", name="code_system_known"),
        CheckConstraint("duration_min > 0 AND price >= 0", name="amounts_positive"),
    )

    id: Mapped[Key]
    category_id: Mapped[int] = mapped_column(ForeignKey(ServiceCategory.id))
    name: Mapped[str]
    code_system: Mapped[str]
    code: Mapped[str]
    duration_min: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    appointment_type: Mapped[str]

    category: Mapped[ServiceCategory] = relationship(lazy="joined", innerjoin=True)


class ProviderService(Base):
    """Which provider does which service."""

    __tablename__ = "provider_services"

    provider_id: Mapped[int] = mapped_column(ForeignKey(Provider.id), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey(Service.id), primary_key=True)


class OfficeHours(Base):
    """Opening hours of one weekday (0 is Monday); both times null means closed."""

    __tablename__ = "office_hours"
    __table_args__ = (
        UniqueConstraint("practice_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="both_or_neither"),
    )

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    weekday: Mapped[int]
    opens: Mapped[time | None]
    closes: Mapped[time | None]


class Holiday(Base):
    """A day on which the practice is closed whatever the weekday says."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("practice_id", "day"),)

    id: Mapped[Key]
    practice_id: Mapped[int] = mapped_column(ForeignKey(Practice.id))
    day: Mapped[date]
    name: Mapped[str]
