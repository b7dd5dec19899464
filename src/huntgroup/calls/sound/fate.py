"""What may become of a response's sound: one state per response, and every step from one state to the next."""

from collections.abc import Mapping
from enum import Enum


class Fate(Enum):
    """The states. `held`: kept back whole, until a release or a burial; `takes_more`: the model's sound is still taken.

    `OPEN` is heard as it comes. `HELD` is not decided: a handoff that may be rolled back asked for it. `MUTED` was held
    when the caller spoke over it: never heard, but a release still tells what was cut of it. `OVER` broke off at the
    model: what there is of it is heard. `HELD_OVER` broke off while it was held. Of a `DEAD` one nothing more is heard
    than is on the line.
    """

    OPEN = "open", False, True
    HELD = "held", True, True
    MUTED = "muted", True, False
    OVER = "over", False, False
    HELD_OVER = "held_over", True, False
    DEAD = "dead", False, False

    def __init__(self, label: str, held: bool, takes_more: bool) -> None:
        self.label = label
        self.held = held
        self.takes_more = takes_more


Step = Mapping[Fate, Fate]
"""From a state to the next; a state that a step does not name stays as it is."""

HOLD: Step = {Fate.OPEN: Fate.HELD, Fate.OVER: Fate.HELD_OVER}
RELEASE: Step = {Fate.HELD: Fate.OPEN, Fate.HELD_OVER: Fate.OVER, Fate.MUTED: Fate.DEAD}
MUTE: Step = {Fate.OPEN: Fate.DEAD, Fate.OVER: Fate.DEAD, Fate.HELD: Fate.MUTED, Fate.HELD_OVER: Fate.MUTED}
BURY: Step = dict.fromkeys(Fate, Fate.DEAD)
GIVE_UP: Step = {Fate.OPEN: Fate.OVER, Fate.HELD: Fate.HELD_OVER}
