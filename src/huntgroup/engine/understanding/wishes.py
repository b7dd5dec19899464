"""Turns that answer no question: a wish, more about the last thing, or small talk."""

from __future__ import annotations

import re

from .asides import CLOSE, answer_from_prompt, chat, is_question
from .changes import brings_value, leave
from .fitting import same
from .goals import Goal
from .matching import ACCEPT, SURE, THIN, THIN_SHARE, Match
from .memory import Asked, Turn
from .questions import which_tool
from .smalltalk import small_talk
from .state import Scene, State, names_of
from .tokens import content_words
from .toolspec import ToolSpec

_REQUEST = re.compile(
    r"\?\s*$|\b(?:i'd like|i would like|i want|i need|can i|can you|could i|could you|please|how do i|what|when|"
    r"where|which|who)\b",
    re.IGNORECASE,
)


def hear_wish(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:  # noqa: PLR0911
    """A turn that answers no question: small talk, a wish, a question to the prompt, or more about the last thing."""
    talk, only = small_talk(turn.text)
    says_nothing = not content_words(turn.text) and (turn.said.yes or turn.said.no or turn.said.word_count <= 1)
    ranked = [] if says_nothing else ranked
    best = ranked[0] if ranked else None
    if only and talk and not (best and best.score >= 0.65 and best.tool.role == "work"):
        if talk in {"done", "goodbye"}:
            return leave(scene, state)
        return chat(scene, state, turn, talk)
    if answer_from_prompt(scene, state, turn, rules_only=True):
        return True
    if _follows_up(scene, state, turn, best):
        return True
    if best is not None and best.score < SURE and answer_from_prompt(scene, state, turn, likeness=CLOSE):
        return True
    if best is not None and best.score >= ACCEPT:
        return open_goals(scene, state, turn, _distinct(scene, turn, ranked))
    if answer_from_prompt(scene, state, turn):
        return True
    if _ask_the_questions_tool(scene, state, turn):
        return True
    if talk:
        return chat(scene, state, turn, talk)
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is not None and tool is not None and brings_value(scene, state, turn, goal, tool):
        goal.denied = False
        return True
    back = scene.way_back
    if back is not None and _REQUEST.search(turn.text) and len(content_words(turn.said.masked)) >= 2:
        state.push(back, opener=turn.index)
        return True
    return _only_told_name(state, turn)


def _ask_the_questions_tool(scene: Scene, state: State, turn: Turn) -> bool:
    """A question that nothing else fits goes to a tool that takes any question, when there is one."""
    if not is_question(turn.text) or len(content_words(turn.text)) < 2:
        return False
    takers = [t for t in scene.tools if t.role == "work" and t.effect == "read" and len(t.required) == 1]
    tool = next((t for t in takers if t.required[0].name in {"question", "query"}), None)
    if tool is None:
        return False
    state.push(tool, opener=turn.index)
    return True


def _only_told_name(state: State, turn: Turn) -> bool:
    if not turn.said.name or state.stack:
        return False
    first = state.memory.person.first
    state.say(f"Hello {first}, how can I help you?" if first else "Hello, how can I help you?")
    state.finish = True
    return True


def _follows_up(scene: Scene, state: State, turn: Turn, best: Match | None) -> bool:
    """ "And on Friday?": the last thing again with another value."""
    goal = state.last
    tool = scene.tool(goal.tool) if goal else None
    if (
        goal is None
        or tool is None
        or state.stack
        or tool.role != "work"
        or (best is not None and best.score >= SURE and best.tool is not tool)
    ):
        return False
    short = turn.said.word_count <= 8 and (
        len(content_words(turn.said.masked)) <= 2
        or re.match(r"(?:and|what about|how about|or)\b", turn.text, re.IGNORECASE)
    )
    if not short or (tool.confirms and not turn.said.correction):
        return False
    again = Goal(tool.name, goal.opener, goal.floor, text=goal.text)
    previous = Goal(tool.name, goal.opener, goal.floor, text=goal.text)
    now = state.fill(scene, again, tool).args
    memory = state.memory
    memory.turns.pop()
    before = state.fill(scene, previous, tool).args
    memory.turns.append(turn)
    if same(before, now):
        return False
    state.stack.append(again)
    return True


def _distinct(scene: Scene, turn: Turn, ranked: list[Match]) -> list[Match]:
    """The wishes of a turn: the best one, and others that clauses of their own clearly name."""
    first = next((m for m in ranked if not m.tool.identifies), ranked[0])
    if first.score < ACCEPT or ranked[0].score - first.score > 0.2:
        first = ranked[0]
    wishes = [first]
    if len(turn.said.clauses) > 1:
        for match in scene.matcher.per_clause(turn.said, scene.tools):
            known = {m.tool.name for m in wishes}
            if (
                match.score >= 0.55
                and match.tool.name not in known
                and not match.tool.identifies
                and not match.tool.grants
                and match.tool.role == "work"
            ):
                wishes.append(match)
    return wishes[:3]


def open_goals(scene: Scene, state: State, turn: Turn, wishes: list[Match], *, under: bool = False) -> bool:
    """Make goals of wishes, or ask back when two tools are equally near."""
    first = wishes[0]
    if first.tool.role != "return" or not state.stack:
        rivals = _rivals(scene, turn, first)
        if rivals and not under:
            state.say(which_tool([first.tool, *rivals]))
            state.finish, state.next_asked = True, Asked("choose", options=names_of([first.tool, *rivals]))
            return True
    if state.asked.kind == "offer":
        _sidestep(state, first.tool)
    for match in reversed(wishes):
        known = any(g.tool == match.tool.name for g in state.stack)
        goal = state.push(match.tool, opener=turn.index, under=under)
        if not known:
            goal.text = ""
    return True


def _sidestep(state: State, tool: ToolSpec) -> None:
    """The caller answers the question of a failed tool with another wish: what failed is given up."""
    state.stack = [g for g in state.stack if not g.stalled] if tool.grants else []


def _rivals(scene: Scene, turn: Turn, first: Match) -> list[ToolSpec]:
    ranked = scene.matcher.rank(turn.said, scene.tools)
    near = [
        m
        for m in ranked
        if m.tool is not first.tool
        and first.score - m.score < max(THIN, THIN_SHARE * first.score)
        and m.score >= ACCEPT
        and first.score < 0.65
    ]
    near = [
        m
        for m in near
        if not (
            m.tool.identifies
            or m.tool.urgent
            or m.tool.ends_call
            or m.tool.grants
            or m.tool.role == "return"
            or (m.tool.peer and m.tool.peer == first.tool.peer)
        )
    ]
    return [m.tool for m in near[:1]]
