"""Words by which a listener says "go on", or nothing yet: data, per language, in the spelling of transcribers.

Transcribers write "uh-oh" for many an "uh-huh".
"""

import re
from collections.abc import Iterable, Mapping

BACKCHANNELS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "uh huh", "uhuh", "uh uh huh", "uh oh", "uh", "um", "mhm",
        "mm hmm", "mmhmm", "mm", "mmm", "hm", "hmm", "ah", "aha", "oh", "okay",
        "ok", "k", "right", "all right", "alright", "yeah", "yep", "yup", "ya", "yes", "sure", "i see", "got it",
        "of course", "exactly", "good", "great", "fine", "cool", "oh okay", "true", "really", "wow",
    ),
    "es": (
        "ajá", "aja", "ah", "eh", "mm", "mmm", "mhm", "hmm", "sí", "si", "ya", "vale", "claro", "claro que sí", "bueno",
        "bien", "muy bien", "de acuerdo", "okay", "ok", "entiendo", "exacto", "eso", "perfecto",
    ),
    "de": (
        "mhm", "mm", "hm", "hmm", "äh", "ähm", "aha", "ah", "ach so", "achso",
        "ja", "jaja", "jo", "genau", "okay", "ok", "gut",
        "klar", "alles klar", "verstehe", "ich verstehe", "richtig", "stimmt", "sicher", "in ordnung", "schön",
    ),
    "fr": (
        "mm", "mhm", "hm", "hmm", "euh", "ah", "oui", "ouais", "d'accord", "daccord", "ok", "okay", "bien", "très bien",
        "bien sûr", "je vois", "c'est ça", "voilà", "exactement", "entendu", "parfait",
    ),
    "it": (
        "mm", "mhm", "hm", "hmm", "ah", "aha", "eh", "ehm", "sì", "si", "già", "certo", "va bene", "ok", "okay", "bene",
        "capito", "capisco", "esatto", "giusto", "d'accordo", "perfetto",
    ),
    "pt": (
        "mm", "mhm", "hum", "hmm", "ah", "aham", "sim", "tá", "tá bom", "certo", "claro", "ok", "okay", "bom", "bem",
        "entendo", "entendi", "isso", "exato", "perfeito", "pois", "pois é",
    ),
    "nl": (
        "mm", "mhm", "hm", "hmm", "ah", "aha", "ja", "jaja", "oké", "ok", "okay", "goed", "prima", "precies", "juist",
        "klopt", "begrijp ik", "snap ik", "is goed", "natuurlijk",
    ),
}  # fmt: skip

MOST_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words_of(text: str) -> list[str]:
    """The words of a text, folded to lower case; hyphens part words, apostrophes do not."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def is_backchannel(text: str, languages: Iterable[str], extra: Iterable[str] = ()) -> bool:
    """Whether a text is nothing but back-channels of these languages (ISO 639-1), at most `MOST_WORDS` words."""
    words = words_of(text)
    if not words or len(words) > MOST_WORDS or "?" in text:
        return False
    known = {tuple(words_of(phrase)) for code in languages for phrase in BACKCHANNELS.get(code, ())}
    known |= {tuple(words_of(phrase)) for phrase in extra}
    return _made_of(words, known)


def _made_of(words: list[str], known: set[tuple[str, ...]]) -> bool:
    if not words:
        return True
    return any(tuple(words[:size]) in known and _made_of(words[size:], known) for size in range(1, len(words) + 1))
