"""Words to expect, put so that Whisper spells them without imitating a word list.

Whisper writes on in the style of its prompt: after a bare list of words it answers in lists, small letters and no full
stops. A spoken sentence after the list keeps the spelling and brings the style back.
"""

from __future__ import annotations

import re

from huntgroup.engine.ports import Expects

_SPOKEN_END = {
    "en": "Hello, how can I help you today?",
    "es": "Hola, ¿en qué puedo ayudarle hoy?",
    "fr": "Bonjour, comment puis-je vous aider ?",
    "de": "Guten Tag, wie kann ich Ihnen helfen?",
    "it": "Buongiorno, come posso aiutarla?",
}
_NUMBER = "4155550162"
_SPOKEN_DIGITS = "My number is 415-555-0162, and I was born on March 5th, 1962."


def styled(prompt: str, language: str, expects: Expects | None = None) -> str:
    """The prompt as one line with a spoken sentence at its end, one with a number where digits are due; "" stays ""."""
    words = " ".join(prompt.split())
    if not words:
        return ""
    digits = expects == "digits" and language == "en"
    end = _SPOKEN_DIGITS if digits else _SPOKEN_END.get(language, "")
    return f"{words.rstrip('.,; ')}. {end}".strip()


def echoes(text: str, prompt: str) -> bool:
    """True when the text is six words or more out of the prompt, or our example number: read, not heard."""
    if _NUMBER in re.sub(r"\D", "", text) and _SPOKEN_DIGITS in prompt:
        return True
    plain, given = (" ".join(re.findall(r"\w+", part.casefold())) for part in (text, prompt))
    return plain.count(" ") >= 5 and f" {plain} " in f" {given} "
