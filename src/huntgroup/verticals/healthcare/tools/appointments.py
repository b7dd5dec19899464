"""The verified patient's own appointments: see, book, move, cancel."""

from typing import Any, Literal

from sqlalchemy import select

from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.booking import (
    SlotTaken,
    Wish,
    book,
    describe,
    lock_people,
    offer_instead,
    own_appointment,
)
from huntgroup.verticals.healthcare.office.desk import VERIFIED, Answer, Desk, at_desk, at_desk_once, done
from huntgroup.verticals.healthcare.office.directory import find_provider
from huntgroup.verticals.healthcare.office.parse import parse_clock, parse_coming_day, parse_duration, parse_id
from huntgroup.verticals.healthcare.rules.spoken import say_count, say_list
from huntgroup.verticals.healthcare.tables import ACTIVE_STATUSES, Appointment

AppointmentType = Literal[
    "new_patient", "follow_up", "routine_checkup", "emergency", "consultation", "procedure", "telehealth"
]
_LISTED = 10


@tool(effect="read", requires=(VERIFIED,))
async def get_patient_appointments(ctx: ToolContext) -> dict[str, Any]:
    """List the verified patient's own upcoming appointments with day, time, provider and service.

    Call it first when an appointment is to be moved or cancelled: its rows carry the appointment_id.

    Examples:
        when is my next appointment
        do I have anything booked
        what appointments do I have coming up
        can you check my appointments
        what time is my visit next week
        who am I seeing and when
        I forgot when I'm supposed to come in
        am I on the schedule
        list my upcoming visits
    """

    async def work(desk: Desk) -> Answer:
        query = (
            select(Appointment)
            .where(
                Appointment.patient_id == desk.patient_id,
                Appointment.status.in_(ACTIVE_STATUSES),
                Appointment.starts_at > desk.now,
            )
            .order_by(Appointment.starts_at)
            .limit(_LISTED)
        )
        rows = [describe(row, desk) for row in await desk.session.scalars(query)]
        return done(_say_rows(rows), appointments=rows)

    return await at_desk(ctx, work)


