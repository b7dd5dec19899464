"""What every agent of the clinic can always do: react to danger, call in a person, say goodbye."""

from typing import Any

from huntgroup.domain.facts import EmergencyDeclared, HumanRequested
from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import VERIFIED, Answer, Desk, Refused, at_desk_once, done
from huntgroup.verticals.healthcare.office.parse import parse_phone
from huntgroup.verticals.healthcare.rules.danger import danger_signs
from huntgroup.verticals.healthcare.rules.names import phone_digits
from huntgroup.verticals.healthcare.rules.spoken import say_digits, say_phone
from huntgroup.verticals.healthcare.tables import CallbackRequest, Patient

EMERGENCY_NUMBER = "911"
_CALL_NOW = f"Please hang up and call {say_digits(EMERGENCY_NUMBER)} right now."
_EXTRA = {"988": f"You can also call or text {say_digits('988')} at any time to talk with somebody who listens."}


@tool(effect="read")
async def report_emergency(ctx: ToolContext, sign: str) -> dict[str, Any]:
    """Tell the caller to call 911 at once, and record it. Comes before everything else, also before any question.

    Use it without asking back as soon as the caller speaks of a danger sign now: chest pain, trouble breathing, stroke
    signs, suicidal words, heavy bleeding, loss of consciousness.

    Priority: urgent

    Examples:
        I have chest pain
        my chest hurts and my arm feels numb
        I can't breathe
        he's having trouble breathing
        her face is drooping and she can't speak right
        I want to kill myself
        I don't want to live anymore
        the bleeding won't stop
        she passed out and isn't waking up
        I think I'm having a heart attack
        this is an emergency

    Args:
        sign: The danger sign, in the caller's words.
    """
    # It reads nothing and writes nothing but the fact, so that it works when the database is away.
    signs = danger_signs(sign)
    ctx.context.record(EmergencyDeclared, sign=", ".join(one.name for one in signs) or sign.strip()[:200])
    extra = next((_EXTRA[one.extra] for one in signs if one.extra), "")
    words = [
        f"This may be an emergency. {_CALL_NOW}",
        extra,
        "If you cannot, say that you want a person, and I will have one call you back.",
        f"Can you call {say_digits(EMERGENCY_NUMBER)} now?",
    ]
    return done(" ".join(word for word in words if word), emergency_number=EMERGENCY_NUMBER,
                signs=[one.name for one in signs], offers=["request_human"])  # fmt: skip


@tool(effect="write")
async def request_human(ctx: ToolContext, topic: str | None = None, phone: str | None = None) -> dict[str, Any]:
    """Request a call back from a person of the practice. Nobody can be put through at once; say so honestly.

    Examples:
        I want to talk to a real person
        can I speak to a human
        get me a representative
        I don't want to talk to a machine
        put me through to somebody at the desk
        is there anyone there I can talk to
        let me speak with the receptionist
        operator please
        have someone call me back
        I'd rather talk to a person

    Args:
        topic: What it is about, if the caller says so.
        phone: Number to call back, ten digits, only when it is not the number they are calling from.
    """

    async def work(desk: Desk) -> Answer:
        patient = await _verified_patient(desk)
        number = _callback_number(desk, patient, phone)
        desk.session.add(
            CallbackRequest(
                call_id=desk.call.call_id,
                patient_id=patient.id if patient else None,
                phone=number,
                topic=(topic or "").strip()[:500],
                urgent=bool(danger_signs(topic or "")),
                status="open",
            )
        )
        await desk.session.flush()
        message = f"I can't put you through right now, but a person will call you back at {say_phone(number)}."
        return done(message, phone=number)

    ctx.context.record(HumanRequested, reason=(topic or "asked for a person").strip()[:200])
    return await at_desk_once(ctx, work)


async def _verified_patient(desk: Desk) -> Patient | None:
    return await desk.session.get(Patient, desk.patient_id) if desk.call.claims.has(VERIFIED) else None


def _callback_number(desk: Desk, patient: Patient | None, phone: str | None) -> str:
    """Return the number the caller names, calls from, or has on file, in this order."""
    if phone:
        return parse_phone(phone)
    number = phone_digits(desk.call.caller or "") or (patient.phone_mobile if patient else None)
    if number is None:
        raise Refused("phone_needed", "What number can we reach you at, digit by digit?", needs=["phone"])
    return number


@tool(effect="terminal")
async def end_call(ctx: ToolContext) -> dict[str, Any]:
    """Say goodbye and hang up. Only when the caller says goodbye or that there is nothing else.

    Examples:
        goodbye
        bye
        that's all, thank you
        no, that's everything
        nothing else, have a good day
        thanks, bye bye
        I'm done, thank you very much
        that will be all
        okay, see you then
        you can hang up now
    """
    ctx.context.hang_up("goodbye")
    return done("Thank you for calling. Goodbye.")
