"""Sorting symptoms by how soon somebody must be seen."""

from typing import Any

from huntgroup.domain.facts import EmergencyDeclared
from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import VERIFIED, Answer, Desk, at_desk_once, done
from huntgroup.verticals.healthcare.rules.spoken import say_digits
from huntgroup.verticals.healthcare.rules.triage import Severity, Triage, assess
from huntgroup.verticals.healthcare.tables import TriageAssessment

_ADVICE = {
    "same_day": "You should be seen today. The front desk can find an opening. If it gets worse, call nine one one.",
    "appointment": "You should have an appointment in the next days. The front desk can book it for you.",
    "nurse_call": "This does not sound urgent. I can leave a message for the nurse. If it gets worse, call again.",
}


@tool(effect="write")
async def assess_symptoms(
    ctx: ToolContext, symptoms: str, severity: Severity = "moderate", duration_days: int | None = None
) -> dict[str, Any]:
    """Check how soon the caller must be seen, and record the symptoms. It names no illness.

    Examples:
        I have a fever and a sore throat
        my back has been hurting for three days
        I've been coughing all week
        my son has a rash
        I feel dizzy and sick
        my knee is swollen
        I have a bad headache
        my stomach hurts since yesterday
        my ear aches
        I don't feel well, what should I do

    Args:
        symptoms: What the caller feels, in their own words.
        severity: How bad it is.
        duration_days: For how many days.
    """

    async def work(desk: Desk) -> Answer:
        found = assess(symptoms, severity, duration_days)
        desk.session.add(
            TriageAssessment(
                patient_id=desk.patient_id if desk.call.claims.has(VERIFIED) else None,
                call_id=desk.call.call_id,
                symptoms=symptoms.strip()[:1000],
                severity=severity,
                duration_days=duration_days,
                danger_signs=list(found.signs),
                disposition=found.disposition,
            )
        )
        await desk.session.flush()
        return done(_say_triage(found), disposition=found.disposition, signs=list(found.signs))

    found = assess(symptoms, severity, duration_days)
    if found.disposition == "emergency":
        ctx.context.record(EmergencyDeclared, sign=", ".join(found.signs))
    return await at_desk_once(ctx, work)


def _say_triage(found: Triage) -> str:
    if found.disposition == "emergency":
        extra = f" You can also call or text {say_digits(found.extra_number)}." if found.extra_number else ""
        return f"This may be an emergency. Please hang up and call nine one one right now.{extra}"
    return _ADVICE[found.disposition]
