"""The demo practice is whole, the same for the same day, and can be made on any day."""

from datetime import timedelta

import pytest

from huntgroup.storage.base import Database
from huntgroup.verticals.healthcare.seed import seed
from huntgroup.verticals.healthcare.tables import Base

from .conftest import NOW, value

COUNTS = {"providers": 6, "departments": 4, "services": 20, "patients": 30, "prescriptions": 10, "appointments": 100}


async def test_every_table_that_a_clinic_starts_with_is_filled(clinic: Database) -> None:
    for table, least in COUNTS.items():
        assert await value(clinic, f"select count(*) from healthcare_voice.{table}") >= least, table
    assert len(Base.metadata.tables) >= 22


async def test_a_second_seeding_changes_nothing(clinic: Database) -> None:
    before = await value(clinic, "select count(*) from healthcare_voice.appointments")
    assert await seed(clinic, NOW + timedelta(days=30)) is False
    assert await value(clinic, "select count(*) from healthcare_voice.appointments") == before


async def test_the_same_day_makes_the_same_rows(clinic: Database) -> None:
    prints = "select md5(string_agg(a::text, '' order by id)) from (select id, patient_id, provider_id, starts_at, "
    prints += "status from healthcare_voice.appointments) a"
    before = await value(clinic, prints)
    assert await seed(clinic, NOW, reset=True) is True
    assert await value(clinic, prints) == before


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5, 6, 30, 36, 60, 100, 221, 365])
async def test_it_can_be_made_on_any_day(db: Database, days: int) -> None:
    assert await seed(db, NOW + timedelta(days=days)) is True
