"""Our own sound come back is told from another voice, on every echo path that a phone line has."""

import numpy as np
import pytest

from huntgroup.media.echo import EchoJudge, Evidence
from huntgroup.media.formats import PCMU_8K
from tests.media.babble import RATE, Sound, babble, encoded


def echo_of(sound: Sound, delay_ms: int, loss_db: float, *, room: bool = False) -> Sound:
    late = np.concatenate((np.zeros(delay_ms * RATE // 1000), sound))[: len(sound)]
    if room:
        chance = np.random.default_rng(5)
        answer = chance.standard_normal(RATE // 10) * np.exp(-np.arange(RATE // 10) / (RATE * 0.02)) * 0.1
        answer[0] = 1.0
        late = np.convolve(late, answer)[: len(sound)]
    return np.asarray(late * 10 ** (-loss_db / 20))


def judged(heard: Sound, played: Sound) -> tuple[float, int]:
    evidence = evidence_of(heard, played)
    assert evidence is not None
    return evidence.explained, evidence.near_ms


def evidence_of(heard: Sound, played: Sound) -> Evidence | None:
    judge = EchoJudge(PCMU_8K)
    incoming, outgoing = encoded(heard, PCMU_8K), encoded(played, PCMU_8K)
    for at in range(0, len(incoming), 160):
        judge.push(incoming[at : at + 160], outgoing[at : at + 160])
    return judge.judge(400)


@pytest.mark.parametrize("delay_ms", [50, 120, 233, 400])
@pytest.mark.parametrize("loss_db", [6, 20])
@pytest.mark.parametrize("room", [False, True])
def test_our_own_sound_come_back_is_echo(delay_ms: int, loss_db: float, room: bool) -> None:
    played = babble(1, 1_500, 8_000)
    hiss = np.random.default_rng(3).standard_normal(len(played)) * 15
    explained, near_ms = judged(echo_of(played, delay_ms, loss_db, room=room) + hiss, played)
    assert explained > 0.5
    assert near_ms <= 60


def test_sound_that_begins_within_some_frames_taken_together_keeps_its_place() -> None:
    played = babble(1, 700, 8_000)
    quiet = np.zeros(8 * 560, np.float32)
    heard = echo_of(np.concatenate((quiet, played)), 500, 6, room=False)
    judge, begins = EchoJudge(PCMU_8K), 560 * 8
    incoming, outgoing = encoded(heard, PCMU_8K), encoded(played, PCMU_8K)
    for at in range(0, len(incoming), 800):
        sounded = outgoing[max(0, at - begins) : max(0, at + 800 - begins)]
        judge.push(incoming[at : at + 800], sounded, goes_on=True)
    evidence = judge.judge(400)
    assert evidence is not None
    assert evidence.explained > 0.5


@pytest.mark.parametrize("seed", range(2, 12))
def test_another_voice_is_not_echo(seed: int) -> None:
    explained, _ = judged(babble(seed, 1_500), babble(1, 1_500, 8_000))
    assert explained < 0.5


@pytest.mark.parametrize("loss_db", [10, 20])
@pytest.mark.parametrize("seed", range(2, 7))
def test_another_voice_over_the_echo_is_heard(seed: int, loss_db: float) -> None:
    played = babble(1, 1_500, 8_000)
    near = babble(seed, 1_500, 4_000)
    explained, near_ms = judged(echo_of(played, 150, loss_db) + near, played)
    assert explained < 0.5 or near_ms >= 100


def test_silence_says_nothing_and_a_voice_in_our_silence_is_another() -> None:
    assert evidence_of(np.zeros(12_000), babble(1, 1_500)) is None
    assert judged(babble(2, 1_500), np.zeros(12_000)) == (0.0, 400)
