"""The embedded mind: a deterministic dialogue manager behind `engine.ports.Mind`."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any

from huntgroup.engine.ports import CallTool, Expects, Said, Say, Thought, ToolUse

from .deciding import Decision, decide
from .embedding import Progress, load_encoder
from .forcing import force
from .goals import Goal
from .guidance import Guidance, Order, read_guidance, read_order
from .interrupted import before_it_broke, the_rest
from .kinds import Kind
from .matching import Matcher
from .memory import NOTHING, Asked
from .reigns import is_hand_over
from .replay import rebuild
from .state import Scene, State
from .structured import answer_as_json
from .tokens import normalise, sentences
from .toolspec import ToolSpec, read_tools

_REMEMBERED = 200
_ANY_DAY = date(2000, 1, 1)
_DIGITS = {Kind.PHONE, Kind.IDENTIFIER, Kind.BIRTH_DATE}
_NAMES = {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME}


class Understanding:
    """What all minds of a process share. Loading takes about half a second; `progress` is told what is loaded."""

    def __init__(self, *, progress: Progress | None = None, embedding: bool = True) -> None:
        self._matcher = Matcher(load_encoder(progress) if embedding else None)

    @classmethod
    async def load(cls, *, progress: Progress | None = None, embedding: bool = True) -> Understanding:
        """Load away from the event loop."""
        return await asyncio.to_thread(cls, progress=progress, embedding=embedding)

    def prepare(self, tools: Sequence[Mapping[str, Any]], instructions: str = "") -> None:
        """Embed what a session's prompt and tools say ahead of its first thought; safe to call in a thread."""
        prepare(self._matcher, tools, instructions)

    def new_mind(self) -> DialogueMind:
        return DialogueMind(self._matcher)


def new_mind(*, progress: Progress | None = None) -> DialogueMind:
    """A mind of its own, with its own model copy; processes with several sessions share an `Understanding`."""
    return Understanding(progress=progress).new_mind()


class DialogueMind:
    """One session's mind. Everything follows from the history; what it said is remembered to know what it asked."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._asides: OrderedDict[str, None] = OrderedDict()
        self._specs: dict[str, ToolSpec] = {}
        self._expects: Expects | None = None

    @property
    def expects(self) -> Expects | None:
        return self._expects

    def prepare(self, tools: Sequence[Mapping[str, Any]], instructions: str = "") -> None:
        """As `Understanding.prepare`."""
        prepare(self._matcher, tools, instructions)

    async def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        self._warm(request)
        for act in await asyncio.to_thread(self.ponder, request):
            yield act

    def _warm(self, request: Thought) -> None:
        """While fixed words are being said, embed the session's tools, so that the first turn does not wait for it."""
        if request.tools and read_order(request.response_instructions).exact:
            asyncio.get_running_loop().run_in_executor(None, self.prepare, list(request.tools), request.instructions)

    def ponder(self, request: Thought) -> list[Say | CallTool]:
        """The whole response at once; the same request gives the same response."""
        order = read_order(request.response_instructions)
        if order.exact and order.kind == "instead":
            return [Say(sentence) for sentence in sentences(order.exact)]
        if order.exact and order.kind != "goodbye":
            return self._aside(order.exact)
        scene = self._scene(request)
        history, heard = before_it_broke(request.history)
        state = rebuild(scene, history, self._recall, self._is_aside)
        if request.out_of_band:
            return self._behind_the_line(scene, state, request)
        decision = self._ordered(scene, state, order) or decide(scene, state, order)
        if scene.guidance.begin_with and _just_taken_over(request):
            decision.says.insert(0, scene.guidance.begin_with)
        decision = _obey(scene, state, decision, request.tool_choice)
        decision.says = polish(decision.says, scene.guidance)
        if heard:
            decision.says = the_rest(decision.says, heard)
        self._remember(decision)
        return decision.acts()

    def _scene(self, request: Thought) -> Scene:
        tools = read_tools(request.tools)
        self._specs.update({t.name: t for t in tools})
        system = [e.text for e in request.history if isinstance(e, Said) and e.role == "system"]
        instructions = "\n".join([request.instructions, *system])
        guidance = read_guidance(instructions, request.now.date())
        return Scene(
            tools, dict(self._specs), guidance, instructions, guidance.today or request.now.date(), self._matcher
        )

    def _ordered(self, scene: Scene, state: State, order: Order) -> Decision | None:
        """A response whose own instructions say what it shall be."""
        if order.kind == "goodbye":
            return Decision([order.exact or scene.guidance.goodbye or "Thank you for calling. Goodbye!"])
        if order.kind == "greet":
            return Decision([scene.guidance.greeting or "Hello, how can I help you?"])
        if order.kind == "apologise" and not state.unsaid and not state.stack:
            return Decision(["I'm sorry about that.", "How can I help you?"])
        if order.kind == "narrower":
            state.unclear, state.misses = not state.stack, max(state.misses, 2)
        return None

    def _behind_the_line(self, scene: Scene, state: State, request: Thought) -> list[Say | CallTool]:
        """A consult: call what is needed without asking, then answer, as JSON when that was wanted."""
        decision = decide(scene, state, Order())
        if decision.call is None and state.top is not None and not state.unsaid:
            tool = scene.tool(state.top.tool)
            if tool is not None and not tool.confirms:
                args = state.fill(scene, state.top, tool)
                if not args.missing:
                    decision = Decision(call=CallTool(tool.name, json.dumps(args.args)))
        if decision.call is not None:
            return [decision.call]
        said = " ".join(state.unsaid or decision.says)
        shaped = answer_as_json(scene, request.instructions + "\n" + (request.response_instructions or ""), said, state)
        return [Say(shaped)] if shaped else [Say(s) for s in sentences(said)]

    def _aside(self, text: str) -> list[Say | CallTool]:
        self._asides[_key(text)] = None
        return [Say(s) for s in sentences(text)]

    def _remember(self, decision: Decision) -> None:
        self._asked[_key(" ".join(decision.says))] = decision.asked
        while len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        kinds = decision.asked.kinds
        self._expects = "name" if kinds & _NAMES else "digits" if kinds & _DIGITS else None

    def _recall(self, text: str) -> Asked | None:
        """What was asked with these words, also when the caller heard only the beginning of them."""
        key = _key(text)
        if key in self._asked:
            return self._asked[key]
        longer = [k for k in reversed(self._asked) if key and k.startswith(key)]
        if longer:
            return self._asked[longer[0]]
        ending = [k for k in reversed(self._asked) if k and key.endswith(k)]
        return self._asked[ending[0]] if ending else None

    def _is_aside(self, text: str) -> bool:
        key = _key(text)
        return bool(key) and any(a.startswith(key) for a in self._asides)


