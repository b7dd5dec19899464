"""Answers that need no tool: small talk, and what the prompt itself knows."""

from __future__ import annotations

import re

from .memory import Asked, Turn
from .questions import plain_wish
from .smalltalk import Talk
from .spoken import say_list
from .state import Scene, State
from .tokens import content_words, words

CLOSE = 0.46
"""How near a fact of the prompt must be to outweigh a tool that only might be meant."""
_QUESTION = re.compile(
    r"\?\s*$|^(?:and |so |but )?(?:what|when|where|who|how|which|is|are|do|does|can|could|will|would|why)\b",
    re.IGNORECASE,
)
_HUMAN = re.compile(
    r"\b(?:human|real person|live person|operator|representative|somebody real|speak (?:to|with) (?:a |some)?(?:one|"
    r"body|person)|talk to (?:a )?(?:person|someone))\b",
    re.IGNORECASE,
)


def chat(scene: Scene, state: State, turn: Turn, talk: Talk) -> bool:
    """A brief answer; what was going on goes on after it."""
    open_question = bool(state.stack)
    match talk:
        case "repeat":
            state.say(state.last_said or "Of course.")
            state.finish, state.next_asked = bool(state.last_said), state.asked
        case "wait":
            state.say("Of course, take your time.")
            state.finish, state.next_asked = True, state.asked
        case "robot":
            state.say(f"I'm an automated voice assistant{_for_whom(scene)}, not a person.")
        case "who":
            state.say(f"I'm the automated voice assistant{_for_whom(scene)}.")
        case "how_are_you":
            state.say("I'm doing well, thank you.")
        case "help":
            state.say(f"I can help you {abilities(scene)}.")
        case "there":
            state.say("Yes, I'm here.")
        case "fine":
            state.say("All right.")
        case "thanks":
            state.say("You're welcome.")
        case "hello":
            state.say("Hello!" if state.last_said else scene.guidance.greeting or "Hello!")
        case _:
            return False
    if not open_question and not state.finish:
        _hand_over(state, talk)
    return True


def _hand_over(state: State, talk: Talk) -> None:
    """End an aside with a question when nothing else is going on."""
    if state.reply and state.reply[-1].endswith("?"):
        state.finish = True
        return
    state.say("Is there anything else I can help you with?" if talk in {"thanks", "fine"} else "How can I help you?")
    state.finish = True
    state.next_asked = Asked("anything") if talk in {"thanks", "fine"} else None


def _for_whom(scene: Scene) -> str:
    persona = scene.guidance.persona
    match = re.search(r"\b(?:of|for|at)\s+(?P<where>(?:the )?[A-Z][^,.]*)", persona)
    return f" of {match.group('where').strip()}" if match else ""


def abilities(scene: Scene) -> str:
    """What the session's tools do, as a short list of wishes."""
    shown = [t for t in scene.tools if t.role == "work" and not (t.identifies or t.grants or t.ends_call or t.urgent)]
    shown = sorted(shown, key=lambda t: not t.confirms)[:4] or [t for t in scene.tools if t.role == "transfer"][:3]
    return say_list([plain_wish(t) for t in shown], "or") or "with questions about this call"


def answer_from_prompt(
    scene: Scene, state: State, turn: Turn, *, rules_only: bool = False, likeness: float = 0.45
) -> bool:
    """Answer by a rule of the prompt ("if asked about X, say Y") or by a fact that stands in it."""
    text = turn.text
    rules = scene.guidance.rules
    if rules:
        near = scene.matcher.likeness(text, [r.when for r in rules])
        best = max(range(len(rules)), key=lambda i: (_covers(text, rules[i].when), near[i]))
        if near[best] >= 0.5 or (_covers(text, rules[best].when) and near[best] >= 0.3):
            state.say(rules[best].answer)
            state.finish = not state.stack
            return True
    if rules_only:
        return False
    return _fact(scene, state, text, likeness) or _no_human(scene, state, text)


def _covers(text: str, when: str) -> bool:
    telling = content_words(when)
    said = " ".join(words(text))
    return bool(telling) and all(re.search(rf"\b{re.escape(w.rstrip('s'))}", said) for w in telling)


def is_question(text: str) -> bool:
    return bool(_QUESTION.search(text))


def _fact(scene: Scene, state: State, text: str, enough: float) -> bool:
    facts = scene.guidance.facts
    if not facts or not _QUESTION.search(text):
        return False
    likeness = scene.matcher.likeness(text, facts)
    best = max(range(len(facts)), key=lambda i: likeness[i])
    if likeness[best] < enough:
        return False
    state.say(facts[best])
    state.finish = not state.stack
    return True


def _no_human(scene: Scene, state: State, text: str) -> bool:
    if not _HUMAN.search(text):
        return False
    state.say("I'm sorry, I can't put you through to a person from here.", f"I can help you {abilities(scene)}.")
    state.finish = True
    return True
