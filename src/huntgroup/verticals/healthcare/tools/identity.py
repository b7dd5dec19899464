"""Who is calling: the tools that verify or register a patient. Only these grant `verified_patient`."""

from typing import Any

from sqlalchemy import select

from huntgroup.teams import CallContext, ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import (
    VERIFIED,
    Answer,
    Desk,
    Refused,
    at_desk,
    at_desk_once,
    done,
)
from huntgroup.verticals.healthcare.office.parse import parse_birth, parse_phone
from huntgroup.verticals.healthcare.office.patients import add_patient, by_identity, by_phone
from huntgroup.verticals.healthcare.rules.names import name_key
from huntgroup.verticals.healthcare.rules.spoken import say_list
from huntgroup.verticals.healthcare.tables import InsurancePlan, Patient, PatientInsurance

_MISSES = "healthcare.identity_misses"
_OFFER_AFTER, _LOCK_AFTER = 2, 4


@tool(effect="read")
async def lookup_patient(ctx: ToolContext, first_name: str, last_name: str, date_of_birth: str) -> dict[str, Any]:
    """Verify the caller as a patient of the practice by first name, last name and date of birth, all three.

    Use it as soon as a record is needed: before booking, changing or cancelling an appointment, and before anything
    about insurance, medications or charts. There is no search by name alone.

    Grants: verified_patient

    Examples:
        my name is Susan Hill and I was born on March 3rd 1970
        this is John Smith, date of birth June 5th 1988
        I'm already a patient with you
        I am an existing patient
        can you pull up my record
        can you find my file
        my date of birth is July 4th 1990
        it's Ann Miller calling, I've been there before
        you should have me in the system

    Args:
        first_name: The caller's first name, letters only.
        last_name: The caller's last name, letters only.
        date_of_birth: Date of birth, ISO date YYYY-MM-DD.
    """

    async def work(desk: Desk) -> Answer:
        born = parse_birth(date_of_birth, desk.today)
        _refuse_when_locked(ctx.context)
        patient = await by_identity(desk, first_name, last_name, born)
        return _verified(ctx.context, patient) if patient else _missed(ctx.context)

    return await at_desk(ctx, work)


@tool(effect="read")
async def lookup_patient_by_phone(ctx: ToolContext, phone: str, date_of_birth: str | None = None) -> dict[str, Any]:
    """Look for a patient's record by the phone number on file. A number alone proves nothing and reveals nothing.

    Ask for the date of birth as well; only number and date of birth together verify the caller.

    Grants: verified_patient

    Examples:
        can you look me up by my phone number
        my phone number is 212 555 0187
        you can find me under my cell number
        the number on my account is 2 1 2 5 5 5 0 1 8 7
        I'm calling from the number you have on file
        try my mobile number instead
        look it up by telephone number

    Args:
        phone: Phone number, ten digits.
        date_of_birth: Date of birth, ISO date YYYY-MM-DD.
    """

    async def work(desk: Desk) -> Answer:
        digits = parse_phone(phone or ctx.context.caller or "")
        _refuse_when_locked(ctx.context)
        found = await by_phone(desk, digits)
        if date_of_birth:
            born = parse_birth(date_of_birth, desk.today)
            matching = [patient for patient in found if patient.date_of_birth == born]
            return _verified(ctx.context, matching[0]) if len(matching) == 1 else _missed(ctx.context)
        if not found:
            return _missed(ctx.context)
        return done("Thank you. To confirm it is you, what is your date of birth?", verified=False,
                    needs=["date_of_birth"])  # fmt: skip

    return await at_desk(ctx, work)


