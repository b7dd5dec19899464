"""Where in the dialogue the caller of a record did each thing."""

from huntgroup.calls.replay.cues import Place, cues_of
from huntgroup.domain import facts as f
from tests.calls.replay.records import Record


def places(record: Record) -> list[Place]:
    return [cue.place for cue in cues_of(record.facts)]


def test_a_turn_follows_the_words_that_were_heard_by_the_same_quiet() -> None:
    record = Record().done("r", 10).words("r", "Hello.", 20, 1_000, turn=0).caller(1, 1_700, 2_500)
    assert places(record) == [Place("quiet", gap_ms=700)]
    assert cues_of(record.facts)[0].length_ms == 800


def test_a_barge_in_comes_at_the_letter_that_was_heard_last() -> None:
    record = Record().caller(1, 0, 900).done("r1", 910).words("r1", "One.", 950, 1_000).done("r2", 1_100)
    record.words("r2", "A long answer.", 1_200, 1_700, heard="A long").caller(2, 1_650, 2_000)
    assert places(record)[1] == Place("cut", count=2, heard=6, lead_ms=50)


def test_words_that_a_guardrail_cut_were_not_cut_by_the_caller() -> None:
    record = Record().caller(1, 0, 900).words("r", "A secret.", 950, 1_200, heard="A")
    record.add(f.GuardrailTripped, 1_200, guardrail="g", stage="output", action="retracted", heard_ms=250)
    assert places(record.caller(2, 1_500, 2_000))[1] == Place("quiet", gap_ms=300)


def test_speech_while_a_tool_runs_comes_after_its_call() -> None:
    record = Record().caller(1, 0, 900).called("a", 1_000).done("r", 1_010).caller(2, 1_800, 2_000).answered("a", 5_000)
    assert places(record)[1] == Place("work", gap_ms=800, count=1)


def test_a_turn_right_behind_a_turn_comes_before_any_answer() -> None:
    assert places(Record().caller(1, 0, 900).caller(2, 1_300, 2_000)) == [
        Place("cue", gap_ms=0),
        Place("cue", gap_ms=0),
    ]


def test_speech_that_became_no_turn_is_a_murmur() -> None:
    record = Record().caller(1, 0, 900).words("r", "Goodbye.", 950, 2_000).caller(1, 2_500, 2_500, text="").ended(3_000)
    assert [cue.kind for cue in cues_of(record.facts)] == ["turn", "murmur", "hang_up"]


def test_an_end_that_was_not_the_callers_is_no_cue() -> None:
    assert [cue.kind for cue in cues_of(Record().caller(1, 0, 900).ended(3_000, "goodbye").facts)] == ["turn"]