def _say_rows(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "You have no upcoming appointments."
    words = [f"{row['service']} with {row['provider']} on {row['spoken']}" for row in rows]
    if len(rows) == 1:
        return f"You have one appointment: {words[0]}."
    return f"You have {say_count(len(rows), 'appointment')}: {say_list(words)}."


@tool(effect="write", requires=(VERIFIED,))
async def schedule_appointment(
    ctx: ToolContext,
    provider: str,
    date: str,
    time: str,
    appointment_type: AppointmentType,
    reason: str,
    duration: int | None = None,
) -> dict[str, Any]:
    """Book a new appointment for the verified patient with one provider at one time.

    When the time is taken it answers with up to five alternatives; offer them and call it again with the chosen one.

    Examples:
        I'd like to book an appointment with Dr. Smith next Monday at ten
        can I make an appointment
        I need to see the doctor
        schedule me a checkup for Thursday at 9:30
        I want to set up a visit with Dr. Hall
        put me down for Friday afternoon at two
        can you book me in for a physical
        I'd like to book a follow-up with Dr. Hall
        I'd like an appointment for my back pain
        get me in on the tenth at eleven in the morning

    Args:
        provider: The provider's name, such as "Dr. Smith".
        date: Day of the appointment, ISO date YYYY-MM-DD.
        time: Start, 24 h time HH:MM.
        appointment_type: What kind of visit it is.
        reason: The reason for the visit, in a few of the caller's words.
        duration: Minutes, only when the caller asks for a certain length.
    """

    async def work(desk: Desk) -> Answer:
        chosen = await find_provider(desk, provider)
        day, clock = parse_coming_day(date, desk.today), parse_clock(time)
        minutes = parse_duration(duration, 0) or None
        await lock_people(desk, {chosen.id}, desk.patient_id)
        wish = Wish(chosen, day, clock, appointment_type, reason, minutes)
        row = describe(await book(desk, wish, ctx.context.idempotency_key(ctx.tool_call_id)), desk)
        return done(f"You are booked with {row['provider']} on {row['spoken']}.", appointment=row, **_id(row))

    return await _or_alternatives(ctx, work)


@tool(effect="write", requires=(VERIFIED,))
async def cancel_appointment(ctx: ToolContext, appointment_id: str | int, reason: str | None = None) -> dict[str, Any]:
    """Cancel one of the verified patient's own upcoming appointments. The record of it is kept.

    Examples:
        I need to cancel my appointment
        please cancel my visit on Tuesday
        I can't make it, take me off the schedule
        I won't be coming to my appointment
        call off my appointment with Dr. Smith
        I don't need that appointment anymore
        can you delete my booking
        cancel it please

    Args:
        appointment_id: The appointment_id of the row from get_patient_appointments.
        reason: Why it is cancelled, if the caller says so.
    """

    async def work(desk: Desk) -> Answer:
        row = await own_appointment(desk, parse_id(appointment_id))
        row.status, row.cancel_reason = "cancelled", (reason or "").strip()[:500] or None
        await desk.session.flush()
        was = describe(row, desk)
        return done(f"Your appointment with {was['provider']} on {was['spoken']} is cancelled.",
                    appointment=was, **_id(was))  # fmt: skip

    return await at_desk_once(ctx, work)


@tool(effect="write", requires=(VERIFIED,))
async def reschedule_appointment(
    ctx: ToolContext, appointment_id: str | int, new_date: str, new_time: str, new_provider: str | None = None
) -> dict[str, Any]:
    """Move one of the verified patient's own upcoming appointments to another day or time, or to another provider.

    When the new time is taken the old appointment stands, and the answer has up to five alternatives.

    Examples:
        I need to move my appointment
        can I reschedule my visit to Thursday at ten
        I want to change the time of my appointment
        can we push my appointment to next week
        I have to switch my appointment to another day
        could I come in later that day instead
        is it possible to change my appointment to Friday at two
        move it to Monday morning at nine
        I can't come on Tuesday, can we do Wednesday at three instead

    Args:
        appointment_id: The appointment_id of the row from get_patient_appointments.
        new_date: New day, ISO date YYYY-MM-DD.
        new_time: New start, 24 h time HH:MM.
        new_provider: Another provider's name, only when the caller wants to change the provider.
    """

    async def work(desk: Desk) -> Answer:
        moved = await _move(desk, ctx, appointment_id, new_date, new_time, new_provider)
        return done(f"Your appointment is moved. It is now with {moved['provider']} on {moved['spoken']}.",
                    appointment=moved, replaces=str(appointment_id), **_id(moved))  # fmt: skip

    return await _or_alternatives(ctx, work)


async def _move(
    desk: Desk, ctx: ToolContext, appointment_id: str | int, new_date: str, new_time: str, new_provider: str | None
) -> dict[str, Any]:
    """Take the locks of both providers first, then give up the old time and take the new one together."""
    day, clock = parse_coming_day(new_date, desk.today), parse_clock(new_time)
    old = await own_appointment(desk, parse_id(appointment_id))
    target = await find_provider(desk, new_provider) if new_provider else old.provider
    await lock_people(desk, {old.provider_id, target.id}, desk.patient_id)
    old.status = "rescheduled"
    await desk.session.flush()
    minutes = int((old.ends_at - old.starts_at).total_seconds()) // 60
    wish = Wish(target, day, clock, old.appointment_type, old.reason, minutes)
    key = ctx.context.idempotency_key(ctx.tool_call_id)
    return describe(await book(desk, wish, key, replaces=old), desk)


def _id(row: dict[str, Any]) -> dict[str, Any]:
    return {"appointment_id": row["appointment_id"]}


async def _or_alternatives(ctx: ToolContext, work: Any) -> Answer:
    """Do the write; when the slot is taken, everything is rolled back and other times are offered."""
    try:
        return await at_desk_once(ctx, work)
    except SlotTaken as taken:
        lost = taken

    async def offer(desk: Desk) -> Answer:
        return await offer_instead(desk, lost)

    return await at_desk(ctx, offer)
