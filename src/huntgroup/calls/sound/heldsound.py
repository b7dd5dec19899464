"""Sound that is kept back from the line, in order, until all who hold it let it go."""

from collections.abc import Callable

from huntgroup.calls.sound.utterance import Utterance
from huntgroup.media.formats import AudioFormat

Play = Callable[[Utterance, bytes, float], None]
Finish = Callable[[Utterance], None]


class HeldSound:
    """The gate in front of a line.

    A response whose fate is to be held is kept back whole, one with a guard as far as the guard demands, and what comes
    after held sound waits behind it: nothing is heard out of order. `play` is called for each piece that may be heard,
    `finish` when the last piece of a closed utterance went through.
    """

    def __init__(self, fmt: AudioFormat, play: Play, finish: Finish) -> None:
        self._format = fmt
        self._play = play
        self._finish = finish
        self._blocked: dict[str, Utterance] = {}

    @property
    def waiting(self) -> bool:
        """Whether anything is kept back."""
        return bool(self._blocked)

    def take(self, utterance: Utterance, audio: bytes, duration_ms: float) -> None:
        """Let sound through, or keep it."""
        if not self._blocked and self._may_pass(utterance, duration_ms):
            self._pass(utterance, audio, duration_ms)
            return
        utterance.held.append(audio)
        self._blocked[utterance.item_id] = utterance
        self.let_through()

    def let_through(self) -> None:
        """Play what may be heard by now, in order."""
        for utterance in list(self._blocked.values()):
            self._let(utterance)
            if utterance.held:
                return
            del self._blocked[utterance.item_id]
            if utterance.closed:
                self._finish(utterance)

    def drop(self, utterance: Utterance) -> None:
        """Throw away what is kept of an utterance; `let_through` must follow."""
        utterance.held.clear()
        self._blocked.pop(utterance.item_id, None)

    def _may_pass(self, utterance: Utterance, duration_ms: float) -> bool:
        response = utterance.response
        if response.fate.held:
            return False
        guard = response.guard
        return guard is None or utterance.released_ms + duration_ms <= guard.allowed_ms(utterance.item_id)

    def _let(self, utterance: Utterance) -> None:
        while utterance.held:
            duration_ms = self._format.duration_ms(len(utterance.held[0]))
            if not self._may_pass(utterance, duration_ms):
                return
            self._pass(utterance, utterance.held.popleft(), duration_ms)

    def _pass(self, utterance: Utterance, audio: bytes, duration_ms: float) -> None:
        utterance.released_ms += duration_ms
        self._play(utterance, audio, duration_ms)
