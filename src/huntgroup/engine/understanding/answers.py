"""Turns that answer what the assistant asked: values, a yes, a choice."""

from __future__ import annotations

import re

from .asides import answer_from_prompt, chat
from .changes import brings_value, goal_asked, leave, names_value, other_wish, take_row
from .goals import Goal
from .kinds import Kind
from .knowledge import Row
from .matching import ACCEPT, LIKELY, SURE, THIN, Match
from .memory import Turn
from .rows import pick_row, position
from .smalltalk import small_talk
from .state import Scene, State
from .tokens import content_words
from .toolspec import ToolSpec
from .wishes import open_goals

_BRIEF = {"repeat", "wait", "who", "robot", "how_are_you", "thanks", "there", "fine"}


def take_confirmation(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:  # noqa: PLR0911
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        return False
    changed = brings_value(scene, state, turn, goal, tool)
    if turn.said.yes and not turn.said.correction and not changed:
        goal.confirmed = state.fill(scene, goal, tool).args
        _more(scene, state, turn, goal, ranked)
        return True
    if changed:
        goal.confirmed, goal.denied = None, False
        return True
    talk, only = small_talk(turn.text)
    if only and talk in _BRIEF:
        return chat(scene, state, turn, talk)
    other = other_wish(ranked, goal)
    if other is not None and other.score >= SURE and not (turn.said.no and turn.said.bare):
        return open_goals(scene, state, turn, [other])
    if turn.said.no:
        goal.denied = True
        return True
    if brings_value(scene, state, turn, goal, tool, soft=True):
        goal.confirmed, goal.denied = None, False
        return True
    goal.denied = turn.said.correction
    return turn.said.correction


def _more(scene: Scene, state: State, turn: Turn, goal: Goal, ranked: list[Match]) -> None:
    """A yes may carry another wish, which is done afterwards."""
    other = other_wish(ranked, goal)
    if other is not None and other.score >= SURE and not turn.said.bare:
        state.push(other.tool, opener=turn.index, under=True)


def take_values(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:  # noqa: PLR0911
    goal = goal_asked(scene, state)
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        return False
    if state.asked.rows:
        row = pick_row(turn, [r for r in state.asked.rows if isinstance(r, Row)], state.memory)
        if row is not None:
            take_row(goal, tool, row, turn.index, only=state.asked.params)
            return True
    talk, only = small_talk(turn.text)
    if only and talk not in {"", "hello", "done", "goodbye"}:
        return chat(scene, state, turn, talk)
    if only and talk in {"done", "goodbye"}:
        return leave(scene, state)
    answered = brings_value(scene, state, turn, goal, tool)
    other = other_wish(ranked, goal)
    free = all(k in {Kind.FREE_TEXT, Kind.PHRASE, Kind.ENTITY, Kind.PLACE} for k in state.asked.kinds)
    strong = other is not None and other.score >= (0.6 if free else SURE) and not (answered and turn.said.bare)
    if strong and other is not None and not (answered and free):
        open_goals(scene, state, turn, [other], under=answered)
        return True
    if answered:
        goal.denied = False
        return True
    if other is not None and other.score >= LIKELY and not turn.said.bare:
        return open_goals(scene, state, turn, [other])
    if turn.said.unknown or turn.said.whatever:
        return _cannot_say(scene, state, goal, tool, turn)
    return answer_from_prompt(scene, state, turn)


def _cannot_say(scene: Scene, state: State, goal: Goal, tool: ToolSpec, turn: Turn) -> bool:
    """The caller does not know or does not mind: look for what is free, or go without."""
    if state.asked.kinds & {Kind.DATE, Kind.TIME, Kind.DATE_TIME, Kind.ENTITY}:
        finder = next(
            (
                t
                for t in scene.tools
                if t.effect == "read"
                and t.role == "work"
                and re.search(r"\b(?:available|availability|free|openings?|slots?)\b", t.title + " " + t.description)
                and not state.fill(scene, Goal(t.name, goal.opener, goal.floor), t).missing
            ),
            None,
        )
        if finder is not None:
            state.push(finder, opener=turn.index, floor=goal.floor)
            return True
    goal.waived |= set(state.asked.params)
    if turn.said.unknown:
        state.say("That's all right.")
    return True


def take_choice(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    """The answer to "do you want to A, or B?"."""
    options = [t for t in (scene.tool(n) for n in state.asked.options) if t is not None]
    if not options:
        return False
    place = position(turn.said, len(options))
    before = state.memory.turns[-2].index if len(state.memory.turns) > 1 else turn.index
    if place is not None and place < len(options):
        state.push(options[place], opener=before)
        return True
    mine = [m for m in scene.matcher.rank(turn.said, scene.tools) if m.tool in options]
    if ranked and ranked[0].tool not in options and ranked[0].score > mine[0].score + 0.1:
        return False
    if turn.said.no and mine[0].score < ACCEPT:
        return False
    if mine[0].score >= 0.15 and (len(mine) < 2 or mine[0].score - mine[1].score >= THIN / 2):
        state.push(mine[0].tool, opener=before)
        return True
    return False


def take_offer(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    """The answer to a question that a tool's message asked."""
    if turn.said.yes and _only_named(scene, state, turn):
        return True
    if turn.said.yes and len(content_words(turn.said.masked)) <= 2 and state.asked.options:
        from .utterance import read

        wish = [
            m
            for m in scene.matcher.rank(read(state.asked.options[0], scene.today), scene.tools)
            if m.tool.name != state.asked.tool
        ]
        if wish and wish[0].score >= ACCEPT - 0.05:
            goal = state.push(wish[0].tool, opener=turn.index)
            filling = state.fill(scene, goal, wish[0].tool)
            goal.confirmed = None if filling.missing else filling.args
            return True
    if turn.said.no and turn.said.bare and not names_value(turn):
        state.stack = [g for g in state.stack if g.tool != state.asked.tool]
        return leave(scene, state) if not state.stack else True
    return take_values(scene, state, turn, ranked) if state.stack else False


def _only_named(scene: Scene, state: State, turn: Turn) -> bool:
    """A yes to "do you mean X?" chooses X, when the question named just one known value."""
    goal = goal_asked(scene, state)
    tool = scene.tool(goal.tool) if goal else None
    question = " ".join(state.asked.options).lower()
    for param in tool.params if tool else ():
        named = [v for v in state.knowledge.named(param) if v.lower() in question] if param.kind is Kind.ENTITY else []
        if goal is not None and len(named) == 1:
            goal.picked[param.name] = (named[0], turn.index)
            return True
    return False


def take_anything(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    talk, only = small_talk(turn.text)
    best = ranked[0] if ranked and ranked[0].tool.role != "return" else None
    if only and talk == "thanks" and scene.way_back is not None:
        return leave(scene, state)
    if (turn.said.no or talk in {"done", "goodbye"}) and (best is None or best.score < SURE or only):
        return leave(scene, state)
    if (
        turn.said.yes
        and turn.said.bare
        and len(content_words(turn.said.masked)) <= 1
        and not (best and best.score >= SURE)
    ):
        state.say("Of course, what is it?")
        state.finish = True
        return True
    return False
