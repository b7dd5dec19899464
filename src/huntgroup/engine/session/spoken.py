"""Which words lie where in the sound of one assistant message."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class _Stretch:
    text: str
    start_ms: float
    end_ms: float


@dataclass
class Spoken:
    """Sentences of one message with the stretch of audio each was given."""

    _stretches: list[_Stretch] = field(default_factory=list)

    def say(self, text: str) -> None:
        """The audio that follows belongs to `text`."""
        at = self.duration_ms
        self._stretches.append(_Stretch(text, at, at))

    def sound(self, ms: float) -> None:
        """Audio of `ms` belongs to the sentence begun last."""
        self._stretches[-1].end_ms += ms

    @property
    def duration_ms(self) -> float:
        """All audio so far."""
        return self._stretches[-1].end_ms if self._stretches else 0.0

    @property
    def text(self) -> str:
        """All sentences so far."""
        return " ".join(stretch.text for stretch in self._stretches)

    def heard(self, until_ms: float) -> str:
        """The words heard when playing stopped at `until_ms`; a word that was cut is left out."""
        parts = [_heard(stretch, until_ms) for stretch in self._stretches]
        return " ".join(part for part in parts if part)


def _heard(stretch: _Stretch, until_ms: float) -> str:
    if until_ms <= stretch.start_ms:
        return ""
    if until_ms >= stretch.end_ms:
        return stretch.text
    share = (until_ms - stretch.start_ms) / (stretch.end_ms - stretch.start_ms)
    letters = int(len(stretch.text) * share)
    return stretch.text[:letters].rpartition(" ")[0]
