"""Noticing that a caller does not speak English, and saying so in their words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .tokens import words

_WORDS = {
    "es": "hola buenos buenas dias días tardes noches quiero quisiera necesito una cita gracias por favor habla "
    "español hablar con para mi me puede ayudar que "
    "el la los las está estoy soy tengo dolor como usted señor señora cuando donde quién mañana hoy de es un y no sí",
    "fr": "bonjour bonsoir je voudrais besoin un une rendez vous rendez-vous merci parlez français pour mon ma est "
    "suis avec le la les des que qui et oui non "
    "pouvez aider mal j'ai c'est s'il plaît de aujourd'hui demain",
    "de": "guten tag morgen abend hallo ich möchte brauche einen eine termin bitte danke sprechen deutsch mit für "
    "mein meine ist bin habe der die das und nicht "
    "können helfen sie ein wie geht heute schmerzen",
    "it": "buongiorno buonasera ciao vorrei bisogno un una appuntamento grazie parla parlate italiano per mio mia "
    "con il la che è sono ho e non può aiutare "
    "oggi domani prego favore di",
}
_TELLING = {lang: frozenset(text.split()) for lang, text in _WORDS.items()}
_ENGLISH = frozenset(
    "the i you my is are am to and of for it this that have with what want need would like can do not please hello "
    "hi yes no on at in a an me your book call".split()
)
_ANSWERS = {
    "es": "Lo siento, por ahora solo puedo atenderle en inglés.",
    "fr": "Je suis désolé, pour le moment je ne parle qu'anglais.",
    "de": "Es tut mir leid, im Moment spreche ich nur Englisch.",
    "it": "Mi dispiace, per ora parlo solo inglese.",
}
NAMES = {"es": "Spanish", "fr": "French", "de": "German", "it": "Italian"}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(["en", "es", "fr", "de", "it", "pt", "nl"])
    return made


def foreign(text: str) -> str | None:
    """The language of a text when it is not English, None when it is or cannot be told."""
    said = words(text)
    if not said:
        return None
    english = sum(w in _ENGLISH for w in said)
    counts = {lang: sum(w in known for w in said) for lang, known in _TELLING.items()}
    lang = max(counts, key=lambda k: counts[k])
    if counts[lang] > english and counts[lang] >= max(2, 0.4 * len(said)):
        return lang
    if len(said) <= 3 and counts[lang] == len(said) and english == 0:
        return lang
    return _by_model(text, english) if len(said) >= 4 and english <= len(said) / 6 and not text.isascii() else None


def _by_model(text: str, english: int) -> str | None:
    try:
        lang, sure = _identifier().classify(text)
    except (ImportError, OSError, ValueError):
        return None
    return str(lang) if lang != "en" and float(sure) > 0.95 else None


def only_english(language: str) -> list[str]:
    """The honest answer, in the caller's language where it is known and in English."""
    own = [_ANSWERS[language]] if language in _ANSWERS else []
    return [*own, "I'm sorry, I only speak English."]
