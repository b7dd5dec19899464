"""Claims are granted by tools, hold for a subject, and are asked for by name."""

import pytest

from huntgroup.domain.claims import Claims
from huntgroup.domain.errors import ClaimMissing
from huntgroup.domain.ids import new_id


def test_a_claim_holds_for_its_subject_and_the_grant_is_told() -> None:
    told: list[tuple[str, str]] = []
    claims = Claims(on_grant=lambda name, subject: told.append((name, subject)))
    claims.grant("verified_patient", "7")
    assert claims.subject("verified_patient") == "7"
    assert told == [("verified_patient", "7")]


def test_all_missing_claims_are_named() -> None:
    claims = Claims()
    claims.grant("a", "1")
    with pytest.raises(ClaimMissing) as caught:
        claims.require(["a", "b", "c"])
    assert caught.value.needs == ("b", "c")


def test_ids_sort_by_time_and_do_not_repeat() -> None:
    made = [new_id("call") for _ in range(1000)]
    assert len(set(made)) == 1000
    assert [made_id[:15] for made_id in made] == sorted(made_id[:15] for made_id in made)
