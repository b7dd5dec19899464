"""What a bid is judged by: the question before it, and how much of it is our own sound."""

import pytest

from huntgroup.calls.turns.bids import asks

WHOLE = "We have two slots. Shall I book the one at nine? It is with Doctor Chen."


@pytest.mark.parametrize(
    ("heard", "whole", "asked"),
    [
        ("", WHOLE, False),
        ("We have two", WHOLE, False),
        ("We have two slots. Shall I book the one at nine?", WHOLE, True),
        ("We have two slots. Shall I book the one at nine? It is", WHOLE, True),
        (WHOLE, WHOLE, False),
        ("Shall I book the one", "Shall I book the one at nine?", True),
        ("Shall I", "Shall I book the one at nine, with Doctor Chen, in the main building?", False),
        ("We have two", "We have two. Which one?", False),
    ],
)
def test_a_question_is_open_near_its_end_and_a_moment_after_it(heard: str, whole: str, asked: bool) -> None:
    assert asks(heard, whole) is asked
