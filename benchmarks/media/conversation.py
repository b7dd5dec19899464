"""What the scripted model does in one session: turns of a caller, replies, tools, transfers and barge-ins.

A long conversation repeats four turns: a plain reply, a reply after a tool, a reply that comes in a burst and is cut
into, and a reply of the next agent after a transfer. Replies come at real speed, a delta each 20 ms, except the burst.
A short one is a turn with a tool, a transfer and a goodbye, as fast as the server goes along.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from benchmarks.media import events
from benchmarks.media.tags import FRAME_MS, Track

if TYPE_CHECKING:
    from benchmarks.media.model import Session

CALLER_TALKS_S = 0.3
PATIENCE_S = 5.0
BURST_MS = 100
BURST_FRAMES = 30
WORDS = "Here is what we can do for you today. "
WORDS_EVERY = 12


class Conversation:
    """Plays a script to one session. `asked`, `updated` and `cancel` are what the client does."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._wishes: deque[dict[str, Any]] = deque()
        self._wished = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._opener: asyncio.Task[None] | None = None
        self._cancelled = False
        self._updated_at = self._asked_at = 0.0
        self._replies = 0
        self.spoken = Track()
        self.barge_ins: list[float] = []
        self.handoffs: list[float | None] = []
        self.tools: list[float | None] = []
        self.stalled = 0
        self.turns = 0

    def start(self, script: str, delay_s: float) -> None:
        """Begin to talk."""
        play = self._long if script == "long" else self._short
        self._task = asyncio.get_running_loop().create_task(play(delay_s))

    def stop(self) -> None:
        """Say nothing more."""
        for task in (self._task, self._opener):
            if task is not None:
                task.cancel()

    def asked(self, wish: dict[str, Any], at: float) -> None:
        """The client wants a response."""
        self._asked_at = at
        self._wishes.append(wish)
        self._wished.set()
        if self._task is None:
            self._opener = asyncio.get_running_loop().create_task(self._reply(5))

    def updated(self, at: float) -> None:
        """The client changed the session."""
        self._updated_at = at

    def cancel(self) -> None:
        """The client wants no more of the response that is being made."""
        self._cancelled = True

    # -- scripts --------------------------------------------------------------------------------------------------

    async def _long(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        if self._opener is not None:
            await asyncio.wait({self._opener})
        while not self._session.is_gone:
            await self._turn()
            await self._reply(200)
            await self._turn()
            await self._tool()
            await self._reply(150)
            await self._turn()
            await self._burst()
            await self._turn(speaking=True)
            await self._transfer()
            await self._reply(150)

    async def _short(self, delay_s: float) -> None:
        await self._reply(5)
        await self._turn(talk_s=0.02)
        await self._tool()
        await self._reply(5)
        await self._turn(talk_s=0.02)
        await self._transfer()
        await self._reply(5)
        await self._turn(talk_s=0.02)
        await self._call("say_goodbye", self.tools)
        await self._reply(5)

    # -- what happens in them -------------------------------------------------------------------------------------

    async def _turn(self, talk_s: float = CALLER_TALKS_S, *, speaking: bool = False) -> None:
        """The caller says something (`speaking`: the beginning was told already)."""
        self.turns += 1
        say = self._session.say
        item_id = self._item_id if speaking else self._begin_turn()
        await asyncio.sleep(talk_s)
        say(events.event("input_audio_buffer.speech_stopped", item_id=item_id, audio_end_ms=1000))
        self._wishes.clear()
        self._wished.clear()
        say(events.event("input_audio_buffer.committed", item_id=item_id, previous_item_id=None))
        for kind in ("conversation.item.added", "conversation.item.done"):
            say(events.event(kind, previous_item_id=None, item=events.heard_item(item_id)))
        say(
            events.event(
                "conversation.item.input_audio_transcription.completed",
                item_id=item_id,
                content_index=0,
                transcript="I would like to come in next week, please.",
                usage={"type": "duration", "seconds": 1},
            )
        )
        if self._session.creates_responses:
            self._wishes.append({})
            self._wished.set()

    def _begin_turn(self) -> str:
        self._item_id = events.new_id("item")
        self._session.say(events.event("input_audio_buffer.speech_started", item_id=self._item_id, audio_start_ms=700))
        return self._item_id

    async def _next_wish(self) -> dict[str, Any] | None:
        """What the client asked for; None when it asks for nothing, which is counted."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self._wishes:
                    self._wished.clear()
                    await self._wished.wait()
        except TimeoutError:
            self.stalled += 1
            return None
        return self._wishes.popleft()

    async def _tool(self) -> None:
        if "look_up" in self._session.tools:
            await self._call("look_up", self.tools)

    async def _transfer(self) -> None:
        name = next((name for name in self._session.tools if name.startswith("transfer_to")), None)
        if name is not None:
            await self._call(name, self.handoffs, needs_update=True)

    async def _call(self, name: str, times: list[float | None], *, needs_update: bool = False) -> None:
        """Call a function, and note how long it takes until the client asks for what comes next."""
        wish = await self._next_wish()
        if wish is None:
            return
        response_id, item_id, call_id = (events.new_id(kind) for kind in ("resp", "item", "call"))
        arguments = '{"number": 7}' if name == "look_up" else "{}"
        done = events.call_item(item_id, call_id, name, arguments, "completed")
        begun = events.call_item(item_id, call_id, name, "", "in_progress")
        keys = {"response_id": response_id, "output_index": 0}
        say = self._session.say
        say(events.event("response.created", response=events.response(response_id, "in_progress", _meta(wish), [])))
        say(events.event("response.output_item.added", **keys, item=begun))
        say(events.event("conversation.item.added", previous_item_id=None, item=begun))
        say(
            events.event(
                "response.function_call_arguments.done",
                **keys,
                item_id=item_id,
                call_id=call_id,
                name=name,
                arguments=arguments,
            )
        )
        say(events.event("conversation.item.done", previous_item_id=None, item=done))
        say(events.event("response.output_item.done", **keys, item=done))
        say(events.event("response.done", response=events.response(response_id, "completed", _meta(wish), [done])))
        sent_at = time.monotonic()
        if name == "say_goodbye":
            return
        again = await self._next_wish()
        if again is None or (needs_update and self._updated_at < sent_at):
            times.append(None)
        else:
            times.append(1000 * (self._asked_at - sent_at))
        if again is not None:
            self._wishes.appendleft(again)

    async def _burst(self) -> None:
        """A reply that comes faster than it sounds, into which the caller speaks."""
        wish = await self._next_wish()
        if wish is None:
            return
        said = Saying(self._session, wish, self._replies)
        self._replies += 1
        said.words(WORDS)
        for _ in range(BURST_FRAMES):
            said.sound(BURST_MS)
            await asyncio.sleep(BURST_MS / 4000)
        await asyncio.sleep(0.25)
        self.barge_ins.append(time.monotonic())
        self._begin_turn()
        said.end("cancelled")

    async def _reply(self, frames: int) -> None:
        """A reply at real speed."""
        wish = await self._next_wish()
        if wish is None:
            return
        said = Saying(self._session, wish, self._replies)
        stretch, self._replies, self._cancelled = self._replies, self._replies + 1, False
        due = time.monotonic()
        for number in range(frames):
            if self._cancelled or self._session.is_gone:
                break
            if number % WORDS_EVERY == 0:
                said.words(WORDS)
            self.spoken.note(stretch, time.monotonic())
            said.sound(FRAME_MS)
            due += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        said.end("cancelled" if self._cancelled else "completed")


class Saying:
    """One spoken response on its way to the client."""

    def __init__(self, session: Session, wish: dict[str, Any], stretch: int) -> None:
        self._session = session
        self._meta = _meta(wish)
        self._text = ""
        self._response_id, self._item_id = events.new_id("resp"), events.new_id("item")
        self._keys = {"response_id": self._response_id, "item_id": self._item_id, "output_index": 0, "content_index": 0}
        self._head = events.audio_head(self._response_id, self._item_id)
        self._stretch = stretch
        item = events.spoken_item(self._item_id, "in_progress")
        created = events.response(self._response_id, "in_progress", self._meta, [])
        say = session.say
        say(events.event("response.created", response=created))
        say(events.event("response.output_item.added", response_id=self._response_id, output_index=0, item=item))
        say(events.event("conversation.item.added", previous_item_id=None, item=item))
        say(events.event("response.content_part.added", **self._keys, part={"type": "audio", "transcript": ""}))

    def words(self, text: str) -> None:
        self._text += text
        self._session.say(events.event("response.output_audio_transcript.delta", **self._keys, delta=text))

    def sound(self, ms: int) -> None:
        payload = self._session.sound.frame(self._stretch, ms)
        self._session.say(self._head + payload + events.AUDIO_TAIL)

    def end(self, status: str) -> None:
        say = self._session.say
        item = events.spoken_item(self._item_id, "completed" if status == "completed" else "incomplete", self._text)
        say(events.event("response.output_audio.done", **self._keys))
        say(events.event("response.output_audio_transcript.done", **self._keys, transcript=self._text))
        part = {"type": "audio", "transcript": self._text}
        say(events.event("response.content_part.done", **self._keys, part=part))
        say(events.event("conversation.item.done", previous_item_id=None, item=item))
        say(events.event("response.output_item.done", response_id=self._response_id, output_index=0, item=item))
        done = events.response(self._response_id, status, self._meta, [item])
        say(events.event("response.done", response=done))


def _meta(wish: dict[str, Any]) -> dict[str, str] | None:
    return wish.get("metadata")
