"""Both sides of a call's sound on one clock."""

from huntgroup.media.formats import PCMU_8K
from huntgroup.media.lanes import Lanes

FRAME = b"\x10" * 160
SPEECH = b"\x20" * 1600  # 200 ms
REST = PCMU_8K.silence(20)


def run(lanes: Lanes, frames: int, from_ms: int = 0) -> int:
    for n in range(frames):
        lanes.said(FRAME, from_ms + 20 * (n + 1))
    return from_ms + 20 * frames


def test_what_is_played_lies_beside_what_is_said_meanwhile() -> None:
    lanes = Lanes(PCMU_8K)
    now_ms = run(lanes, 2)
    lanes.played(SPEECH)
    run(lanes, 12, now_ms)
    piece = lanes.take()
    assert piece.caller == FRAME * 14
    assert piece.heard == REST * 2 + SPEECH + REST * 2


def test_a_clear_cuts_where_its_mark_comes_back_and_not_before() -> None:
    lanes = Lanes(PCMU_8K)
    lanes.played(SPEECH)
    now_ms = run(lanes, 2)
    lanes.marked("stop")
    lanes.cleared()
    now_ms = run(lanes, 1, now_ms)
    lanes.echoed("stop")
    run(lanes, 2, now_ms)
    assert lanes.take().heard == SPEECH[:480] + REST * 2


def test_sound_after_a_clear_is_not_behind_what_was_cleared() -> None:
    lanes = Lanes(PCMU_8K)
    lanes.played(SPEECH)
    lanes.marked("stop")
    lanes.cleared()
    lanes.played(FRAME)
    run(lanes, 2)
    assert lanes.take().heard == FRAME + REST


def test_a_hole_in_the_callers_sound_is_silence_and_the_agent_goes_on() -> None:
    lanes = Lanes(PCMU_8K)
    run(lanes, 1)
    lanes.played(SPEECH)
    lanes.said(FRAME, 1020)
    piece = lanes.take()
    assert len(piece.caller) == len(piece.heard) == 1020 * 8
    assert piece.heard == REST + SPEECH + PCMU_8K.silence(800)


def test_pieces_follow_each_other_without_a_seam() -> None:
    lanes = Lanes(PCMU_8K)
    lanes.played(bytes(range(200)) * 4)
    run(lanes, 2)
    first = lanes.take()
    run(lanes, 3, 40)
    second = lanes.take()
    assert (first.at_ms, second.at_ms) == (0, 40)
    assert first.heard + second.heard == bytes(range(200)) * 4


def test_chunks_that_are_no_whole_milliseconds_lose_nothing() -> None:
    lanes = Lanes(PCMU_8K)
    for n in range(100):
        lanes.said(b"\x11" * 13, 0 if n == 0 else n * 13 // 8)
    piece = lanes.take()
    assert len(piece.caller) == len(piece.heard) == 1296
    assert lanes.pending_ms == 0


def test_frames_that_are_read_late_and_all_at_once_are_where_they_were_said() -> None:
    lanes = Lanes(PCMU_8K)
    lanes.said(FRAME, 20)
    said = [bytes([number]) * 160 for number in range(25)]
    for frame in said:
        lanes.said(frame, 520)
    lanes.said(FRAME, 540)
    piece = lanes.take()
    assert piece.caller == FRAME + b"".join(said) + FRAME
    assert len(piece.heard) == len(piece.caller) == 540 * 8


def test_what_is_heard_later_than_sent_is_laid_later_and_a_clear_counts_at_once() -> None:
    lanes = Lanes(PCMU_8K, behind_ms=40)
    lanes.played(FRAME * 3)
    lanes.marked("end")
    lanes.said(FRAME, 20)
    lanes.cleared()
    for now_ms in (40, 60, 80):
        lanes.said(FRAME, now_ms)
    assert lanes.take().heard == PCMU_8K.silence(40) + FRAME + PCMU_8K.silence(20)
