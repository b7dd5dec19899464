"""A realtime server that keeps the protocol's order and nothing else: it rejects, swallows, stalls, repeats, drops."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt

TRANSFERS = ("transfer_to_", "return_to_")


@dataclass
class Faults:
    """What the server does next. `updates` and `replies` are used up one by one; then all goes well.

    `updates`: ok, reject, swallow. `replies`: speak, tool, transfer. `dropped` counts down events of a type that are
    never sent; `twice` repeats what is sent; while `stalled` nothing goes out.
    """

    updates: deque[str] = field(default_factory=deque)
    replies: deque[str] = field(default_factory=deque)
    dropped: dict[type, int] = field(default_factory=dict)
    twice: bool = False
    stalled: bool = False


class FaultyServer:
    """`RealtimeModel` and its one `ModelSession`. Whoever speaks says who it is, by the instructions that it has.

    `spoke_for` is the agent by whose instructions each response was made, `handoffs` says when a receiver was asked,
    `outputs` are the answers of tool calls in the conversation by item. `on_handled` is called when the call has
    dealt with an event and asks for the next.
    """

    def __init__(self, on_handled: Callable[[], None], now_ms: Callable[[], int]) -> None:
        self.profile = Profile(name="faulty", model="faulty")
        self.faults = Faults()
        self.config = rt.EffectiveSession(id="sess", object="realtime.session", model="faulty")
        self.spoke_for: dict[str, str] = {}
        self.made_call: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.handoffs: dict[str, int] = {}
        self._on_handled = on_handled
        self._now_ms = now_ms
        self._out: deque[rt.ServerEvent] = deque()
        self._wake = asyncio.Event()
        self._lost = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        yield self

    # -- the call's side --------------------------------------------------------------------------------------------

    def send(self, event: rt.ClientEvent) -> None:
        if self._lost:
            raise ModelLost("socket_lost")
        match event:
            case rt.SessionUpdate():
                self._update(event)
            case rt.ResponseCreate():
                self._respond(event)
            case rt.ConversationItemCreate() if isinstance(event.item, rt.FunctionCallOutputItem):
                self.outputs[str(event.item.id)] = event.item.call_id
                self.push(*make.usual_answer(self.config, event))
            case rt.ConversationItemDelete():
                self.outputs.pop(event.item_id, None)
                self.push(*make.usual_answer(self.config, event))
            case _:
                self.push(*make.usual_answer(self.config, event))

    async def receive(self) -> rt.ServerEvent:
        self._on_handled()
        while not self._lost and (self.faults.stalled or not self._out):
            self._wake.clear()
            await self._wake.wait()
        if self._lost:
            raise ModelLost("socket_lost")
        return self._out.popleft()

    # -- the test's side --------------------------------------------------------------------------------------------

    def push(self, *events: rt.ServerEvent) -> None:
        for event in events:
            if self.faults.dropped.get(type(event), 0):
                self.faults.dropped[type(event)] -= 1
                continue
            event.event_id = new_id("event")
            self._out.append(event)
            if self.faults.twice:
                again = isinstance(event, rt.SessionUpdated | rt.ResponseCreated | rt.ResponseDone | rt.Error)
                self._out.append(msgspec.structs.replace(event, event_id=new_id("event")) if again else event)
        self._wake.set()

    def let_go(self) -> None:
        self.faults.stalled = False
        self._wake.set()

    def lose(self) -> None:
        self._lost = True
        self._wake.set()

    # -- the server -------------------------------------------------------------------------------------------------

    def _update(self, event: rt.SessionUpdate) -> None:
        verdict = self.faults.updates.popleft() if self.faults.updates else "ok"
        if verdict == "reject":
            self.push(make.error("invalid_value", str(event.event_id)))
        elif verdict == "ok":
            self.push(*make.usual_answer(self.config, event))

    def _respond(self, event: rt.ResponseCreate) -> None:
        asked = event.response
        assert isinstance(asked, rt.ResponseConfig)
        said = asked.instructions if asked.instructions is not rt.UNSET else self.config.instructions
        agent = agent_of(str(said)) or agent_of(str(self.config.instructions))
        tools = asked.tools if asked.tools is not rt.UNSET else self.config.tools
        response_id = new_id("resp")
        self.spoke_for[response_id] = agent
        item = self._reply(agent, list(tools or []) if asked.tool_choice != "none" else [])
        metadata = asked.metadata if isinstance(asked.metadata, dict) else {}
        if metadata.get("reason") == "handoff":
            self.handoffs[response_id] = self._now_ms()
        self.push(*make.response([item], response_id=response_id, metadata=metadata))

    def _reply(self, agent: str, tools: Sequence[Any]) -> tuple[rt.Item, bytes]:
        wish = self.faults.replies.popleft() if self.faults.replies else "speak"
        names = [tool.name for tool in tools]
        moves = [name for name in names if name.startswith(TRANSFERS)]
        if wish == "transfer" and moves:
            return self._call(agent, moves[-1], '{"question": "why?", "outcome": "known"}')
        if wish == "tool" and "look" in names:
            return self._call(agent, "look", '{"what": "it"}')
        return make.spoken(f"I am {agent}.", b"\x10\x10" * 24 * 100)

    def _call(self, agent: str, name: str, arguments: str) -> tuple[rt.Item, bytes]:
        item = rt.FunctionCallItem(id=new_id("item"), name=name, arguments=arguments, call_id=new_id("fc"))
        self.made_call[str(item.call_id)] = agent
        return item, b""


def agent_of(instructions: str) -> str:
    """Whose instructions these are, by their first sentence."""
    return instructions.removeprefix("You are the ").split(".")[0] if instructions.startswith("You are the ") else ""
