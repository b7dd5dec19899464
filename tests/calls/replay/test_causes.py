"""The order of cause and effect is the same however the log was dealt."""

from huntgroup.calls.replay.causes import Causes
from huntgroup.calls.replay.comparison import first_difference, stream
from huntgroup.domain import facts as f
from tests.calls.replay.records import Record


def order(record: Record) -> list[str]:
    """The facts by short names: words by their text, tools by call id."""
    names = []
    for fact in Causes(record.facts).in_order():
        match fact:
            case f.AgentSpoke():
                names.append(fact.text)
            case f.ToolCalled():
                names.append(f"call {fact.tool_call_id}")
            case f.ToolAnswered():
                names.append(f"answer {fact.tool_call_id}")
            case f.UsageReported():
                pass
            case _:
                names.append(type(fact).__name__)
    return names


def test_words_stand_before_the_tools_of_their_response_however_late_they_are_told() -> None:
    late = (
        Record().caller(1, 0, 900).called("a", 950).done("r1", 960).answered("a", 970).words("r1", "One.", 940, 2_000)
    )
    assert order(late) == ["CallerSpoke", "One.", "call a", "answer a"]


def test_words_of_the_next_response_stand_behind_the_answer_that_they_tell() -> None:
    record = Record().caller(1, 0, 900).called("a", 950).answered("a", 955).done("r1", 960).done("r2", 970)
    assert order(record.words("r2", "Two.", 980, 2_000)) == ["CallerSpoke", "call a", "answer a", "Two."]


def test_answers_of_two_tools_stand_with_their_calls_whichever_was_faster() -> None:
    slow = Record().called("a", 1).called("b", 2).done("r", 3).answered("b", 4).answered("a", 5)
    fast = Record().called("a", 1).called("b", 2).answered("a", 3).done("r", 4).answered("b", 5)
    assert order(slow) == order(fast) == ["call a", "answer a", "call b", "answer b"]


def test_a_turn_whose_transcript_is_late_stands_before_what_it_caused() -> None:
    assert order(Record().called("a", 950).answered("a", 960).caller(1, 0, 900, at_ms=2_000))[0] == "CallerSpoke"


def test_what_a_tool_grants_stands_between_its_call_and_its_answer() -> None:
    record = Record().called("a", 1).called("b", 2).add(f.ClaimGranted, 3, claim="c", subject="s")
    record.answered("b", 4).answered("a", 5)
    assert order(record) == ["call a", "answer a", "call b", "ClaimGranted", "answer b"]


def test_what_a_specialist_does_behind_the_line_stands_in_its_consult() -> None:
    record = Record().called("c", 1, tool="consult_nurse").done("r", 2).called("n", 3, agent="nurse")
    record.answered("n", 4, agent="nurse")
    record.add(f.Consulted, 5, specialist="nurse", question="q", answer={}, ok=True, duration_ms=4).answered("c", 6)
    assert order(record) == ["call c", "call n", "answer n", "Consulted", "answer c"]
    assert [Causes(record.facts).is_inner(fact) for fact in record.facts if isinstance(fact, f.ToolCalled)] == [
        False,
        True,
    ]


def test_a_verdict_stands_behind_the_words_that_it_is_about() -> None:
    trip = {"guardrail": "g", "stage": "output", "action": "retracted", "heard_ms": 1}
    early = Record().caller(1, 0, 900).words("r", "No.", 950, 980, heard="N").add(f.GuardrailTripped, 981, **trip)
    late = Record().caller(1, 0, 900).done("r", 940).words("r", "No.", 950, 980, heard="N")
    assert order(early.done("r", 990)) == order(late.add(f.GuardrailTripped, 981, **trip))


def test_speed_is_no_difference_and_a_missing_end_is_one() -> None:
    fast = Record().caller(1, 0, 900).called("a", 950).answered("a", 951).done("r", 952).ended(1_000)
    slow = Record().called("a", 950).done("r", 952).answered("a", 2_951).caller(1, 0, 900, at_ms=3_000).ended(4_000)
    assert first_difference(stream(fast.facts), stream(slow.facts)) is None
    difference = first_difference(stream(fast.facts), stream(fast.facts[:-1]))
    assert difference is not None
    assert (difference.number, difference.came) == (4, None)
    assert difference.expected is not None
    assert difference.expected.kind == "CallEnded"
