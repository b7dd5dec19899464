"""The clinic's phone line: a front desk that manages the call, and a clinical specialist behind it."""

from huntgroup.teams import Team, VoiceAgent, consult, handoff
from huntgroup.teams.guardrails import (
    MaySay,
    guarded,
    no_clinical_advice,
    no_injected_arguments,
    no_injection,
    no_personal_data,
    remembers_personal_data,
)
from huntgroup.verticals.healthcare.briefs import ClinicalBrief, ClinicalResult
from huntgroup.verticals.healthcare.instructions import instructions_from
from huntgroup.verticals.healthcare.office.desk import VERIFIED
from huntgroup.verticals.healthcare.seeding.catalog import PRACTICE
from huntgroup.verticals.healthcare.tools.appointments import (
    cancel_appointment,
    get_patient_appointments,
    reschedule_appointment,
    schedule_appointment,
)
from huntgroup.verticals.healthcare.tools.availability import find_next_available, get_available_slots
from huntgroup.verticals.healthcare.tools.clinical import (
    get_allergies,
    get_medication_history,
    request_refill,
    send_nurse_message,
)
from huntgroup.verticals.healthcare.tools.directory import (
    get_provider_info,
    get_providers,
    get_services,
)
from huntgroup.verticals.healthcare.tools.hours import get_office_hours
from huntgroup.verticals.healthcare.tools.identity import (
    create_new_patient,
    get_patient_insurance,
    lookup_patient,
    lookup_patient_by_phone,
)
from huntgroup.verticals.healthcare.tools.safety import end_call, report_emergency, request_human
from huntgroup.verticals.healthcare.tools.symptoms import assess_symptoms

CLINICAL_QUESTIONS = """Hand the call to the clinical specialist for anything medical: medications and doses, refills,
allergies, test results, symptoms and how soon they must be seen. The front desk never answers these itself.

Examples:
    I have a question about my medication
    what dose of my medicine should I take
    I need a refill of my prescription
    can I take this together with my other pills
    how many refills do I have left
    I've had a fever for three days
    my throat hurts, what should I do
    am I allergic to anything in my chart
    can I talk to a nurse about my symptoms
    how often do I have to take my blood pressure pills
    I feel dizzy since I started the new tablets"""

ASK_CLINICAL = """Ask the clinical specialist one question while the caller stays with you, when a short answer from
the chart is enough. Prefer to transfer when the caller wants to talk about it."""

NO_INSTRUCTIONS = no_injection()
"""For tools that read out what people wrote into the record: names, directions, allergies, plans."""

FRONT_DESK_MAY_SAY = MaySay(
    with_claim={VERIFIED: frozenset({"phone_number", "birth_date", "email", "address"})},
    public=(PRACTICE["address"], PRACTICE["phone"]),
)
"""Names always; contact data to a verified patient; to anybody the number they call from and what they said."""

front_desk = VoiceAgent(
    name="front_desk",
    handoff_description="Receptionist: appointments, providers, services, insurance, office hours.",
    instructions=instructions_from("front_desk"),
    opener="Lakeside Family Health, how can I help you?",
    filler="One moment, I'm looking that up.",
    tools=[
        guarded(lookup_patient, output=[NO_INSTRUCTIONS]),
        guarded(lookup_patient_by_phone, output=[NO_INSTRUCTIONS]),
        guarded(create_new_patient, arguments=[no_injected_arguments()], output=[NO_INSTRUCTIONS]),
        guarded(get_patient_insurance, output=[NO_INSTRUCTIONS]),
        guarded(get_patient_appointments, output=[NO_INSTRUCTIONS]),
        get_available_slots,
        find_next_available,
        schedule_appointment,
        cancel_appointment,
        reschedule_appointment,
        get_providers,
        get_provider_info,
        get_services,
        get_office_hours,
        report_emergency,
        request_human,
        end_call,
    ],
    input_guardrails=[remembers_personal_data()],
    output_guardrails=[no_clinical_advice(), no_personal_data(may_say=FRONT_DESK_MAY_SAY)],
)

clinical = VoiceAgent(
    name="clinical",
    handoff_description="Clinical specialist: medications, refills, allergies, symptoms, messages to the nurse.",
    voice="sage",
    instructions=instructions_from("clinical"),
    filler="One moment, I'm looking at your chart.",
    tools=[
        guarded(lookup_patient, output=[NO_INSTRUCTIONS]),
        guarded(get_medication_history, output=[NO_INSTRUCTIONS]),
        guarded(get_allergies, output=[NO_INSTRUCTIONS]),
        assess_symptoms,
        guarded(request_refill, output=[NO_INSTRUCTIONS]),
        send_nurse_message,
        report_emergency,
        request_human,
    ],
    input_guardrails=[remembers_personal_data()],
)

TEAM = Team(
    name="healthcare",
    first="front_desk",
    agents=[front_desk, clinical],
    edges=[
        handoff(
            frm="front_desk",
            to="clinical",
            description=CLINICAL_QUESTIONS,
            brief=ClinicalBrief,
            returns=ClinicalResult,
            policy="full",
            opener="silent",
            voice="switch",
        )
    ],
    consults=[consult(frm="front_desk", to="clinical", description=ASK_CLINICAL, returns=ClinicalResult)],
    vocabulary=(
        "Lakeside Family Health",
        "Dr. Chen",
        "Dr. Johnson",
        "Dr. Adams",
        "Dr. Brooks",
        "Dr. Garcia",
        "Dr. Patel",
        "Dr. Miller",
        "Dr. Taylor",
        "appointment",
        "reschedule",
        "routine checkup",
        "follow-up",
        "date of birth",
        "blood pressure",
        "lisinopril",
        "atorvastatin",
        "metformin",
        "refill",
        "prescription",
        "allergy",
    ),
)
