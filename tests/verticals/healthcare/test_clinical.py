"""The specialist's tools, and what every agent does about danger and people."""

import pytest

from huntgroup.domain.errors import ClaimMissing
from huntgroup.storage.base import Database
from huntgroup.verticals.healthcare.tools.clinical import (
    get_allergies,
    get_medication_history,
    request_refill,
    send_nurse_message,
)
from huntgroup.verticals.healthcare.tools.safety import end_call, report_emergency, request_human
from huntgroup.verticals.healthcare.tools.symptoms import assess_symptoms

from .conftest import Caller, value


async def test_one_medication_is_told_with_dose_and_refills(maria: Caller) -> None:
    answer = await maria.use(get_medication_history)
    assert answer["message"] == (
        "You take lisinopril, 10 milligrams, once a day in the morning. You have 2 refills left."
    )


async def test_a_medication_is_found_as_it_was_heard(maria: Caller) -> None:
    for heard in ("lisinopril", "Lysinopril", "lizinopril"):
        assert "10 milligrams" in (await maria.use(get_medication_history, medication=heard))["message"]
    other = await maria.use(get_medication_history, medication="insulin")
    assert other["message"].startswith("I don't see insulin in your chart.")


async def test_charts_need_a_verified_caller(caller: Caller) -> None:
    for tool in (get_medication_history, get_allergies, request_refill, send_nurse_message):
        with pytest.raises(ClaimMissing):
            await caller.use(tool)


async def test_allergies(maria: Caller, james: Caller) -> None:
    assert (await maria.use(get_allergies))["message"] == "Your chart lists an allergy to penicillin."
    assert (await james.use(get_allergies))["message"] == "Your chart lists no allergies."


async def test_a_refill_is_requested_once(maria: Caller, clinic: Database) -> None:
    first = await maria.use(request_refill, medication="lisinopril")
    again = await maria.use(request_refill, medication="lisinopril")
    assert first["status"] == "requested"
    assert again["error"] == "already_requested"
    assert await value(clinic, "select count(*) from healthcare_voice.refill_requests") == 1


async def test_refills_that_ran_out_or_are_controlled_need_the_doctor(clinic: Database) -> None:
    david = Caller(clinic).verified_as(4)
    assert (await david.use(request_refill, medication="metformin"))["status"] == "needs_approval"
    assert (await david.use(request_refill, medication="zolpidem"))["status"] == "needs_approval"
    assert (await david.use(request_refill, medication="my pills"))["error"] == "which_medication"


async def test_a_message_reaches_the_nurse_with_a_number(maria: Caller, clinic: Database) -> None:
    answer = await maria.use(send_nurse_message, message="Can I take aspirin?", urgency="today")
    assert "A nurse will call you back today" in answer["message"]
    assert await value(clinic, "select callback_phone from healthcare_voice.nurse_messages") == "5855550142"


@pytest.mark.parametrize(
    ("symptoms", "severity", "days", "disposition"),
    [
        ("runny nose", "mild", 1, "nurse_call"),
        ("runny nose", "mild", 5, "appointment"),
        ("sore throat", "moderate", 4, "same_day"),
        ("back pain", "moderate", 30, "appointment"),
        ("back pain", "severe", 1, "same_day"),
        ("my chest feels tight", "mild", 1, "emergency"),
        ("a cough but no chest pain", "mild", 1, "nurse_call"),
    ],
)
async def test_symptoms_are_sorted_by_rules(
    caller: Caller, symptoms: str, severity: str, days: int, disposition: str
) -> None:
    answer = await caller.use(assess_symptoms, symptoms=symptoms, severity=severity, duration_days=days)
    assert answer["disposition"] == disposition
    assert ("EmergencyDeclared" in caller.facts) == (disposition == "emergency")


async def test_an_emergency_says_911_first_and_works_without_a_database() -> None:
    caller = Caller(Database("postgresql://nobody@localhost:1/none"))
    answer = await caller.use(report_emergency, sign="I have chest pain")
    assert "call nine one one right now" in answer["message"]
    assert "person" in answer["message"]
    assert caller.facts == ["EmergencyDeclared"]


async def test_suicidal_words_get_the_line_for_that_too() -> None:
    caller = Caller(Database("postgresql://nobody@localhost:1/none"))
    assert "nine eight eight" in (await caller.use(report_emergency, sign="I don't want to live anymore"))["message"]


async def test_a_person_is_promised_honestly(clinic: Database) -> None:
    caller = Caller(clinic, caller="+15855550163")
    answer = await caller.use(request_human, topic="billing")
    assert answer["message"].endswith("a person will call you back at 585-555-0163.")
    assert caller.facts == ["HumanRequested"]
    assert await value(clinic, "select topic from healthcare_voice.callback_requests") == "billing"


async def test_without_a_number_it_is_asked_for(caller: Caller) -> None:
    assert (await caller.use(request_human))["error"] == "phone_needed"
    assert (await caller.use(request_human, phone="585 555 0101"))["ok"]


async def test_goodbye_hangs_up(caller: Caller) -> None:
    assert (await caller.use(end_call))["message"] == "Thank you for calling. Goodbye."
    assert caller.hung_up == ["goodbye"]
