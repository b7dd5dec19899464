"""Who is calling: all three details, nothing leaked, no doubles."""

from huntgroup.storage.base import Database
from huntgroup.verticals.healthcare.tools.identity import (
    create_new_patient,
    get_patient_insurance,
    lookup_patient,
    lookup_patient_by_phone,
)

from .conftest import Caller, value

BORN = "1985-04-12"


async def test_all_three_details_verify(caller: Caller) -> None:
    answer = await caller.use(lookup_patient, first_name="maria", last_name="LOPEZ", date_of_birth=BORN)
    assert answer["ok"]
    assert caller.context.claims.subject("verified_patient") == "1"


async def test_accents_and_sound_alike_spellings_are_one_name(caller: Caller) -> None:
    for first, last, born in (("Jose", "Garcia", "1984-02-02"), ("Emma", "Clarke", "1992-01-15")):
        answer = await caller.use(lookup_patient, first_name=first, last_name=last, date_of_birth=born)
        assert answer["ok"], last


async def test_a_name_alone_reveals_nothing(caller: Caller) -> None:
    answer = await caller.use(lookup_patient, first_name="Maria", last_name="Lopez", date_of_birth="1985-04-13")
    assert not answer["ok"]
    assert not caller.context.claims.names()
    assert "Lopez" not in answer["message"]


async def test_right_birthday_with_another_name_is_a_miss(caller: Caller) -> None:
    answer = await caller.use(lookup_patient, first_name="Maria", last_name="Wilson", date_of_birth=BORN)
    assert answer["error"] == "not_found"


async def test_two_misses_offer_spelling_registration_or_a_person(caller: Caller) -> None:
    for _ in range(2):
        answer = await caller.use(lookup_patient, first_name="Maria", last_name="Lopez", date_of_birth="1985-04-13")
    assert answer["offers"] == ["lookup_patient", "create_new_patient", "request_human"]
    assert "spell" in answer["message"]


async def test_guessing_is_locked(caller: Caller) -> None:
    for day in range(13, 17):
        await caller.use(lookup_patient, first_name="Maria", last_name="Lopez", date_of_birth=f"1985-04-{day}")
    answer = await caller.use(lookup_patient, first_name="Maria", last_name="Lopez", date_of_birth=BORN)
    assert answer["error"] == "too_many_misses"
    assert not caller.context.claims.names()


async def test_a_phone_number_needs_the_birthday_too(caller: Caller) -> None:
    first = await caller.use(lookup_patient_by_phone, phone="+1 (585) 555-0142")
    assert first["ok"]
    assert not first["verified"]
    assert "Maria" not in str(first)
    assert not caller.context.claims.names()
    second = await caller.use(lookup_patient_by_phone, phone="5855550142", date_of_birth=BORN)
    assert second["verified"]
    assert caller.context.claims.subject("verified_patient") == "1"


async def test_unusable_details_are_asked_for_again(caller: Caller) -> None:
    born = await caller.use(lookup_patient, first_name="Maria", last_name="Lopez", date_of_birth="12/04")
    phone = await caller.use(lookup_patient_by_phone, phone="555")
    assert (born["error"], phone["error"]) == ("bad_date_of_birth", "bad_phone")


NEW = {"first_name": "Alan", "last_name": "Fisher", "date_of_birth": "1991-05-20", "phone": "585 555 0199"}


async def test_a_new_patient_is_registered_once(caller: Caller, clinic: Database) -> None:
    first = await caller.use(create_new_patient, tool_call_id="same", **NEW)
    again = await caller.use(create_new_patient, tool_call_id="same", **NEW)
    assert first == again
    assert first["mrn"] == "MRN-100035"
    assert caller.context.claims.subject("verified_patient") == str(first["patient_id"])
    assert await value(clinic, "select count(*) from healthcare_voice.patients where last_key = 'fisher'") == 1


async def test_a_double_is_refused_and_grants_nothing(caller: Caller) -> None:
    twice = {"first_name": "MARÍA", "last_name": "Lopez", "date_of_birth": BORN, "phone": "5855550000"}
    answer = await caller.use(create_new_patient, **twice)
    assert answer["error"] == "duplicate_patient"
    assert not caller.context.claims.names()


async def test_insurance_is_that_of_the_verified_patient(maria: Caller) -> None:
    answer = await maria.use(get_patient_insurance)
    assert [row["verification_status"] for row in answer["policies"]] == ["verified"]
    assert "Blue Harbor" in answer["message"]
