"""Whatever is said, nothing raises."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntgroup.engine.understanding import Understanding
from huntgroup.engine.understanding.guidance import read_guidance, read_order
from huntgroup.engine.understanding.toolspec import read_tools
from huntgroup.engine.understanding.utterance import read
from tests.engine.understanding.garage import Workshop, workshop
from tests.engine.understanding.talk import Talk

SUNDAY = date(2026, 11, 22)
PIECES = st.sampled_from(
    """in 99999999 weeks years ago next last the 31st of february 0 00 /30/ 12:99 25:00 pm am half past
    quarter to double triple oh twenty hundred thousand million . , - ' " ? ½ ² ٣ 2026-02-30 13/13/99 @ dot com born
    march Dr. I'm my name is not from wednesday week tomorrow day after first second L O P E Z as in for
    too 1985 $ 3.30 90210 no yes cancel that""".split()
)
SPEECH = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join))


@given(SPEECH, st.booleans(), st.booleans())
def test_any_utterance_can_be_read(text: str, asked_name: bool, asked_time: bool) -> None:
    read(text, SUNDAY, asked_name=asked_name, asked_time=asked_time)


@given(st.text(max_size=200))
def test_any_prompt_can_be_read(text: str) -> None:
    read_guidance(text, SUNDAY)
    read_order(text)


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        {},
        {"type": "object"},
        {"properties": {"x": {}}},
        {"properties": {"x": {"type": ["null"]}}},
        {"properties": {"x": True}},
    ],
)
def test_any_schema_can_be_read(parameters: object) -> None:
    assert read_tools([{"type": "function", "name": "f", "description": None, "parameters": parameters}])


@pytest.mark.parametrize("order", [range(8), range(7, -1, -1), (3, 1, 4, 1, 5, 2, 6, 5)])
def test_a_confused_caller_gets_an_answer_to_everything(understanding: Understanding, order: tuple[int, ...]) -> None:
    said = [
        "in 99999999 weeks",
        "yes",
        "no no no",
        "",
        "the second one",
        "Dr. ?",
        "born on February 31st",
        "never mind, cancel that",
    ]
    caller = Talk(understanding.new_mind(), workshop(), Workshop().answers(), "")
    for opening in ("I'd like to book my car in", "I need to move my booking", "Maria Lopez, March 4th 1985"):
        caller.say(opening)
        for i in order:
            assert caller.say(said[i]) or caller.calls
