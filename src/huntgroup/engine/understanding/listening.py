"""What a turn of the caller changes."""

from __future__ import annotations

import re

from .asides import answer_from_prompt, chat
from .filling import same
from .goals import Goal
from .kinds import Kind
from .knowledge import Row, id_of
from .languages import foreign, only_english
from .matching import ACCEPT, SURE, THIN, Match
from .memory import Asked, Turn
from .questions import which_tool
from .rows import clock_of, day_of, pick_row, position
from .smalltalk import small_talk
from .state import Scene, State, names_of
from .tokens import content_words, words
from .toolspec import Param, ToolSpec

_DROP = re.compile(
    r"\b(?:never ?mind|forget (?:it|that|about)|leave it|don't bother|cancel that|scratch that|i changed my mind)\b",
    re.IGNORECASE,
)
_URGENT = 0.45
_BRIEF = {"repeat", "wait", "who", "robot", "how_are_you", "thanks", "there", "fine"}
_REQUEST = re.compile(
    r"\?\s*$|\b(?:i'd like|i would like|i want|i need|can i|can you|could i|could you|please|how do i|what|when|"
    r"where|which|who)\b",
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
    ranked = [m for m in scene.matcher.rank(turn.said, scene.tools) if not _is_no_wish(state, m)]
    if _urgent(state, turn, ranked) or _dropped(scene, state, turn):
        return
    handlers = {
        "confirm": _confirmed,
        "change": _slots,
        "slots": _slots,
        "pick": _picked,
        "choose": _chosen,
        "offer": _offer,
        "anything": _anything,
    }
    handler = handlers.get(state.asked.kind)
    if handler is not None and handler(scene, state, turn, ranked):
        state.misses = 0
        return
    if _wish(scene, state, turn, ranked):
        state.misses = 0
        return
    state.unclear = True
    state.misses += 1


def _is_no_wish(state: State, match: Match) -> bool:
    """Tools that find out who calls when that is known, and urgent ones that are only remotely like what was said."""
    tool = match.tool
    known = bool(tool.identifies and tool.grants and set(tool.grants) <= state.held)
    return known or (tool.urgent and match.score < _URGENT)


def _is_answer(turn: Turn) -> bool:
    return bool(turn.asked.kind == "slots" and (turn.said.name or turn.said.dates or turn.said.phones))


def _urgent(state: State, turn: Turn, ranked: list[Match]) -> bool:
    match = next((m for m in ranked if m.tool.urgent and m.score >= _URGENT), None)
    if match is None:
        return False
    best = ranked[0]
    if best.tool is not match.tool and best.score - match.score > 0.12:
        return False
    state.push(match.tool, opener=turn.index)
    return True


def _dropped(scene: Scene, state: State, turn: Turn) -> bool:
    """ "Never mind" takes the top goal away, with what was only fetched for it."""
    if not state.stack or not _DROP.search(turn.text) or len(content_words(turn.said.masked)) > 5:
        return False
    state.stack.clear()
    state.say("All right, I'll leave that.", "Is there anything else I can help you with?")
    state.finish, state.next_asked = True, Asked("anything")
    return True


def _confirmed(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        return False
    changed = _answers(scene, state, turn, goal, tool)
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
    other = _other(ranked, goal)
    if other is not None and other.score >= SURE and not (turn.said.no and turn.said.bare):
        return _open(scene, state, turn, [other])
    if turn.said.no:
        goal.denied = True
        return True
    if _answers(scene, state, turn, goal, tool, soft=True):
        goal.confirmed, goal.denied = None, False
        return True
    goal.denied = turn.said.correction
    return turn.said.correction


def _more(scene: Scene, state: State, turn: Turn, goal: Goal, ranked: list[Match]) -> None:
    """A yes may carry another wish, which is done afterwards."""
    other = _other(ranked, goal)
    if other is not None and other.score >= SURE and not turn.said.bare:
        state.push(other.tool, opener=turn.index, under=True)


def _changes_value(turn: Turn) -> bool:
    said = turn.said
    return bool(said.dates or said.times or said.name or said.phones or said.numbers or said.correction)


def _slots(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    goal = _goal_asked(scene, state)
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
        return _leave(scene, state)
    answered = _answers(scene, state, turn, goal, tool)
    other = _other(ranked, goal)
    free = all(k in {Kind.FREE_TEXT, Kind.PHRASE, Kind.ENTITY, Kind.PLACE} for k in state.asked.kinds)
    strong = other is not None and other.score >= (0.6 if free else SURE) and not (answered and turn.said.bare)
    if strong and other is not None and not (answered and free):
        _open(scene, state, turn, [other], under=answered)
        return True
    if answered:
        goal.denied = False
        return True
    if other is not None and other.score >= ACCEPT and not turn.said.bare:
        return _open(scene, state, turn, [other])
    if turn.said.unknown or turn.said.whatever:
        return _cannot_say(scene, state, goal, tool, turn)
    return answer_from_prompt(scene, state, turn)


def _goal_asked(scene: Scene, state: State) -> Goal | None:
    return next((g for g in reversed(state.stack) if g.tool == state.asked.tool), state.top)


def _answers(scene: Scene, state: State, turn: Turn, goal: Goal, tool: ToolSpec, *, soft: bool = False) -> bool:
    """Whether the turn brought a value for the goal: its arguments differ from what they were without it."""
    now = state.fill(scene, goal, tool).args
    memory, person = state.memory, state.memory.person
    fresh = any(person.since.get(f) == turn.index for f in ("first", "last", "born", "phone", "email"))
    personal = any(
        p.kind in {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME, Kind.BIRTH_DATE, Kind.PHONE, Kind.EMAIL}
        for p in tool.params
    )
    memory.turns.pop()
    before = state.fill(scene, goal, tool).args
    memory.turns.append(turn)
    free = [p.name for p in tool.params if p.kind in {Kind.FREE_TEXT, Kind.PHRASE} and p.name not in state.asked.params]
    return not same(before, now, () if soft else free) or (fresh and personal)


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


def _picked(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    rows = [r for r in state.asked.rows if isinstance(r, Row)] or list(state.offered)
    row = pick_row(turn, rows, state.memory) if rows else None
    other = _other(ranked, state.top)
    if (
        row is None
        and turn.said.no
        and not (turn.said.dates or turn.said.times)
        and not (other and other.score >= SURE)
    ):
        state.say("All right.")
        return _ask_other_time(scene, state)
    if row is None:
        return _slots(scene, state, turn, ranked) if state.stack else False
    if (
        other is not None
        and other.score >= 0.55
        and position(turn.said, len(rows)) is None
        and not (turn.said.times or turn.said.dates or turn.said.yes)
    ):
        return False
    goal = _goal_for_pick(scene, state, turn)
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        return False
    take_row(goal, tool, row, turn.index)
    if goal.confirmed is not None:
        args = state.fill(scene, goal, tool).args
        changed = {k for k in args if args[k] != goal.confirmed.get(k)}
        goal.confirmed = args if changed <= set(goal.picked) else None
    return True


def _ask_other_time(scene: Scene, state: State) -> bool:
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is None or tool is None:
        state.say("Is there anything else I can help you with?")
        state.finish, state.next_asked = True, Asked("anything")
        return True
    params = [p for p in tool.params if p.kind in {Kind.DATE, Kind.TIME, Kind.DATE_TIME}]
    state.say("What other day and time would suit you?")
    state.finish = True
    state.next_asked = Asked("slots", tool.name, tuple(p.name for p in params), frozenset(p.kind for p in params))
    return True


def _goal_for_pick(scene: Scene, state: State, turn: Turn) -> Goal | None:
    """The write goal that waits for a choice, or a new one for the tool that books such a row."""
    for goal in reversed(state.stack):
        tool = scene.tool(goal.tool)
        if tool is not None and tool.effect == "write":
            return goal
    makers = [t for t in scene.tools if t.confirms and any(p.kind in {Kind.TIME, Kind.DATE_TIME} for p in t.params)]
    if not makers:
        return None
    ranked = [m for m in scene.matcher.rank(turn.said, scene.tools) if m.tool in makers]
    best = (
        ranked[0].tool
        if ranked[0].score >= ACCEPT
        else min(makers, key=lambda t: any(p.kind is Kind.IDENTIFIER and p.required for p in t.params))
    )
    return state.push(best, opener=turn.index, floor=state.last.floor if state.last else None)


def take_row(goal: Goal, tool: ToolSpec, row: Row, turn: int, only: tuple[str, ...] = ()) -> None:
    """Use a row's values for the goal's parameters, or for some of them."""
    for param in tool.params:
        if only and param.name not in only:
            continue
        value = _from_row(param, row)
        if value is not None:
            goal.picked[param.name] = (value, turn)


def _from_row(param: Param, row: Row) -> object:
    day, clock = day_of(row), clock_of(row)
    old = param.kind in {Kind.DATE, Kind.TIME} and any(w in param.words for w in ("old", "current"))
    if param.kind is Kind.DATE and day is not None and not old:
        return day.isoformat()
    if param.kind is Kind.TIME and clock is not None and not old:
        return clock
    if param.kind is Kind.DATE_TIME and day is not None and clock is not None:
        return f"{day.isoformat()}T{clock}:00"
    if param.kind is Kind.IDENTIFIER:
        return id_of(row, param)
    value = row.fields.get(param.name)
    return value if isinstance(value, str) and param.kind in {Kind.ENTITY, Kind.ENUM} else None


def _chosen(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
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


def _offer(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
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
    if turn.said.no and turn.said.bare and not _changes_value(turn):
        state.stack = [g for g in state.stack if g.tool != state.asked.tool]
        return _leave(scene, state) if not state.stack else True
    return _slots(scene, state, turn, ranked) if state.stack else False


def _anything(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    talk, only = small_talk(turn.text)
    best = ranked[0] if ranked and ranked[0].tool.role != "return" else None
    if only and talk == "thanks" and scene.way_back is not None:
        return _leave(scene, state)
    if (turn.said.no or talk in {"done", "goodbye"}) and (best is None or best.score < SURE or only):
        return _leave(scene, state)
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


def _only_named(scene: Scene, state: State, turn: Turn) -> bool:
    """A yes to "do you mean X?" chooses X, when the question named just one known value."""
    goal = _goal_asked(scene, state)
    tool = scene.tool(goal.tool) if goal else None
    question = " ".join(state.asked.options).lower()
    for param in tool.params if tool else ():
        named = [v for v in state.knowledge.named(param) if v.lower() in question] if param.kind is Kind.ENTITY else []
        if goal is not None and len(named) == 1:
            goal.picked[param.name] = (named[0], turn.index)
            return True
    return False


def _leave(scene: Scene, state: State) -> bool:
    state.stack.clear()
    state.leaving = True
    return True


def _other(ranked: list[Match], goal: Goal | None) -> Match | None:
    """The best tool that is not the goal's own and not one that only finds out who calls."""
    own = goal.tool if goal else ""
    return next(
        (
            m
            for m in ranked
            if (m.tool.name != own and not m.tool.identifies and m.tool.role != "return")
            or (m.tool.role == "return" and m.score >= 0.45)
        ),
        None,
    )


def _wish(scene: Scene, state: State, turn: Turn, ranked: list[Match]) -> bool:
    """A turn that answers no question: small talk, a wish, a question to the prompt, or more about the last thing."""
    talk, only = small_talk(turn.text)
    ranked = ranked if content_words(turn.text) else []
    best = ranked[0] if ranked else None
    if only and talk and not (best and best.score >= 0.65 and best.tool.role == "work"):
        if talk in {"done", "goodbye"}:
            return _leave(scene, state)
        return chat(scene, state, turn, talk)
    if answer_from_prompt(scene, state, turn, rules_only=True):
        return True
    if _follows_up(scene, state, turn, best):
        return True
    if best is not None and best.score >= ACCEPT:
        return _open(scene, state, turn, _distinct(scene, turn, ranked))
    if answer_from_prompt(scene, state, turn):
        return True
    if talk:
        return chat(scene, state, turn, talk)
    goal = state.top
    tool = scene.tool(goal.tool) if goal else None
    if goal is not None and tool is not None and _answers(scene, state, turn, goal, tool):
        goal.denied = False
        return True
    back = scene.way_back
    if back is not None and _REQUEST.search(turn.text) and len(content_words(turn.said.masked)) >= 2:
        state.push(back, opener=turn.index)
        return True
    return _only_told_name(state, turn)


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


def _open(scene: Scene, state: State, turn: Turn, wishes: list[Match], *, under: bool = False) -> bool:
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
        if m.tool is not first.tool and first.score - m.score < THIN and m.score >= ACCEPT and first.score < 0.65
    ]
    near = [
        m
        for m in near
        if not (
            m.tool.identifies
            or m.tool.grants
            or m.tool.role == "return"
            or (m.tool.peer and m.tool.peer == first.tool.peer)
        )
    ]
    return [m.tool for m in near[:1]]
