"""What may become of a response's sound, against three plain questions: who holds it, is it dead, did it break off."""

from hypothesis import given
from hypothesis import strategies as st

from huntgroup.calls.sound.fate import BURY, GIVE_UP, HOLD, MUTE, RELEASE, Fate, Step

STEPS = {"hold": HOLD, "release": RELEASE, "mute": MUTE, "bury": BURY, "give_up": GIVE_UP}
names = st.lists(st.sampled_from(sorted(STEPS)), max_size=8)


def after(fate: Fate, step: Step) -> Fate:
    return step.get(fate, fate)


def walked(steps: list[str]) -> Fate:
    fate = Fate.OPEN
    for name in steps:
        fate = after(fate, STEPS[name])
    return fate


@given(names)
def test_each_state_is_what_its_history_says(steps: list[str]) -> None:
    held = dead = over = False
    for name in steps:
        held = (held or (name == "hold" and not dead)) and name not in ("release", "bury")
        dead = dead or name in ("mute", "bury")
        over = over or name == "give_up"
    fate = walked(steps)
    assert (fate.held, fate.takes_more) == (held, not dead and not over)
    assert (fate is Fate.DEAD) == (dead and not held)


@given(st.sampled_from(Fate), names)
def test_what_is_dead_or_over_never_takes_sound_again(fate: Fate, steps: list[str]) -> None:
    closed = not fate.takes_more
    for name in steps:
        fate = after(fate, STEPS[name])
        closed = closed or not fate.takes_more
        assert fate.takes_more == (not closed)


def test_only_a_release_or_a_burial_ends_a_hold() -> None:
    ends = {name for name, step in STEPS.items() for fate in Fate if fate.held and not after(fate, step).held}
    assert ends == {"release", "bury"}
