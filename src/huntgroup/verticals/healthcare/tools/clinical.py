"""The clinical specialist's tools. They read the chart and pass things on; none of them diagnoses or prescribes."""

from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any, Literal

from sqlalchemy import select

from huntgroup.storage.base import advisory_lock
from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import (
    VERIFIED,
    Answer,
    Desk,
    Refused,
    at_desk,
    at_desk_once,
    done,
)
from huntgroup.verticals.healthcare.office.parse import parse_phone
from huntgroup.verticals.healthcare.rules.names import name_key, sound_key
from huntgroup.verticals.healthcare.rules.spoken import say_count, say_full_date, say_list
from huntgroup.verticals.healthcare.tables import (
    NurseMessage,
    Patient,
    Prescription,
    RefillRequest,
)

_OPEN_REFILLS = ("requested", "needs_approval", "approved")
_ALIKE = 0.65


@tool(effect="read", requires=(VERIFIED,))
async def get_medication_history(ctx: ToolContext, medication: str | None = None) -> dict[str, Any]:
    """Tell the verified patient which medications are prescribed: dose, how to take them, who prescribed, refills.

    Examples:
        what medications am I on
        what dose of my medicine am I taking
        how often should I take my pills
        how many refills do I have left
        who prescribed that for me
        what was I prescribed last year
        how much of it do I take each day
        can you read me my prescriptions
        I have a question about my medication
        am I supposed to take it in the morning

    Args:
        medication: The name of the medication, when the caller asks about a certain one, such as "lisinopril",
            "metformin", "atorvastatin", "metoprolol", "omeprazole" or "ibuprofen".
    """

    async def work(desk: Desk) -> Answer:
        rows = await _prescriptions(desk)
        meant = _named(rows, medication) if medication else [row for row in rows if row.status == "active"]
        if medication and not meant:
            return done(f"I don't see {medication} in your chart. {_say_active(rows)}", medications=_rows(rows))
        if len(meant) == 1:
            return done(_say_one(meant[0]), medications=_rows(meant))
        return done(_say_active(rows), medications=_rows(rows))

    return await at_desk(ctx, work)


async def _prescriptions(desk: Desk) -> list[Prescription]:
    query = select(Prescription).where(Prescription.patient_id == desk.patient_id)
    return list(await desk.session.scalars(query.order_by(Prescription.status, Prescription.prescribed_on.desc())))


def _named(rows: list[Prescription], medication: str) -> list[Prescription]:
    """Return the prescriptions that the heard name means, active ones before past ones."""

    def alike(row: Prescription) -> bool:
        heard, stored = name_key(medication), name_key(row.medication)
        same = bool(heard) and (heard in stored or sound_key(heard) == sound_key(stored))
        return same or SequenceMatcher(None, heard, stored).ratio() >= _ALIKE

    found = [row for row in rows if alike(row)]
    return [row for row in found if row.status == "active"] or found


def _say_one(row: Prescription) -> str:
    if row.status != "active":
        when = say_full_date(row.prescribed_on)
        return f"You were prescribed {row.medication}, {row.dose}, on {when}. It is finished."
    return (
        f"You take {row.medication}, {row.dose}, {row.directions}. "
        f"You have {say_count(row.refills_left, 'refill')} left."
    )


def _say_active(rows: list[Prescription]) -> str:
    active = [f"{row.medication}, {row.dose}, {row.directions}" for row in rows if row.status == "active"]
    return f"You are prescribed {say_list(active)}." if active else "You have no active prescriptions with us."


def _rows(rows: list[Prescription]) -> list[dict[str, Any]]:
    return [
        {
            "medication": row.medication,
            "dose": row.dose,
            "directions": row.directions,
            "purpose": row.purpose,
            "prescribed_by": row.provider.spoken_name,
            "prescribed_on": row.prescribed_on.isoformat(),
            "refills_left": row.refills_left,
            "status": row.status,
        }
        for row in rows
    ]


