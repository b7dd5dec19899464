"""Which language a text is in, and whether it is one that an agent speaks. In doubt it is: short texts tell little."""

import re
from functools import lru_cache
from typing import Any

from huntgroup.teams.guardrails.folding import fold
from huntgroup.teams.guardrails.language_words import LANGUAGE_NAMES, SAME_SCRIPT, SCRIPTS, SMALL_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PARTICLES = frozenset(
    "with a for de del la las los el y e van von der den di da do dos du le bin al ibn zu zur".split()
)
_FEWEST_WORDS = 3
_FEW_WORDS = 4
_FEWEST_FOR_MODEL = 6
_FEWEST_WITH_ACCENTS = 4
_SURE = 0.99
_SURE_WITHOUT_OWN = 0.9


def foreign_language(text: str, spoken: tuple[str, ...], *, by_agent: bool = False) -> str | None:
    """Return the language (ISO 639-1) of a text when it is none of `spoken`, else None.

    Names, numbers and single foreign words do not make a text foreign. With
    `by_agent`, nor does an apology that names a spoken language ("solo puedo atenderle en inglés"): that is how an
    agent says what it speaks.
    """
    script = _script(text)
    if script is not None:
        return None if SAME_SCRIPT.get(script, frozenset({script})) & set(spoken) else script
    folded = fold(text)
    words = _WORD.findall(folded.lower)
    if _is_a_name(folded.text):
        return None
    if "¿" in text and "es" not in spoken and _own(words, spoken) < 2:
        return "es"
    if len(words) < _FEWEST_WORDS or (by_agent and _names_a_spoken(words, spoken)):
        return None
    found = _by_small_words(words, spoken)
    return found if found is not None else _by_model(text, words, spoken)


def _script(text: str) -> str | None:
    """Return the language of a script other than Latin, when most letters are of it."""
    if text.isascii():
        return None
    letters = [ord(char) for char in text if char.isalpha()]
    for language, first, last in SCRIPTS:
        if 2 * sum(first <= letter <= last for letter in letters) > len(letters) or (
            language == "ja" and any(0x3040 <= letter <= 0x309F for letter in letters)
        ):
            return language
    return None


def _names_a_spoken(words: list[str], spoken: tuple[str, ...]) -> bool:
    names = {name for language in spoken for name in LANGUAGE_NAMES.get(language, "").split()}
    named = any(part in names for word in words for part in word.split("'"))
    return named and (len(words) <= 14 or _own(words, spoken) >= 3)


def _is_a_name(text: str) -> bool:
    """Whether all words but particles begin with a capital, as in "María del Carmen de la Cruz"."""
    words = _WORD.findall(text)
    others = [word for word in words if word not in _PARTICLES]
    return len(others) >= 2 and len(words) <= 9 and all(word[0].isupper() for word in others)


def _own(words: list[str], spoken: tuple[str, ...]) -> int:
    known = frozenset[str]().union(*(SMALL_WORDS.get(language, frozenset()) for language in spoken))
    return sum(word in known for word in words)


def _by_small_words(words: list[str], spoken: tuple[str, ...]) -> str | None:
    foreign = {
        language: sum(word in known for word in words)
        for language, known in SMALL_WORDS.items()
        if language not in spoken
    }
    best = max(foreign, key=lambda language: foreign[language], default=None)
    if best is None:
        return None
    shared = frozenset[str]().union(*(SMALL_WORDS.get(language, frozenset()) for language in spoken))
    telling = len({word for word in words if word in SMALL_WORDS[best] and word not in shared})
    own = _own([word for word in words if word not in SMALL_WORDS[best]], spoken)
    few = len(words) <= _FEW_WORDS and foreign[best] < 0.75 * len(words)
    enough = foreign[best] >= max(2, 0.3 * len(words)) and telling >= 2 and not few
    return best if enough and foreign[best] > 1.5 * own else None


def _by_model(text: str, words: list[str], spoken: tuple[str, ...]) -> str | None:
    """Ask the statistical model, only where the spoken languages' own small words are all but missing."""
    plain = [word for word in re.findall(r"[^\W\d_]+", text) if word[:1].islower()]
    fewest = _FEWEST_FOR_MODEL if text.isascii() or _own(words, spoken) else _FEWEST_WITH_ACCENTS
    if len(plain) < fewest or _own(words, spoken) > len(words) / 8:
        return None
    language, sure = _model().classify(" ".join(plain))
    enough = _SURE if _own(words, spoken) else _SURE_WITHOUT_OWN
    return str(language) if language not in spoken and float(sure) >= enough else None


def warm_up() -> None:
    """Load the statistical model, which takes about a second: when a team is made, and not in the middle of a call."""
    _model()


@lru_cache(maxsize=1)
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
