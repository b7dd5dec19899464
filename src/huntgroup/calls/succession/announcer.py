"""The house speaks: phrases that need no model, in the voice that the call is in."""

from huntgroup.calls.model.config import voice_now
from huntgroup.calls.ports import HousePhrases, PhraseKind
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain.ids import new_id
from huntgroup.media.formats import PCM16_24K, AudioFormat
from huntgroup.media.transcode import transcode

CHUNK_MS = 200
_HOUSE = "house"


def is_of_house(item_id: str) -> bool:
    """Whether an item is a phrase of the house, of which no model's server knows."""
    return item_id.startswith(f"{_HOUSE}_")


class NoPhrases:
    """A house without sound of its own: nothing is said while there is no model."""

    def phrase(self, kind: PhraseKind, voice: str) -> None:
        """There is none."""


class Announcer:
    """Puts a phrase of the house on the line, as an item of its own on the playout ledger."""

    def __init__(self, live: LiveCall, mouth: Mouth, sound: AudioFormat, phrases: HousePhrases) -> None:
        self._live = live
        self._mouth = mouth
        self._sound = sound
        self._phrases = phrases

    def say(self, kind: PhraseKind) -> bool:
        """Queue a phrase; False when the house has none."""
        live = self._live
        phrase = self._phrases.phrase(kind, voice_now(live.log.facts, live.team, live.profile))
        if phrase is None:
            return False
        item_id = new_id(_HOUSE)
        self._mouth.begin(item_id, item_id, live.owner)
        self._mouth.words(item_id, phrase.text)
        audio = transcode(phrase.audio, PCM16_24K, self._sound)
        step = self._sound.bytes_per_ms * CHUNK_MS
        for start in range(0, len(audio), step):
            self._mouth.sound(item_id, 0, audio[start : start + step])
        self._mouth.close(item_id)
        return True