@tool(effect="write")
async def create_new_patient(
    ctx: ToolContext,
    first_name: str,
    last_name: str,
    date_of_birth: str,
    phone: str,
    email: str | None = None,
) -> dict[str, Any]:
    """Register a caller who has never been to this practice. Ask to spell the name; it refuses a double record.

    Grants: verified_patient

    Examples:
        I'm a new patient
        I've never been there before and want to sign up
        can I register with you
        this is my first time calling
        I would like to become a patient
        we just moved here and need a doctor
        I don't have a record with you yet
        are you taking new patients, I want to join
        please set up a new file for me

    Args:
        first_name: The caller's first name, letters only.
        last_name: The caller's last name, letters only.
        date_of_birth: Date of birth, ISO date YYYY-MM-DD.
        phone: Phone number, ten digits.
        email: Email address, if the caller wants to give one.
    """

    async def work(desk: Desk) -> Answer:
        patient = _new_patient(desk, first_name, last_name, date_of_birth, phone, email)
        if not await add_patient(desk, patient):
            raise Refused("duplicate_patient", "There is already a record with that name and date of birth. "
                          "I can look it up for you instead.", next="lookup_patient")  # fmt: skip
        welcome = f"Welcome, {patient.first_name}. You are registered. What can I do for you next?"
        return done(welcome, patient_id=patient.id, mrn=patient.mrn, verified=True)

    answer = await at_desk_once(ctx, work)
    if answer["ok"]:
        _grant(ctx.context, answer["patient_id"])
    return answer


@tool(effect="read", requires=(VERIFIED,))
async def get_patient_insurance(ctx: ToolContext) -> dict[str, Any]:
    """Tell the verified patient which insurance policies are on file and whether they are verified.

    Examples:
        what insurance do you have on file for me
        is my insurance still valid with you
        do you have my insurance card
        which health plan am I under
        has my coverage been verified
        can you check my insurance information
        am I covered
        did you get my new insurance
    """

    async def work(desk: Desk) -> Answer:
        rows = await _policies(desk)
        if not rows:
            return done("There is no insurance on file for you. Please bring your card to your visit.", policies=[])
        words = [f"{row['payer']} {row['plan']}, which is {row['verification_status']}" for row in rows]
        return done(f"On file I have {say_list(words)}.", policies=rows)

    return await at_desk(ctx, work)


async def _policies(desk: Desk) -> list[dict[str, Any]]:
    query = (
        select(PatientInsurance)
        .join(InsurancePlan)
        .where(PatientInsurance.patient_id == desk.patient_id)
        .order_by(PatientInsurance.position)
    )
    return [
        {
            "payer": row.plan.payer,
            "plan": row.plan.name,
            "kind": row.plan.kind,
            "member_id": row.member_id,
            "accepted": row.plan.accepted,
            "verification_status": row.verification_status,
        }
        for row in await desk.session.scalars(query)
    ]


def _new_patient(
    desk: Desk, first_name: str, last_name: str, date_of_birth: str, phone: str, email: str | None
) -> Patient:
    first, last = first_name.strip(), last_name.strip()
    if not name_key(first) or not name_key(last):
        raise Refused("bad_name", "I need your first and your last name. Could you say them again?")
    return Patient(
        practice_id=desk.practice.id,
        first_name=first.title() if first.islower() or first.isupper() else first,
        last_name=last.title() if last.islower() or last.isupper() else last,
        first_key=name_key(first),
        last_key=name_key(last),
        date_of_birth=parse_birth(date_of_birth, desk.today),
        phone_mobile=parse_phone(phone),
        email=email,
        allergies=[],
        medications=[],
        conditions=[],
    )


def _grant(call: CallContext, patient_id: int) -> None:
    call.claims.grant(VERIFIED, str(patient_id))


def _verified(call: CallContext, patient: Patient) -> Answer:
    _grant(call, patient.id)
    call.memory.pop(_MISSES, None)
    return done(f"Thank you, {patient.first_name}.", verified=True,
                first_name=patient.first_name, last_name=patient.last_name)  # fmt: skip


def _missed(call: CallContext) -> Answer:
    """Count a miss; nothing in the answer says which of the details was wrong."""
    misses = call.memory[_MISSES] = int(call.memory.get(_MISSES, 0)) + 1
    if misses < _OFFER_AFTER:
        message = "I could not find a record with those details. Could you say your full name and date of birth again?"
        return {"ok": False, "error": "not_found", "message": message, "misses": misses}
    message = (
        "I still can't find that record. You can spell your last name for me, register as a new patient, "
        "or speak with a person. Which would you like?"
    )
    offers = ["lookup_patient", "create_new_patient", "request_human"]
    return {"ok": False, "error": "not_found", "message": message, "misses": misses, "offers": offers}


def _refuse_when_locked(call: CallContext) -> None:
    if int(call.memory.get(_MISSES, 0)) >= _LOCK_AFTER:
        raise Refused("too_many_misses", "I can't verify you on this call. A person can help you; shall I ask one to "
                      "call you back?", offers=["request_human"])  # fmt: skip
