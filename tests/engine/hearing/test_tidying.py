"""Times of day out of a transcript."""

import pytest

from huntgroup.engine.hearing.tidying import tidied


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("Then 230pm, yes please.", "Then 2:30 PM, yes please."),
        ("at 10.30 a.m. tomorrow", "at 10:30 AM tomorrow"),
        ("December 2, 10-30 in the morning", "December 2, 10:30 in the morning"),
        ("December 2, 10, 30 in the morning, please", "December 2, 10:30 in the morning, please"),
        ("1030 in the morning", "10:30 in the morning"),
        ("at 3:15 PM", "at 3:15 PM"),
        ("at 2pm on May 20, 1991", "at 2pm on May 20, 1991"),
        ("585-555-0199", "585-555-0199"),
        ("20 30 in the morning", "20 30 in the morning"),
        ("December 2, 10 PM", "December 2, 10 PM"),
        ("between 9-12 AM", "between 9-12 AM"),
        ("May 5 10 in the morning", "May 5 10 in the morning"),
        ("room 230", "room 230"),
    ],
)
def test_tidied(written, tidy):
    assert tidied(written) == tidy
