"""Writing appointments. The database forbids the double booking; locks taken first keep a rush from deadlocking."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from huntgroup.storage.base import advisory_lock
from huntgroup.verticals.healthcare.office.calendar import Slot, alternatives, read_calendar
from huntgroup.verticals.healthcare.office.desk import Desk, Refused
from huntgroup.verticals.healthcare.office.directory import service_for
from huntgroup.verticals.healthcare.rules.slots import at_wall_clock
from huntgroup.verticals.healthcare.rules.spoken import say_date, say_list, say_time, say_when
from huntgroup.verticals.healthcare.tables import ACTIVE_STATUSES, Appointment, Provider, Service
from huntgroup.verticals.healthcare.tables.scheduling import PATIENT_CONSTRAINT

_SAID = 3


class SlotTaken(Exception):
    """The wanted time is not free. Carries what is needed to offer other times once the work is rolled back."""

    def __init__(self, provider_id: int, start: datetime, duration_min: int) -> None:
        super().__init__("slot taken")
        self.provider_id = provider_id
        self.start = start
        self.duration_min = duration_min


@dataclass(frozen=True)
class Wish:
    """What the caller wants booked; `duration_min` None means what the service or the provider usually takes."""

    provider: Provider
    day: date
    clock: time
    appointment_type: str
    reason: str
    duration_min: int | None = None


async def lock_people(desk: Desk, provider_ids: set[int], patient_id: int) -> None:
    """Take the locks of everybody whose time is written, providers first and in order, as every booking does."""
    for provider_id in sorted(provider_ids):
        await advisory_lock(desk.session, f"healthcare_voice provider {provider_id}")
    await advisory_lock(desk.session, f"healthcare_voice patient {patient_id}")


async def book(desk: Desk, wish: Wish, key: str, *, replaces: Appointment | None = None) -> Appointment:
    """Write the appointment of the verified patient, whose locks must be held.

    Raises `SlotTaken` when the time is not free, `Refused` when it cannot be booked at all.
    """
    service = await service_for(desk, wish.provider, wish.appointment_type, wish.reason)
    start = at_wall_clock(wish.day, wish.clock, desk.zone)
    minutes = wish.duration_min or (service.duration_min if service else wish.provider.default_duration_min)
    await _must_be_bookable(desk, wish, start, minutes)
    provider_id = wish.provider.id
    row = _row(desk, wish, service, start, minutes, key)
    row.replaces_id = replaces.id if replaces else None
    desk.session.add(row)
    try:
        await desk.session.flush()
    except IntegrityError as error:
        if PATIENT_CONSTRAINT in str(error.orig):
            raise _busy_patient(start) from None
        raise SlotTaken(provider_id, start, minutes) from None
    await desk.session.refresh(row)
    return row


def _row(desk: Desk, wish: Wish, service: Service | None, start: datetime, minutes: int, key: str) -> Appointment:
    end = start + timedelta(minutes=minutes)
    return Appointment(
        patient_id=desk.patient_id,
        provider_id=wish.provider.id,
        service_id=service.id if service else None,
        appointment_type=wish.appointment_type,
        reason=wish.reason.strip()[:500],
        starts_at=start,
        ends_at=end,
        occupied_until=end + timedelta(minutes=wish.provider.buffer_min),
        status="scheduled",
        booked_by="voice",
        booked_key=key,
    )


async def _must_be_bookable(desk: Desk, wish: Wish, start: datetime, minutes: int) -> None:
    provider = wish.provider
    if start <= desk.now:
        raise Refused("past_date", "That time has already passed. Which day and time would you like instead?")
    if wish.appointment_type == "telehealth" and not provider.telehealth:
        raise Refused(
            "no_telehealth", f"{provider.spoken_name} does not offer video visits. Would you come in instead?"
        )
    calendar = await read_calendar(desk, [provider], wish.day, wish.day)
    if calendar.closed_on(wish.day):
        raise Refused("closed", f"We are closed on {say_date(wish.day)}. Which other day would you like?")
    if not calendar.fits(provider, start, minutes):
        raise SlotTaken(provider.id, start, minutes)
    if await _patient_is_busy(desk, start, start + timedelta(minutes=minutes)):
        raise _busy_patient(start)


async def _patient_is_busy(desk: Desk, start: datetime, end: datetime) -> bool:
    query = select(Appointment.id).where(
        Appointment.patient_id == desk.patient_id,
        Appointment.status.in_(ACTIVE_STATUSES),
        Appointment.starts_at < end,
        Appointment.ends_at > start,
    )
    return (await desk.session.scalars(query.limit(1))).first() is not None


def _busy_patient(start: datetime) -> Refused:
    return Refused(
        "patient_busy",
        f"You already have another appointment around {say_when(start)}. Which other time would you like?",
    )


async def own_appointment(desk: Desk, appointment_id: int) -> Appointment:
    """Return the verified patient's own upcoming appointment, locked for change.

    Refuses an id of somebody else in the same words as one that does not exist.
    """
    query = select(Appointment).where(Appointment.id == appointment_id, Appointment.patient_id == desk.patient_id)
    row = (await desk.session.scalars(query.with_for_update(of=Appointment))).first()
    if row is None:
        raise Refused("unknown_appointment", "I can't find that appointment under your name.")
    if row.status not in ACTIVE_STATUSES or row.starts_at <= desk.now:
        raise Refused("not_active", f"That appointment is {_state(row, desk)}, so it can't be changed.")
    return row


def _state(row: Appointment, desk: Desk) -> str:
    words = {"rescheduled": "already moved", "no_show": "already past"}
    return words.get(row.status, f"already {row.status}") if row.status not in ACTIVE_STATUSES else "already past"


async def offer_instead(desk: Desk, taken: SlotTaken) -> dict[str, Any]:
    """Return the refusal of a taken slot with up to five free ones near it, of which three are said."""
    provider = await desk.session.get_one(Provider, taken.provider_id)
    slots = await alternatives(desk, provider, taken.start, taken.duration_min)
    name, when = provider.spoken_name, say_when(taken.start.astimezone(desk.zone))
    if not slots:
        message = f"{name} is not free on {when}, and has no openings in the two weeks after. Shall I look at others?"
    else:
        offer = say_slots(slots[:_SAID])
        message = f"I'm sorry, {name} is not free on {when}. I can offer {offer}. Which would you like?"
    return {
        "ok": False,
        "error": "slot_taken",
        "message": message,
        "alternatives": [slot.row() for slot in slots],
    }


def say_slots(slots: list[Slot]) -> str:
    """Return the slots as words, each day named once: "Tuesday, December 1st at 1 PM or 3 PM"."""
    by_day: dict[date, list[str]] = {}
    for slot in slots:
        by_day.setdefault(slot.start.date(), []).append(say_time(slot.start))
    return say_list([f"{say_date(day)} at {say_list(times, last='or')}" for day, times in by_day.items()], last="or")


def describe(row: Appointment, desk: Desk) -> dict[str, Any]:
    """Return an appointment under the names that the tools' arguments use."""
    start = row.starts_at.astimezone(desk.zone)
    return {
        "appointment_id": str(row.id),
        "provider": row.provider.spoken_name,
        "service": row.service.name if row.service else row.appointment_type.replace("_", " "),
        "date": start.date().isoformat(),
        "time": f"{start:%H:%M}",
        "duration": int((row.ends_at - row.starts_at).total_seconds()) // 60,
        "status": row.status,
        "spoken": say_when(start),
    }
