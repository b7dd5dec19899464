"""The end of an utterance, told once: heard to its end, or cut."""

from collections.abc import Callable, Iterable

from huntgroup.calls.sound.fate import Fate
from huntgroup.calls.sound.said import Said
from huntgroup.calls.sound.utterance import Spoken, Utterance, heard_part
from huntgroup.media.playout import Cut


class Telling:
    """Tells `on_spoken` what became of each utterance, when that is certain. `drop` forgets what is held of one."""

    def __init__(self, said: Said, drop: Callable[[Utterance], None], on_spoken: Callable[[Spoken], None]) -> None:
        self._said = said
        self._drop = drop
        self._on_spoken = on_spoken

    def heard(self) -> None:
        """Tell what was heard to its end."""
        for utterance in self.waiting():
            if self._whole(utterance):
                self.tell(utterance, interrupted=False)

    def waiting(self) -> list[Utterance]:
        """Return what is given to the line whole and not told yet."""
        return [utterance for utterance in self._said.untold.values() if utterance.closed and not utterance.held]

    def unmarked(self) -> None:
        """Tell what was given to the line whole as heard to its end, whatever its marks say."""
        for utterance in self.waiting():
            self.tell(utterance, interrupted=False)

    def cut(self, cuts: Iterable[Cut]) -> None:
        """Tell what was cut."""
        for cut in cuts:
            utterance = self._said.find(cut.item_id)
            if utterance is not None:
                self._drop(utterance)
                self.tell(utterance, interrupted=True)

    def dead(self) -> None:
        """Tell what was heard of dead responses; what nobody heard was never said."""
        for utterance in list(self._said.untold.values()):
            if utterance.response.fate is not Fate.DEAD:
                continue
            if self._said.heard_ms(utterance):
                self.tell(utterance, interrupted=True)
            else:
                self._said.was_told(utterance)

    def rest(self) -> None:
        """Tell everything that is not told yet: as cut where it stands, unless it was heard to its end."""
        self.heard()
        for utterance in list(self._said.untold.values()):
            if utterance.text or self._said.made_ms(utterance):
                self.tell(utterance, interrupted=True)

    def tell(self, utterance: Utterance, *, interrupted: bool) -> None:
        """Tell the end of an utterance, unless that is told already."""
        if utterance.told:
            return
        said = self._said
        said.was_told(utterance)
        made_ms = said.made_ms(utterance) + int(utterance.unsaid_ms)
        heard_ms = said.heard_ms(utterance)
        text = heard_part(utterance.text, heard_ms, made_ms)
        first_ms, last_ms = said.span_ms(utterance)
        broken = interrupted or utterance.broken or utterance.unsaid_ms > 0
        self._on_spoken(Spoken(utterance, text, made_ms, heard_ms, first_ms, last_ms, broken))

    def _whole(self, utterance: Utterance) -> bool:
        made_ms = self._said.made_ms(utterance)
        return (made_ms > 0 or utterance.unsaid_ms > 0) and self._said.heard_ms(utterance) >= made_ms
