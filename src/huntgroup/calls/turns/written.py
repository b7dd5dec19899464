"""A call in writing: words take the place of sound, and the same account says which of them were delivered."""

from huntgroup.calls.sound.utterance import MS_PER_CHAR
from huntgroup.calls.state.items import ItemBook
from huntgroup.media.formats import AudioFormat
from huntgroup.teams.team import SilencePolicy
from huntgroup.wire.realtime import ClientEvent, ContentPart, MessageItem

# Who writes reads, thinks and types: a pause says nothing yet.
SILENCE = SilencePolicy(
    reprompt_ms=180_000,
    narrow_ms=180_000,
    goodbye_ms=240_000,
    reprompt="Are you still there?",
    narrow="Take your time, and write whenever you are ready.",
    goodbye="I am closing this chat now. Please write again whenever you like. Goodbye.",
)


def sound_of(words: str, fmt: AudioFormat) -> bytes:
    """Return silence that stands for written words in the account of what was heard, `MS_PER_CHAR` for each letter."""
    return fmt.silence(len(words) * MS_PER_CHAR)


def shorten(items: ItemBook, item_id: str, delivered: str) -> list[ClientEvent]:
    """Return the events that make the model remember only what was delivered of a written item.

    Servers truncate sound alone, so that another item takes the place of this one.
    """
    if item_id not in items.ids():
        return []
    if not delivered:
        return [items.delete(item_id)]
    part = ContentPart(type="output_text", text=delivered)
    return list(items.replace(item_id, MessageItem(role="assistant", content=[part])))
