"""English words as Kokoro's phonemes: a lexicon, endings, and letter rules for names that no lexicon has."""

from __future__ import annotations

import re
from collections.abc import Mapping

Lexicon = Mapping[str, str | Mapping[str, str | None]]

_PIECE = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|[.,!?;:]")
_WEAK = {"a": "ɐ", "an": "ən", "the": "ðə", "and": "ænd", "of": "ʌv", "for": "fɔɹ", "to": "tʊ"}
_VOICELESS = "ptkfθ"
_HISSING = "szʃʒʧʤ"
_VOWELS = "AIOQWYaeiouæɑɐɔəɛɜɪʊʌᵻ"
_LETTERS = (
    ("tion", "ʃən"), ("sion", "ʒən"), ("igh", "I"), ("tch", "ʧ"), ("sch", "ʃ"), ("dge", "ʤ"), ("eigh", "A"),
    ("ch", "ʧ"), ("sh", "ʃ"), ("th", "θ"), ("ph", "f"), ("ck", "k"), ("ng", "ŋ"), ("qu", "kw"), ("wh", "w"),
    ("ee", "i"), ("ea", "i"), ("ie", "i"), ("oo", "u"), ("ou", "W"), ("ow", "O"), ("oi", "Y"), ("oy", "Y"),
    ("ai", "A"), ("ay", "A"), ("ey", "i"), ("au", "ɔ"), ("aw", "ɔ"), ("oa", "O"), ("ue", "u"), ("ew", "ju"),
    ("ar", "ɑɹ"), ("er", "əɹ"), ("ir", "ɜɹ"), ("or", "ɔɹ"), ("ur", "ɜɹ"), ("ll", "l"), ("ss", "s"), ("tt", "t"),
    ("nn", "n"), ("mm", "m"), ("pp", "p"), ("bb", "b"), ("dd", "d"), ("ff", "f"), ("gg", "ɡ"), ("rr", "ɹ"),
    ("zz", "z"), ("a", "æ"), ("b", "b"), ("c", "k"), ("d", "d"), ("e", "ɛ"), ("f", "f"), ("g", "ɡ"), ("h", "h"),
    ("i", "ɪ"), ("j", "ʤ"), ("k", "k"), ("l", "l"), ("m", "m"), ("n", "n"), ("o", "O"), ("p", "p"), ("q", "k"),
    ("r", "ɹ"), ("s", "s"), ("t", "t"), ("u", "u"), ("v", "v"), ("w", "w"), ("x", "ks"), ("y", "i"), ("z", "z"),
)  # fmt: skip


class Phonemes:
    """Reads spoken English (numbers already in words) with one or more lexicons, the first that has a word wins."""

    def __init__(self, *lexicons: Lexicon) -> None:
        self._lexicons = lexicons

    def of(self, text: str) -> str:
        """The sentence's phonemes with its punctuation."""
        said = ""
        for piece in _PIECE.findall(text):
            said += piece if piece in ".,!?;:" else f" {self.word(piece)}"
        return said.strip()

    def word(self, word: str) -> str:
        """One word's phonemes; never empty."""
        weak = _WEAK.get(word.casefold()) if len(word) > 1 or word == "a" else None
        return weak or self._known(word) or self._derived(word) or _by_letters(word)

    def _known(self, word: str) -> str | None:
        for form in (word, word.casefold(), word.capitalize()):
            for lexicon in self._lexicons:
                entry = lexicon.get(form)
                said = entry if isinstance(entry, str) or entry is None else entry.get("DEFAULT")
                if said:
                    return said
        return None

    def _derived(self, word: str) -> str | None:
        for ending, sound in (("'s", _plural), ("s", _plural), ("ing", _ing), ("ed", _past)):
            if word.casefold().endswith(ending) and len(word) > len(ending) + 1:
                stem = word[: -len(ending)]
                known = self._known(stem) or (ending in {"ing", "ed"} and self._known(stem + "e")) or None
                if known:
                    return sound(known)
        return None


def _plural(stem: str) -> str:
    if stem[-1] in _HISSING:
        return stem + "ᵻz"
    return stem + ("s" if stem[-1] in _VOICELESS else "z")


def _ing(stem: str) -> str:
    return stem + "ɪŋ"


def _past(stem: str) -> str:
    if stem[-1] in "td":
        return stem + "ᵻd"
    return stem + ("t" if stem[-1] in _VOICELESS + _HISSING else "d")


def _by_letters(word: str) -> str:
    rest = re.sub(r"[^a-z]", "", word.casefold())
    if len(rest) > 3 and rest.endswith("e") and rest[-2] not in "aeiou":
        rest = rest[:-1]
    said = ""
    while rest:
        letters, sound = next((rule for rule in _LETTERS if rest.startswith(rule[0])), (rest[0], ""))
        said += sound
        rest = rest[len(letters) :]
    first = next((at for at, char in enumerate(said) if char in _VOWELS), None)
    return said if first is None else f"{said[:first]}ˈ{said[first:]}"
