"""The sentences of the speech benchmark and how heard words are compared with said ones."""

from __future__ import annotations

import re

PROMPT = "A phone call to a clinic: Dr. Chen, Dr. Patel, Blue Cross Blue Shield, ibuprofen, lisinopril, refill, MRN."

SENTENCES = (
    "Hi, I'd like to book an appointment with Dr. Chen.",
    "My name is Sarah Johnson.",
    "My date of birth is March fourteenth, nineteen eighty five.",
    "My phone number is five five five, zero one four two.",
    "Next Tuesday at three in the afternoon would be great.",
    "I need to reschedule my appointment to Friday morning.",
    "Yes, that is correct, please go ahead.",
    "No, that doesn't work for me, do you have anything earlier?",
    "Can I take ibuprofen together with my blood pressure medication?",
    "I have chest pain and I can hardly breathe.",
    "My medical record number is one zero two three four.",
    "I'd like to speak to a real person, please.",
    "My insurance is Blue Cross Blue Shield.",
    "What time do you open on Saturday?",
    "I want to cancel my appointment on December second.",
    "It's a follow up visit for my knee.",
    "I'm a new patient, my name is Michael Brown.",
    "Ten thirty is fine, thank you very much.",
    "How much does an annual physical cost?",
    "Please send me a text message.",
    "I've been having headaches for about two weeks.",
    "No, that's everything, thank you. Goodbye.",
    "Is there anything available on Wednesday the twenty fifth?",
    "I was born on the second of July, nineteen seventy two.",
)

_SAME = (
    (r"\bdoctor\b", "dr"),
    (r"\bfollow[- ]up\b", "followup"),
    (r"\bok\b", "okay"),
    (r"\bgood bye\b", "goodbye"),
    (r"\bnineteen eighty five\b", "1985"),
    (r"\bnineteen seventy two\b", "1972"),
    (r"\bten thirty\b|\b10:30\b", "1030"),
    (r"\btwenty fifth\b", "25"),
    (r"\bfourteenth\b", "14"),
    (r"\bsecond of july\b", "july 2"),
    (r"\bsecond\b", "2"),
    (r"\b(\d+)(?:st|nd|rd|th)\b", r"\1"),
    (r"\bjuly (\w+) of\b", r"july \1"),
)
_DIGITS = {"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


def words(text: str) -> list[str]:
    """Comparable words: small letters, numbers as figures, runs of figures joined."""
    text = text.casefold().replace("’", "'")
    for pattern, same in _SAME:
        text = re.sub(pattern, same, text)
    joined: list[str] = []
    for word in re.findall(r"[a-z0-9']+", text):
        figure = _DIGITS.get(word, word)
        if figure.isdigit() and joined and joined[-1].isdigit():
            joined[-1] += figure
        else:
            joined.append(figure)
    return joined


def errors(said: list[str], heard: list[str]) -> int:
    """Words to insert, delete or replace."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, 1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(heard, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]
