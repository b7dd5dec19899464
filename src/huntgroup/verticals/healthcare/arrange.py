"""What scenarios arrange around a call: the clinic's present, and other people's bookings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from huntgroup.storage.base import Database, advisory_lock
from huntgroup.verticals.healthcare.office.directory import match_provider
from huntgroup.verticals.healthcare.office.parse import parse_clock, parse_day
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.seeding.catalog import PRACTICE
from huntgroup.verticals.healthcare.seeding.days import holidays_around
from huntgroup.verticals.healthcare.tables import ACTIVE_STATUSES, Appointment, Patient, Provider

_RIVAL_MRN = "MRN-100034"


def localize(now: datetime) -> datetime:
    """Return `now` in the practice's time zone; scenarios count their days from there."""
    return now.astimezone(ZoneInfo(PRACTICE["timezone"]))


def closed_days(now: datetime) -> frozenset[date]:
    """Return the days that are no workdays of the practice besides weekends."""
    return frozenset(holidays_around(localize(now).date()))


async def race(database: Database, now: datetime, *, provider: str, date: str, time: str) -> None:
    """Somebody else books this time first. Raises `IntegrityError` when it is taken already."""
    async with database.session() as session:
        row, start = await _provider(session, provider), _start(date, time)
        rival = await session.scalar(select(Patient.id).where(Patient.mrn == _RIVAL_MRN))
        end = start + timedelta(minutes=row.default_duration_min)
        await advisory_lock(session, f"healthcare_voice provider {row.id}")
        session.add(
            Appointment(
                patient_id=rival,
                provider_id=row.id,
                appointment_type="follow_up",
                reason="booked at the desk",
                starts_at=start,
                ends_at=end,
                occupied_until=end + timedelta(minutes=row.buffer_min),
                status="scheduled",
                booked_by="desk",
            )
        )


async def free(database: Database, now: datetime, *, provider: str, date: str, time: str) -> None:
    """Whoever has this time gives it back, so that a demo can be run again on the same day."""
    async with database.session() as session:
        row, start = await _provider(session, provider), _start(date, time)
        end = start + timedelta(minutes=row.default_duration_min + row.buffer_min)
        await session.execute(
            update(Appointment)
            .where(
                Appointment.provider_id == row.id,
                Appointment.status.in_(ACTIVE_STATUSES),
                Appointment.starts_at < end,
                Appointment.occupied_until > start,
            )
            .values(status="cancelled", cancel_reason="made room for a demo")
        )


async def _provider(session: AsyncSession, name: str) -> Provider:
    everybody = (await session.scalars(select(Provider).order_by(Provider.id))).all()
    return match_provider(name, everybody)[0]


def _start(date: str, time: str) -> datetime:
    return at_wall_clock(parse_day(date), parse_clock(time), ZoneInfo(PRACTICE["timezone"]))
