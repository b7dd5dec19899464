"""Booking, moving, cancelling: on the real database, alone and in a rush."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from huntgroup.storage.base import Database
from huntgroup.verticals.healthcare.arrange import race
from huntgroup.verticals.healthcare.tools.appointments import (
    cancel_appointment,
    get_patient_appointments,
    reschedule_appointment,
    schedule_appointment,
)

from .conftest import EMMA, NOW, Caller, value

SLOT = {
    "provider": "Dr. Chen",
    "date": "2026-12-01",
    "time": "14:00",
    "appointment_type": "follow_up",
    "reason": "blood pressure",
}
ACTIVE = "select count(*) from healthcare_voice.appointments where status = 'scheduled' and booked_by = 'voice'"


async def test_booking_writes_a_row_and_says_it_in_words(maria: Caller, clinic: Database) -> None:
    answer = await maria.use(schedule_appointment, **SLOT)
    assert answer["message"] == "You are booked with Dr. Chen on Tuesday, December 1st at 2 PM."
    assert answer["appointment"]["service"] == "Follow-up visit"
    assert await value(clinic, ACTIVE) == 1


async def test_a_retried_tool_call_books_once(maria: Caller, clinic: Database) -> None:
    first, again = await asyncio.gather(*(maria.use(schedule_appointment, tool_call_id="x", **SLOT) for _ in range(2)))
    assert first == again
    assert await value(clinic, ACTIVE) == 1


async def test_fifty_callers_one_slot_one_winner(clinic: Database) -> None:
    callers = [Caller(clinic, f"call_{n}").verified_as(n % 30 + 1) for n in range(50)]
    answers = await asyncio.gather(*(one.use(schedule_appointment, **SLOT) for one in callers))
    losers = [answer for answer in answers if not answer["ok"]]
    assert len(losers) == 49
    assert {answer["error"] for answer in losers} == {"slot_taken"}
    assert all(1 <= len(answer["alternatives"]) <= 5 for answer in losers)
    assert await value(clinic, ACTIVE) == 1


async def test_a_rush_over_overlapping_times_leaves_no_overlap(clinic: Database) -> None:
    times = [f"{hour}:{minute:02d}" for hour in (13, 14, 15) for minute in range(0, 60, 10)]
    callers = [Caller(clinic, f"call_{n}").verified_as(n % 30 + 1) for n in range(40)]
    await asyncio.gather(
        *(one.use(schedule_appointment, **{**SLOT, "time": times[n % len(times)]}) for n, one in enumerate(callers))
    )
    overlaps = (
        "select count(*) from healthcare_voice.appointments a join healthcare_voice.appointments b on a.id < b.id "
        "and a.provider_id = b.provider_id and tstzrange(a.starts_at, a.occupied_until) && "
        "tstzrange(b.starts_at, b.occupied_until) where a.status in ('scheduled', 'confirmed') "
        "and b.status in ('scheduled', 'confirmed')"
    )
    assert await value(clinic, overlaps) == 0
    assert await value(clinic, ACTIVE) >= 4


async def test_the_database_itself_forbids_the_double(clinic: Database) -> None:
    await race(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    copy = (
        "insert into healthcare_voice.appointments (patient_id, provider_id, appointment_type, reason, starts_at, "
        "ends_at, occupied_until, status, booked_by) select 5, provider_id, appointment_type, reason, "
        "starts_at + interval '10 min', ends_at + interval '10 min', occupied_until + interval '10 min', status, "
        "booked_by from healthcare_voice.appointments where reason = 'booked at the desk'"
    )
    with pytest.raises(IntegrityError, match="appointments_one_per_provider"):
        await value(clinic, copy)


async def test_a_taken_slot_gets_alternatives_near_it(maria: Caller, clinic: Database) -> None:
    await race(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    answer = await maria.use(schedule_appointment, **SLOT)
    assert answer["error"] == "slot_taken"
    assert [row["time"] for row in answer["alternatives"]][:2] == ["13:00", "13:30"]
    assert "Tuesday, December 1st at 1 PM" in answer["message"]
    booked = await maria.use(schedule_appointment, **{**SLOT, "time": answer["alternatives"][0]["time"]})
    assert booked["ok"]


async def test_what_cannot_be_booked_is_refused_by_name(maria: Caller) -> None:
    wrong = {
        "past_date": {"date": "2026-11-20"},
        "bad_date": {"date": "soon"},
        "bad_time": {"time": "late"},
        "closed": {"date": "2026-11-26"},
        "unknown_provider": {"provider": "Dr. Frankenstein"},
        "no_telehealth": {"provider": "Miller", "appointment_type": "telehealth"},
        "too_far_ahead": {"date": "2029-01-01"},
        "bad_duration": {"duration": 0},
    }
    for error, change in wrong.items():
        answer = await maria.use(schedule_appointment, **{**SLOT, **change})
        assert (answer["ok"], answer["error"]) == (False, error)


async def test_a_patient_cannot_be_in_two_places(maria: Caller) -> None:
    await maria.use(schedule_appointment, **SLOT)
    answer = await maria.use(schedule_appointment, **{**SLOT, "provider": "Johnson", "time": "14:15"})
    assert answer["error"] == "patient_busy"


async def test_upcoming_appointments_are_the_callers_own(james: Caller) -> None:
    answer = await james.use(get_patient_appointments)
    assert [row["provider"] for row in answer["appointments"]] == ["Dr. Chen"]
    assert answer["message"] == (
        "You have one appointment: Follow-up visit with Dr. Chen on Tuesday, November 24th at 3 PM."
    )


async def test_cancelling_keeps_history(james: Caller, clinic: Database) -> None:
    row = (await james.use(get_patient_appointments))["appointments"][0]
    answer = await james.use(cancel_appointment, appointment_id=row["appointment_id"], reason="out of town")
    assert answer["ok"]
    status = f"select status from healthcare_voice.appointments where id = {row['appointment_id']}"
    assert await value(clinic, status) == "cancelled"
    again = await james.use(cancel_appointment, appointment_id=row["appointment_id"])
    assert again["error"] == "not_active"


async def test_somebody_elses_appointment_does_not_exist(james: Caller, clinic: Database) -> None:
    row = (await james.use(get_patient_appointments))["appointments"][0]
    emma = Caller(clinic, "call_emma").verified_as(EMMA)
    foreign = await emma.use(cancel_appointment, appointment_id=row["appointment_id"])
    for nothing in (999_999, "the first one", ""):
        assert await emma.use(cancel_appointment, appointment_id=nothing) == foreign
    moved = await emma.use(
        reschedule_appointment, appointment_id=row["appointment_id"], new_date="2026-12-01", new_time="14:00"
    )
    assert moved["error"] == "unknown_appointment"


async def test_moving_links_the_rows(james: Caller, clinic: Database) -> None:
    old = (await james.use(get_patient_appointments))["appointments"][0]["appointment_id"]
    answer = await james.use(reschedule_appointment, appointment_id=old, new_date="2026-12-02", new_time="10:30")
    assert answer["message"].endswith("It is now with Dr. Chen on Wednesday, December 2nd at 10:30 AM.")
    states = f"select status from healthcare_voice.appointments where id = {old}"
    assert await value(clinic, states) == "rescheduled"
    link = f"select replaces_id from healthcare_voice.appointments where id = {answer['appointment_id']}"
    assert str(await value(clinic, link)) == old


async def test_moving_within_the_own_time_is_possible(james: Caller) -> None:
    old = (await james.use(get_patient_appointments))["appointments"][0]["appointment_id"]
    answer = await james.use(reschedule_appointment, appointment_id=old, new_date="2026-11-24", new_time="15:15")
    assert answer["ok"]


async def test_a_lost_race_leaves_the_old_one_standing(james: Caller, clinic: Database) -> None:
    old = (await james.use(get_patient_appointments))["appointments"][0]["appointment_id"]
    await race(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    answer = await james.use(reschedule_appointment, appointment_id=old, new_date="2026-12-01", new_time="14:00")
    assert answer["error"] == "slot_taken"
    assert len(answer["alternatives"]) == 5
    assert (await james.use(get_patient_appointments))["appointments"][0]["appointment_id"] == old


async def test_two_moves_into_each_others_provider_do_not_deadlock(clinic: Database) -> None:
    james, emma = Caller(clinic, "a").verified_as(2), Caller(clinic, "b").verified_as(EMMA)
    rows = [(await one.use(get_patient_appointments))["appointments"][0] for one in (james, emma)]
    moves = [
        one.use(
            reschedule_appointment,
            appointment_id=row["appointment_id"],
            new_date="2026-12-01",
            new_time="13:30",
            new_provider=provider,
        )
        for one, row, provider in ((james, rows[0], "Johnson"), (emma, rows[1], "Chen"))
    ]
    assert [answer["ok"] for answer in await asyncio.gather(*moves)] == [True, True]
