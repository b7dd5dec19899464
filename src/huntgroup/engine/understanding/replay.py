"""From a history to where the conversation stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from huntgroup.engine.ports import HistoryEntry, Said, ToolResult, ToolUse

from .deciding import advance
from .hints import asked_kinds
from .kinds import Kind
from .knowledge import Knowledge, parse
from .listening import listen
from .memory import NOTHING, Asked, Memory, Turn
from .reigns import Reigns, moved_to, reigns_of, target_of
from .results import is_failure, take_result
from .smalltalk import small_talk
from .state import Scene, State
from .tokens import sentences, words
from .utterance import read

Recall = Callable[[str], Asked | None]
_CONFIRMS = re.compile(
    r"\b(?:shall i|should i|is that (?:all )?(?:right|correct)|do you want me to|would you like me to|may i go "
    r"ahead)\b",
    re.IGNORECASE,
)
_ELSE = re.compile(r"\banything else\b|\bsomething else\b", re.IGNORECASE)


def rebuild(scene: Scene, history: Sequence[HistoryEntry], recall: Recall, asides: Callable[[str], bool]) -> State:
    """Play the history through; turns that another agent answered only fill the memory."""
    state = State(Memory(scene.today, no_names=_values_of(scene)), Knowledge(scene.instructions))
    reign = reigns_of(scene, history)
    uses = {e.call_id: e for e in history if isinstance(e, ToolUse)}
    asked, unanswered = NOTHING, None
    for entry, owner in zip(history, reign.owner, strict=True):
        mine = owner == reign.current
        match entry:
            case Said(role="user", text=text):
                turn = _turn(state, text, asked, scene)
                state.asked = asked
                if mine:
                    _answerable(scene, state, turn)
                unanswered = turn
                asked = asked if not turn.said.text else NOTHING
            case Said(role="assistant", text=text) if not asides(text):
                asked = recall(text) or guess_asked(text, state)
                _spoken(state, text, asked, mine)
                unanswered = None
            case Said(role="system", text=text) if moved_to(text) == reign.current:
                asked = NOTHING
                _moved_by_hand(scene, state, unanswered)
            case ToolUse(name=name) if mine and all(g.tool != name for g in state.stack):
                _began(scene, state, name)
            case ToolResult(call_id=call_id, output=output) if call_id in uses:
                _result(scene, state, uses[call_id], output, mine, reign)
            case _:
                pass
    state.asked = asked
    return state


def _values_of(scene: Scene) -> frozenset[str]:
    enums = (str(v) for t in scene.tools for p in t.params for v in p.enum)
    return frozenset(w for v in enums for w in words(v.replace("_", " ")))


def _turn(state: State, text: str, asked: Asked, scene: Scene) -> Turn:
    times = bool(asked.kinds & {Kind.TIME, Kind.DATE_TIME}) or asked.kind in {"pick", "change", "confirm"}
    said = read(text, scene.today, asked_name=asked.names or asked.kind == "change", asked_time=times)
    turn = Turn(len(state.memory.turns), text, asked, said)
    state.memory.add(turn)
    return turn


def _answerable(scene: Scene, state: State, turn: Turn) -> None:
    state.reign_opener = state.reign_opener or turn.text
    state.resumed = False
    if state.asked.tool and all(g.tool != state.asked.tool for g in state.stack):
        advance(scene, state)
    listen(scene, state, turn)


def _began(scene: Scene, state: State, name: str) -> None:
    """A tool was called that no turn wished for: something else needed it, or another mind chose it."""
    if target_of(name):
        return
    advance(scene, state)
    tool = scene.specs.get(name)
    if tool is not None and all(g.tool != name for g in state.stack):
        state.push(tool, opener=max(0, len(state.memory.turns) - 1))


def _spoken(state: State, text: str, asked: Asked, mine: bool) -> None:
    """Something was said to the caller: what was waiting to be said is out."""
    if not mine or not text.strip():
        return
    if state.unsaid:
        state.last_said_result = " ".join(state.unsaid)
    state.unsaid, state.reply, state.unclear, state.finish, state.next_asked = [], [], False, False, None
    state.resumed = state.wrote = False
    state.last_said = text
    goal = next((g for g in reversed(state.stack) if g.tool == asked.tool), None)
    if goal is not None:
        goal.asked.update(asked.params)


def guess_asked(text: str, state: State) -> Asked:
    """What words that this mind does not remember saying asked for."""
    last = sentences(text)[-1] if sentences(text) else ""
    if "?" not in last:
        return NOTHING
    top = state.top
    tool = top.tool if top else ""
    if _CONFIRMS.search(last):
        return Asked("confirm", tool)
    if _ELSE.search(last):
        return Asked("anything")
    kinds = asked_kinds(last)
    return Asked("slots", tool, (), kinds) if kinds or top else NOTHING


def _result(scene: Scene, state: State, use: ToolUse, output: str, mine: bool, reign: Reigns) -> None:
    target = target_of(use.name)
    if not target:
        if mine:
            take_result(scene, state, use.name, use.arguments, output)
        else:
            _overheard(scene, state, use, output)
        return
    data = parse(output)
    state.knowledge.learn(use.name, data, len(state.memory.turns))
    if is_failure(data):
        if mine:
            take_result(scene, state, use.name, use.arguments, output)
        return
    _handed_over(scene, state, use, target, mine, reign)


def _overheard(scene: Scene, state: State, use: ToolUse, output: str) -> None:
    """Another agent's tool: its rows and claims count for this one too."""
    data = parse(output)
    state.knowledge.learn(use.name, data, len(state.memory.turns))
    spec = scene.specs.get(use.name)
    if spec is not None and not is_failure(data):
        state.held |= set(spec.grants)
    needs = data.get("needs") if isinstance(data, dict) else None
    if isinstance(needs, list):
        state.wanted_claims |= {str(n) for n in needs}


