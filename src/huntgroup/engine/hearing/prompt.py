"""Words to expect, put so that Whisper spells them without imitating a word list.

Whisper writes on in the style of its prompt: after a bare list of words it answers in lists, small letters and no full
stops. A spoken sentence after the list keeps the spelling and brings the style back.
"""

from __future__ import annotations

import re

_SPOKEN_END = {
    "en": "Hello, how can I help you today?",
    "es": "Hola, ¿en qué puedo ayudarle hoy?",
    "fr": "Bonjour, comment puis-je vous aider ?",
    "de": "Guten Tag, wie kann ich Ihnen helfen?",
    "it": "Buongiorno, come posso aiutarla?",
}


def styled(prompt: str, language: str) -> str:
    """The prompt as one line with a spoken sentence at its end; "" stays ""."""
    words = " ".join(prompt.split())
    if not words:
        return ""
    end = _SPOKEN_END.get(language, "")
    return f"{words.rstrip('.,; ')}. {end}".strip()


def echoes(text: str, prompt: str) -> bool:
    """True when the text is six words or more out of the prompt: the model read its prompt instead of listening."""
    plain, given = (" ".join(re.findall(r"\w+", part.casefold())) for part in (text, prompt))
    return plain.count(" ") >= 5 and f" {plain} " in f" {given} "
