"""Short talk that is no wish: greetings, thanks, goodbyes, questions about the assistant."""

from __future__ import annotations

import re
from typing import Literal

from .tokens import content_words

Talk = Literal[
    "",
    "hello",
    "thanks",
    "goodbye",
    "done",
    "repeat",
    "wait",
    "robot",
    "who",
    "how_are_you",
    "help",
    "fine",
    "there",
]
_PATTERNS: tuple[tuple[Talk, str], ...] = (
    (
        "repeat",
        r"\b(?:repeat|say (?:that|it) again|what did you say|come again|pardon|didn't (?:hear|catch|get) "
        r"(?:you|that|it)|one more time|sorry,? what)\b|^(?:what|sorry|excuse me|huh)\W*$",
    ),
    (
        "wait",
        r"\b(?:(?:wait|hold on|hang on|just|give me|one) (?:a |one )?(?:moment|second|minute|sec|min)|hold on|"
        r"hang on|bear with me|let me (?:check|look|find|get)|one moment)\b|^wait\W*$",
    ),
    (
        "robot",
        r"\b(?:are you|is this|am i (?:talking|speaking) (?:to|with)|are u)\b.*\b(?:robot|bot|machine|human|"
        r"person|real|computer|ai|automated|recording|assistant|artificial)\b",
    ),
    ("who", r"\b(?:who (?:are you|is this|am i (?:talking|speaking) (?:to|with))|what(?:'s| is) your name)\b"),
    ("how_are_you", r"\bhow(?:'s it going| are you| are things| do you do| have you been| is it going)\b"),
    ("help", r"\b(?:what can you (?:do|help)|how can you help|what do you do|what are my options|^help\b)"),
    ("there", r"\b(?:are you (?:still )?there|can you hear me|anybody there|anyone there)\b"),
    (
        "goodbye",
        r"\b(?:good ?bye|bye|bye-bye|see you|talk (?:to you )?later|have a (?:good|nice|great|lovely) (?:day|"
        r"one|evening|night|weekend))\b",
    ),
    (
        "done",
        r"\b(?:that'?s (?:all|it|everything)|that is (?:all|it|everything)|that will be all|that'll be all|"
        r"nothing else|nothing more|no more questions|i'm (?:done|good|all set|fine)|i am (?:done|good|all set)|all "
        r"set|"
        r"we're (?:done|good)|that answers (?:my|the|all my) questions?|that's (?:all )?(?:what )?i (?:needed|"
        r"wanted)(?: to know)?|you've answered (?:my|all my) questions?|no,? (?:thanks|thank you)|no,? i'm "
        r"(?:good|fine|ok(?:ay)?))\b",
    ),
    (
        "fine",
        r"^(?:(?:okay|ok|all right|alright|sure|yes|good|fine)[,. ]+)?(?:i'll|i will|i'm going to) (?:call|do "
        r"(?:that|it|so)|try|think|check|go|wait|see|let you)\b",
    ),
    ("thanks", r"\b(?:thanks?|thank you|thx|appreciate|cheers|great help|you've been (?:very )?helpful)\b"),
    ("hello", r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|howdy|greetings|yo)\b"),
)
_COMPILED = tuple((talk, re.compile(pattern, re.IGNORECASE)) for talk, pattern in _PATTERNS)
_SOCIAL = frozenset(
    "hi hello hey good morning afternoon evening thanks thank much lot bye goodbye great perfect wonderful lovely "
    "fine nice day there again moment second minute "
    "sorry help helpful really very appreciate day one all set done nothing else everything wait hold hang weekend "
    "night take care ok yes no awesome excellent cool".split()
)


def small_talk(text: str) -> tuple[Talk, bool]:
    """The kind of small talk in a text, and whether the text is nothing but that."""
    for talk, pattern in _COMPILED:
        if pattern.search(text):
            rest = [w for w in content_words(pattern.sub(" ", text)) if w not in _SOCIAL]
            return talk, len(rest) <= (2 if talk in {"robot", "who", "repeat", "wait", "help", "there", "fine"} else 0)
    return "", False
