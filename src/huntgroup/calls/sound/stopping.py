"""The line silenced in mid-sentence, and what comes then: the rest of it, or a cut."""

from collections.abc import Callable
from typing import Literal

from huntgroup.calls.sound.lineout import LineOut
from huntgroup.media.playout import Cut


class Stopping:
    """Decides what becomes of sound that was stopped.

    First it waits. `go_on` and `cut` are carried out as soon as it is certain what was heard, of which `LineOut` must
    tell by `proceed`. A cut is final: neither `stop` nor `go_on` takes it back. `on_cut` is told what was cut.
    """

    def __init__(self, out: LineOut, now_ms: Callable[[], int], on_cut: Callable[[list[Cut]], None]) -> None:
        self._out = out
        self._now_ms = now_ms
        self._on_cut = on_cut
        self._then: Literal["wait", "go_on", "cut"] = "wait"

    @property
    def cutting(self) -> bool:
        """Whether a cut waits for the line to say what was heard."""
        return self._out.stopped and self._then == "cut"

    def stop(self) -> None:
        """Silence the line now, and keep what was not heard."""
        if not self.cutting:
            self._then = "wait"
            self._out.stop()

    def go_on(self) -> None:
        """Say the rest of what was stopped, from where it was heard."""
        if self._out.stopped and self._then == "wait":
            self._then = "go_on"
            self.proceed()

    def cut(self) -> None:
        """Silence the line; nothing that exists now will be heard any more."""
        if not self._out.stopped and not self._out.playing:
            self._on_cut(self._out.ledger.interrupt(self._now_ms()))
            return
        self._out.stop()
        self._then = "cut"
        self.proceed()

    def proceed(self) -> None:
        """Carry out what was decided, when it is certain what was heard."""
        if not self._out.certain or self._then == "wait":
            return
        if self._then == "go_on":
            self._out.go_on()
        else:
            self._out.drop()
            self._on_cut(self._out.ledger.cut())