def _handed_over(scene: Scene, state: State, use: ToolUse, target: str, mine: bool, reign: Reigns) -> None:
    """The call changed hands: the giver's goal is done, the taker answers the question that was pending."""
    if mine:
        state.stack = [g for g in state.stack if g.tool != use.name]
        state.reply, state.unclear, state.finish = [], False, False
        return
    came = "" if use.name.startswith("return_to_") and reign.current == "" else target
    if came != reign.current:
        return
    pending = _pending(state, use)
    if use.name.startswith("return_to_"):
        _taken_back(scene, state, use, pending)
    elif pending is not None:
        state.reign_opener = pending.text
        state.asked = NOTHING
        listen(scene, state, pending)


def _moved_by_hand(scene: Scene, state: State, unanswered: Turn | None) -> None:
    """The call changed hands by no agent's wish: what was going on is over, and only an open question is answered."""
    state.stack, state.unsaid, state.reply = [], [], []
    state.unclear, state.finish, state.asked, state.next_asked = False, False, NOTHING, None
    state.leaving, state.wanted_claims = False, set()
    if unanswered is not None:
        state.reign_opener = unanswered.text
        listen(scene, state, unanswered)


def _taken_back(scene: Scene, state: State, use: ToolUse, pending: Turn | None) -> None:
    """After a return: the caller's last words may be a goodbye or a new wish, else what was going on goes on."""
    state.resumed = True
    if pending is None:
        return
    talk, only = small_talk(pending.text)
    state.leaving = talk == "goodbye" and not state.stack
    if only or talk in {"done", "goodbye"} or pending.said.no or pending.said.yes:
        return
    ranked = scene.matcher.rank(pending.said, scene.tools)
    if ranked and ranked[0].score >= 0.3 and ranked[0].tool.role != "transfer":
        state.asked = NOTHING
        listen(scene, state, pending)


def _pending(state: State, use: ToolUse) -> Turn | None:
    """The turn that a hand-over is about: the one its brief quotes, else the last one."""
    turns = state.memory.turns
    if not turns:
        return None
    try:
        brief = json.loads(use.arguments or "{}")
    except ValueError:
        brief = {}
    texts = (
        sorted((v for v in brief.values() if isinstance(v, str) and len(v) > 8), key=len, reverse=True)
        if isinstance(brief, dict)
        else []
    )
    if use.name.startswith("return_to_"):
        return turns[-1]
    for text in texts:
        quoted = next((t for t in reversed(turns) if text.lower().rstrip(".?!") in t.text.lower()), None)
        if quoted is not None:
            return quoted
    return turns[-1]
