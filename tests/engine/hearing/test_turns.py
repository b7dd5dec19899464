"""Turn begin and end without a model: probabilities and texts in, events out."""

from huntgroup.engine.hearing.turns import FRAME_MS, MOST_TURN_MS, Began, Ended, TurnEvent, TurnMachine, WriteDown
from huntgroup.engine.ports import EarOptions

VOICE, NOISE = 0.9, 0.05


def machine(**options) -> TurnMachine:
    return TurnMachine(EarOptions(**options))


def frames(turns: TurnMachine, ms: int, probability: float, level: float = -20.0) -> list[TurnEvent]:
    return [event for _ in range(ms // FRAME_MS) for event in turns.frame(probability, level)]


def said(turns: TurnMachine, text: str) -> list[TurnEvent]:
    """The caller speaks for a second, then is quiet until a decode is asked for, which brings the text."""
    frames(turns, 992, VOICE)
    (wish,) = [event for event in frames(turns, 160, NOISE, -90.0) if isinstance(event, WriteDown)]
    return turns.written(wish.attempt, text)


def test_speech_begins_after_96_ms():
    turns = machine()
    frames(turns, 640, NOISE)
    assert frames(turns, 64, VOICE) == []
    assert frames(turns, 32, VOICE) == [Began(640)]


def test_a_click_is_no_speech():
    turns = machine()
    frames(turns, 64, VOICE)
    frames(turns, 320, NOISE)
    assert frames(turns, 64, VOICE) == []


def test_decoding_starts_early_in_the_silence_with_the_prefix():
    turns = machine(prefix_padding_ms=300)
    frames(turns, 960, NOISE, -90.0)
    frames(turns, 960, VOICE)
    assert frames(turns, 128, NOISE, -90.0) == [WriteDown(1, 660, 2048, 960)]


def test_a_finished_phrase_ends_soon():
    turns = machine()
    assert said(turns, "I would like to book an appointment.") == []
    assert frames(turns, 96, NOISE, -90.0) == []
    assert frames(turns, 32, NOISE, -90.0) == [Ended(1, 0, 992)]


def test_an_unfinished_phrase_waits():
    turns = machine()
    said(turns, "My name is")
    assert frames(turns, 960, NOISE, -90.0) == []
    assert frames(turns, 320, NOISE, -90.0) == [Ended(1, 0, 992)]


def test_a_text_that_comes_late_ends_the_turn_when_it_comes():
    turns = machine()
    frames(turns, 992, VOICE)
    frames(turns, 3200, NOISE, -90.0)
    assert turns.written(1, "That is all.") == [Ended(1, 0, 992)]


def test_speech_that_goes_on_makes_an_attempt_stale():
    turns = machine()
    frames(turns, 992, VOICE)
    frames(turns, 192, NOISE, -90.0)
    frames(turns, 320, VOICE)
    assert turns.written(1, "That is all.") == []
    events = frames(turns, 160, NOISE, -90.0)
    assert [event.attempt for event in events if isinstance(event, WriteDown)] == [2]


def test_one_doubtful_frame_does_not_undo_an_attempt():
    turns = machine()
    frames(turns, 992, VOICE)
    frames(turns, 160, NOISE, -90.0)
    turns.frame(VOICE, -80.0)
    assert turns.written(1, "That is all.") == []
    assert frames(turns, 96, NOISE, -90.0) == [Ended(1, 0, 992)]


def test_a_loud_frame_that_the_network_doubts_belongs_to_the_voice():
    turns = machine()
    frames(turns, 992, VOICE)
    assert frames(turns, 480, 0.15, -22.0) == []


def test_a_quiet_doubtful_frame_does_not():
    turns = machine()
    frames(turns, 992, VOICE)
    assert len(frames(turns, 480, 0.15, -60.0)) == 1


def test_endless_speech_is_cut():
    turns = machine()
    events = frames(turns, MOST_TURN_MS + 64, VOICE)
    assert [type(event) for event in events] == [Began, WriteDown, Ended]


def test_turns_do_not_share_sound():
    turns = machine(prefix_padding_ms=2_000)
    said(turns, "Yes, that is right.")
    (ended,) = frames(turns, 192, NOISE, -90.0)
    frames(turns, 320, VOICE)
    (wish,) = frames(turns, 160, NOISE, -90.0)
    assert isinstance(ended, Ended)
    assert isinstance(wish, WriteDown)
    assert wish.start_ms == ended.end_ms


def test_the_threshold_counts():
    assert frames(machine(threshold=0.95), 960, VOICE) == []