def prepare(matcher: Matcher, tools: Sequence[Mapping[str, Any]], instructions: str) -> None:
    """Embed what will be compared with the caller's words."""
    matcher.prepare(read_tools(tools))
    guidance = read_guidance(instructions, _ANY_DAY)
    for text in (*guidance.facts, *(r.when for r in guidance.rules)):
        matcher.likeness(text, [text])


def _just_taken_over(request: Thought) -> bool:
    """Whether nothing was said since the call last changed hands."""
    for entry in reversed(request.history):
        if isinstance(entry, Said) and entry.role == "assistant":
            return False
        if isinstance(entry, ToolUse):
            return is_hand_over(entry.name)
    return False


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", normalise(text).lower()).strip()


def _obey(scene: Scene, state: State, decision: Decision, choice: str | Mapping[str, Any]) -> Decision:
    """Keep to `tool_choice`: no tool, some tool, or a named one."""
    if choice == "none" and decision.call is not None:
        says = decision.says or ["I'm sorry, I can't do that right now."]
        return Decision(says, None, NOTHING)
    name = _named(choice)
    if name is None and choice == "required" and decision.call is None and scene.tools:
        ranked = scene.matcher.rank(state.turn.said, scene.tools) if state.turn else []
        name = state.top.tool if state.top else (ranked[0].tool.name if ranked else scene.tools[0].name)
    tool = scene.tool(name) if name else None
    if tool is None or (decision.call is not None and decision.call.name == tool.name):
        return decision
    goal = (
        state.top
        if state.top and state.top.tool == tool.name
        else Goal(tool.name, state.turn.index if state.turn else 0, 0)
    )
    return Decision([], CallTool(tool.name, json.dumps(force(scene, state, goal, tool))), NOTHING)


def _named(choice: str | Mapping[str, Any]) -> str | None:
    if isinstance(choice, Mapping):
        function = choice.get("function")
        name = choice.get("name") or (function.get("name") if isinstance(function, Mapping) else None)
        return str(name) if name else None
    return None


def polish(says: Sequence[str], guidance: Guidance) -> list[str]:
    """Keep to what the prompt says about every answer: banned words, one sentence."""
    kept = [s for text in says for s in sentences(text) if not any(b in s.lower() for b in guidance.banned)]
    if guidance.one_sentence and len(kept) > 1:
        if kept[-1].endswith("?"):
            return [f"{kept[-2].rstrip('.!')}, {kept[-1][0].lower()}{kept[-1][1:]}" if len(kept) == 2 else kept[-1]]
        return kept[:1]
    return kept or list(says[:1])