@tool(effect="read", requires=(VERIFIED,))
async def get_allergies(ctx: ToolContext) -> dict[str, Any]:
    """Tell the verified patient which allergies the chart lists.

    Examples:
        what allergies do you have on file for me
        am I allergic to anything in my chart
        does my record say I'm allergic
        is my allergy in the system
        can you check my allergy list
        did the doctor write down my allergies
        do you know what I'm allergic to
        is it safe with my allergies
    """

    async def work(desk: Desk) -> Answer:
        patient = await desk.session.get_one(Patient, desk.patient_id)
        if not patient.allergies:
            return done("Your chart lists no allergies.", allergies=[])
        return done(f"Your chart lists an allergy to {say_list(patient.allergies)}.", allergies=patient.allergies)

    return await at_desk(ctx, work)


@tool(effect="write", requires=(VERIFIED,))
async def request_refill(ctx: ToolContext, medication: str, note: str | None = None) -> dict[str, Any]:
    """Request a refill of a prescription.

    Examples:
        I need a refill
        can you renew my prescription
        I'm running out of my pills
        I need more of my medicine
        please refill my blood pressure medication
        my prescription has run out
        can you send a refill to my pharmacy
        I have only two tablets left
        could the doctor renew it

    Args:
        medication: The name of the medication, such as "lisinopril", "metformin", "atorvastatin", "metoprolol",
            "omeprazole", "albuterol" or "zolpidem".
        note: Anything the caller wants to add.
    """

    async def work(desk: Desk) -> Answer:
        row = await _refillable(desk, medication)
        status = "requested" if row.refills_left and not row.controlled else "needs_approval"
        desk.session.add(
            RefillRequest(
                prescription_id=row.id,
                patient_id=desk.patient_id,
                status=status,
                note=(note or "").strip()[:500],
                call_id=desk.call.call_id,
            )
        )
        await desk.session.flush()
        where = f"{row.pharmacy} will have it ready in about two days"
        then = where if status == "requested" else f"{row.provider.spoken_name} has to approve it first"
        return done(f"I requested a refill of {row.medication}. {then}.", medication=row.medication, status=status)

    return await at_desk_once(ctx, work)


async def _refillable(desk: Desk, medication: str) -> Prescription:
    """Return the one active prescription that is meant and has no refill under way."""
    active = [row for row in await _prescriptions(desk) if row.status == "active"]
    meant = _named(active, medication)
    names = [row.medication for row in meant or active]
    if not active:
        raise Refused("no_prescriptions", "You have no active prescription with us. The nurse can call you about it.")
    if len(meant) != 1:
        raise Refused("which_medication", f"Which one do you mean: {say_list(names, last='or')}?", medications=names)
    await advisory_lock(desk.session, f"healthcare_voice refill {meant[0].id}")
    since = desk.now - timedelta(days=14)
    open_one = select(RefillRequest.id).where(
        RefillRequest.prescription_id == meant[0].id,
        RefillRequest.status.in_(_OPEN_REFILLS),
        RefillRequest.created_at > since,
    )
    if (await desk.session.scalars(open_one.limit(1))).first() is not None:
        raise Refused("already_requested", f"A refill of {names[0]} is already on its way.", medication=names[0])
    return meant[0]


@tool(effect="write", requires=(VERIFIED,))
async def send_nurse_message(
    ctx: ToolContext,
    message: str,
    urgency: Literal["routine", "today", "urgent"] = "routine",
    callback_phone: str | None = None,
) -> dict[str, Any]:
    """Leave a message for the nurse, who calls the verified patient back. For what the chart cannot answer.

    Examples:
        can you leave a message for the nurse
        I'd like the nurse to call me
        please ask the doctor for me
        tell the nurse that my dressing came off
        can a nurse get back to me about my results
        I want to ask the nurse something
        have the nurse phone me
        can you pass that on to the doctor
        I'd like to know if I can take these two together

    Args:
        message: The message, in the caller's words.
        urgency: How soon an answer is needed.
        callback_phone: Number to call back, ten digits, only when it is not the one on file.
    """

    async def work(desk: Desk) -> Answer:
        patient = await desk.session.get_one(Patient, desk.patient_id)
        desk.session.add(
            NurseMessage(
                patient_id=patient.id,
                call_id=desk.call.call_id,
                body=message.strip()[:2000],
                urgency=urgency,
                status="open",
                callback_phone=parse_phone(callback_phone) if callback_phone else patient.phone_mobile,
            )
        )
        await desk.session.flush()
        when = "by the end of the next workday" if urgency == "routine" else "today, as soon as possible"
        return done(f"I passed your message on. A nurse will call you back {when}.", urgency=urgency)

    return await at_desk_once(ctx, work)
