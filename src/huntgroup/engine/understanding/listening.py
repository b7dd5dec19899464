"""What a turn of the caller changes."""

from __future__ import annotations

import re

from .answers import take_anything, take_choice, take_confirmation, take_offer, take_values
from .changes import is_no_wish
from .languages import foreign, only_english
from .matching import URGENT, Match
from .memory import Asked, Turn
from .picking import take_pick
from .state import Scene, State
from .tokens import content_words, words
from .wishes import hear_wish

_DROP = re.compile(
    r"^(?:(?:oh|well|okay|ok|no|actually|sorry|please|you know what)[,. ]+)*"
    r"(?:never ?mind|forget (?:it|that|about)|leave it|don't bother|cancel that|scratch that|"
    r"i(?:'ve)? changed my mind)\b",
    re.IGNORECASE,
)


def listen(scene: Scene, state: State, turn: Turn) -> None:
    """Take in a turn that this agent has to answer; the turn is already in the memory."""
    state.reply, state.finish, state.next_asked, state.unclear, state.leaving = [], False, None, False, False
    if not words(turn.text):
        return
    language = foreign(turn.text)
    if language is not None and not _is_answer(turn):
        state.say(*only_english(language))
        return
    ranked = [m for m in scene.matcher.rank(turn.said, scene.tools) if not is_no_wish(state, m)]
    if _urgent(state, turn, ranked) or _dropped(scene, state, turn):
        return
    handlers = {
        "confirm": take_confirmation,
        "change": take_values,
        "slots": take_values,
        "pick": take_pick,
        "choose": take_choice,
        "offer": take_offer,
        "anything": take_anything,
    }
    handler = handlers.get(state.asked.kind)
    if handler is not None and handler(scene, state, turn, ranked):
        state.misses = 0
        return
    if hear_wish(scene, state, turn, ranked):
        state.misses = 0
        return
    state.unclear = True
    state.misses += 1


def _is_answer(turn: Turn) -> bool:
    return bool(turn.asked.kind == "slots" and (turn.said.name or turn.said.dates or turn.said.phones))


def _urgent(state: State, turn: Turn, ranked: list[Match]) -> bool:
    match = next((m for m in ranked if m.tool.urgent and m.score >= URGENT), None)
    if match is None:
        return False
    best = ranked[0]
    if best.tool is not match.tool and best.score - match.score > 0.12:
        return False
    state.push(match.tool, opener=turn.index)
    return True


def _dropped(scene: Scene, state: State, turn: Turn) -> bool:
    """ "Never mind" takes the goals away; "cancel that" does not when cancelling is what is going on."""
    top = scene.tool(state.top.tool) if state.top else None
    if not _DROP.search(turn.text) or len(content_words(turn.said.masked)) > 5 or (top and top.verb == "cancel"):
        return False
    state.say("All right, I'll leave that." if state.stack else "All right.")
    state.say("Is there anything else I can help you with?")
    state.stack.clear()
    state.finish, state.next_asked = True, Asked("anything")
    return True
