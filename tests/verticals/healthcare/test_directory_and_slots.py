"""What anybody may ask: free times, doctors, services, hours."""

from huntgroup.storage.base import Database
from huntgroup.verticals.healthcare.arrange import race
from huntgroup.verticals.healthcare.tools.availability import find_next_available, get_available_slots
from huntgroup.verticals.healthcare.tools.directory import (
    get_provider_info,
    get_providers,
    get_services,
)
from huntgroup.verticals.healthcare.tools.hours import get_office_hours

from .conftest import NOW, Caller


async def test_slots_are_schedule_minus_bookings(caller: Caller, clinic: Database) -> None:
    await race(clinic, NOW, provider="Dr. Chen", date="2026-12-01", time="14:00")
    answer = await caller.use(get_available_slots, provider="chen", date="2026-12-01")
    times = [row["time"] for row in answer["slots"]]
    assert "14:00" not in times
    assert {"13:00", "13:30", "14:30", "16:30"} <= set(times)
    assert "12:00" not in times


async def test_a_buffer_keeps_the_time_after_a_visit_free(caller: Caller, clinic: Database) -> None:
    await race(clinic, NOW, provider="Dr. Miller", date="2026-12-01", time="13:30")
    answer = await caller.use(get_available_slots, provider="Dr. Miller", date="2026-12-01")
    afternoon = [row["time"] for row in answer["slots"] if row["time"] > "12:00"]
    assert afternoon == ["14:30", "15:00", "15:30", "16:00"]


async def test_slots_carry_the_arguments_that_book_them(caller: Caller) -> None:
    row = (await caller.use(get_available_slots, provider="Chen", date="2026-12-01"))["slots"][0]
    assert {"provider", "date", "time", "duration", "spoken"} == set(row)
    assert row["spoken"].startswith("Tuesday, December 1st at ")


async def test_time_off_holidays_and_days_out_say_why_and_what_is_next(caller: Caller) -> None:
    off = await caller.use(get_available_slots, provider="Johnson", date="2026-12-16")
    holiday = await caller.use(get_available_slots, provider="Chen", date="2026-11-26")
    sunday = await caller.use(get_available_slots, provider="Chen", date="2026-11-29")
    past = await caller.use(get_available_slots, provider="Chen", date="2026-11-20")
    assert [one["error"] for one in (off, holiday, sunday, past)] == [
        "no_openings",
        "closed",
        "no_openings",
        "past_date",
    ]
    assert "is not in on Sunday, November 29th" in sunday["message"]
    assert sunday["alternatives"][0]["date"] == "2026-11-30"


async def test_the_next_available_is_in_order_and_short(caller: Caller) -> None:
    answer = await caller.use(find_next_available)
    starts = [(row["date"], row["time"]) for row in answer["slots"]]
    assert starts == sorted(starts)
    assert 1 <= len(starts) <= 5
    assert starts[0][0] == "2026-11-23"


async def test_the_next_available_in_a_field(caller: Caller) -> None:
    for words in ("heart doctor", "Cardiology", "cardiologist"):
        answer = await caller.use(find_next_available, specialization=words)
        assert {row["provider"] for row in answer["slots"]} == {"Dr. Patel"}
    unknown = await caller.use(find_next_available, specialization="neurosurgery")
    assert unknown["error"] == "unknown_specialization"


async def test_providers_are_found_as_they_are_called(caller: Caller) -> None:
    for name in ("Dr. Chen", "chen", "doctor chen", "Emily Chen", "Dr. Chenn", "Dr Shen"):
        answer = await caller.use(get_provider_info, provider=name)
        assert answer.get("provider") == "Dr. Chen", name
    unknown = await caller.use(get_provider_info, provider="Dr. Frankenstein")
    assert "We have Dr. Chen" in unknown["message"]


async def test_providers_of_a_field_who_take_new_patients(caller: Caller) -> None:
    every = await caller.use(get_providers)
    family = await caller.use(get_providers, specialization="family doctor", accepting_new_patients=True)
    assert len(every["providers"]) == 8
    assert [row["provider"] for row in family["providers"]] == ["Dr. Chen", "Dr. Johnson"]
    assert (await caller.use(get_providers, specialization="dentists"))["message"] == (
        "We have Dr. Miller and Dr. Taylor in dentistry."
    )


async def test_services_have_code_length_and_price(caller: Caller) -> None:
    flu = await caller.use(get_services, category="flu shots")
    assert flu["services"][0]["code"] == "CPT 90686"
    assert flu["message"] == "We have flu shot for 40 dollars, 15 minutes."
    dental = await caller.use(get_services, category="dental")
    assert any(row["code"].startswith("CDT") for row in dental["services"])
    assert (await caller.use(get_services, category="surgery"))["error"] == "unknown_service"


async def test_hours_know_today_and_the_next_holiday(caller: Caller) -> None:
    answer = await caller.use(get_office_hours)
    assert answer["open_now"] is False
    assert answer["hours"][6] == {"weekday": "Sunday", "opens": None, "closes": None}
    assert "Monday to Thursday from 8 AM to 5:30 PM" in answer["message"]
    assert "Thursday, November 26th, for Thanksgiving Day" in answer["message"]
