"""The desks of one running call, wired together: what comes from the line, and what ends the call."""

import asyncio
import contextlib

from huntgroup.calls import config, hooks
from huntgroup.calls.bargein import BargeIn
from huntgroup.calls.consults import ConsultDesk
from huntgroup.calls.conversation import Conversation
from huntgroup.calls.events import ModelEvents
from huntgroup.calls.gap import GapMeter
from huntgroup.calls.guardrails import GuardrailDesk
from huntgroup.calls.handoffs import HandoffDesk
from huntgroup.calls.keys import KeyPad
from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.moving import GIVEN_UP, quiet_moment
from huntgroup.calls.outlet import Outlet
from huntgroup.calls.ports import LineAudio, LineBadInput, LineDtmf, LineEnded, LineMark, ModelSession
from huntgroup.calls.pulse import Pulse
from huntgroup.calls.replies import Replies
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.calls.resumption import Resumption, first_asks
from huntgroup.calls.seeding import seed_items
from huntgroup.calls.silence import SilenceWatch
from huntgroup.calls.tools import ToolDesk
from huntgroup.calls.updates import SessionUpdates, Update, UpdateRejected
from huntgroup.calls.utterance import Spoken
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.media.transcode import Transcoder
from huntgroup.teams import VoiceAgent
from huntgroup.wire.realtime import ConversationItemCreate, InputAudioBufferAppend

MAX_BAD_INPUTS = 50
HANG_UP_LIMIT_S = 20
TRANSCRIPT_WAIT_MS = 1_500
POLL_MS = 50
GOODBYE_GRACE_MS = 15_000


class Desk:
    """The desks of one running call, wired together; `ended` is done with the reason when the call is to end."""

    def __init__(self, live: LiveCall, model: ModelSession, *, passthrough: bool) -> None:
        self.live = live
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        live.model = Outlet(model, self._model_lost)
        sound = config.model_format(live.line.format, live.profile, passthrough=passthrough)
        self._sound = sound
        self._in = Transcoder(live.line.format, sound)
        self._fed = False
        self._bad_inputs = 0
        self._lost = False
        self._conversation = Conversation()
        self._responses = ResponseQueue(live.model, live.owner)
        self._mouth = Mouth(live.line, sound, self._spoken, lambda: self._gap.heard())
        self._tools = ToolDesk(live, self._mouth, self._responses)
        self._barge_in = BargeIn(live, self._mouth, self._responses, self._tools)
        self._consults = ConsultDesk(live)
        self._updates = SessionUpdates(live.model)
        self._gap = GapMeter(live, self._mouth, lambda: self._conversation.last_end_ms)
        self._handoffs = HandoffDesk(
            live,
            self._mouth,
            self._responses,
            self._tools,
            self._updates,
            self._gap,
            self._conversation.item_ids,
        )
        self._keys = KeyPad(live, self._responses)
        self._silence = SilenceWatch(live, self._responses, self._busy)
        self._replies = self._wire_replies()
        self._events = self._wire_events()

    def _wire_replies(self) -> Replies:
        return Replies(
            self.live,
            mouth=self._mouth,
            responses=self._responses,
            tools=self._tools,
            handoffs=self._handoffs,
            consults=self._consults,
            on_settled=self._maybe_end,
            on_failing=lambda: self._end("model_lost"),
        )

    def _wire_events(self) -> ModelEvents:
        return ModelEvents(
            self.live,
            mouth=self._mouth,
            responses=self._responses,
            replies=self._replies,
            updates=self._updates,
            consults=self._consults,
            guardrails=GuardrailDesk(self.live, self._barge_in.retract),
            silence=self._silence,
            conversation=self._conversation,
            on_barge_in=self._barge_in.interrupt,
        )

    def open(self, resumption: Resumption | None = None) -> None:
        """Configure the model, have the agent answer, or go on with a call that was resumed, and start the tasks."""
        live = self.live
        first = self._updates.send(config.session_config(live.team, live.toolset, live.profile, self._sound))
        pulse = Pulse(
            live,
            mouth=self._mouth,
            responses=self._responses,
            replies=self._replies,
            silence=self._silence,
            on_idle_end=self._maybe_end,
            on_frozen=self._line_frozen,
        )
        live.tasks.spawn_line(live.line.pump(), "line out")
        live.tasks.spawn_line(self._read_line(), "line in")
        live.tasks.spawn(self._read_model(), "model in")
        live.tasks.spawn(self._configured(first), "first configuration")
        live.tasks.spawn(pulse.run(), "pulse")
        live.tasks.spawn(self._limit_length(), "length")
        live.tasks.spawn(hooks.agent_started(live.run_context(), live.agent), "first hook")
        if resumption is not None:
            self._pick_up(resumption)
            return
        self._responses.ask(Ask(reason="opener", agent=live.owner, instructions=self._opener()))

    def _pick_up(self, resumption: Resumption) -> None:
        """Tell the model what was said and done so far, and have the agent go on from there."""
        for item in seed_items(self.live.log.facts, self.live.team):
            self.live.model.send(ConversationItemCreate(event_id=new_id("seed"), item=item))
        for ask in first_asks(resumption.state):
            self._responses.ask(ask)

    def end_after_words(self, reason: str) -> None:
        """End the call when what is being said and done is over."""
        if self.live.ending is None or self.live.ending == "silence":
            self.live.ending = reason

    def end(self, reason: str) -> None:
        """End the call now."""
        self._end(reason)

    async def leave(self, reason: str, patience_ms: int) -> None:
        """End the call for this process at a moment at which nobody speaks and nothing is done, or after a while."""
        await quiet_moment(self.live.clock, patience_ms, busy=self._busy, working=self._working)
        self._end(reason)

    async def finish(self) -> None:
        """Stop all work, then let the last words be heard; `settle` must follow."""
        self._responses.hold()
        self._replies.closing = True
        await self._last_transcripts()
        await self.live.tasks.stop_work()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.live.line.hang_up(), HANG_UP_LIMIT_S)

    def settle(self) -> None:
        """Bring the record to its end: words cut where they stand, every tool call answered, turns told."""
        self._mouth.settle()
        if self.ended.done() and not self.ended.cancelled() and self.ended.result() in GIVEN_UP:
            # Another process finds out what became of open tool calls and moves, and answers for them.
            self._tools.abandon()
        else:
            self._handoffs.settle()
            self._tools.settle()
        for turn in self._conversation.untold():
            self._events.tell_turn(turn, "")
        self.live.tasks.stop_line()

    async def _last_transcripts(self) -> None:
        """What the caller said last may still be on its way from the transcriber."""
        for _ in range(TRANSCRIPT_WAIT_MS // POLL_MS):
            if self._lost or not any(turn.number for turn in self._conversation.untold()):
                return
            await self.live.clock.sleep_ms(POLL_MS)

    # -- tasks ----------------------------------------------------------------------------------------------------

    async def _read_line(self) -> None:
        while True:
            event = await self.live.line.receive()
            match event:
                case LineAudio(audio):
                    self._feed(audio)
                case LineMark(name):
                    self._mouth.marked(name)
                    self._maybe_end()
                case LineDtmf(digit):
                    self._silence.reset()
                    self._barge_in.silence_for_keys()
                    self._keys.press(digit)
                case LineBadInput(code, detail):
                    self._bad_input(code, detail)
                case LineEnded(reason, lost):
                    if lost:
                        self.live.log.add(facts.LineLost, reason=reason)
                    self._end("line_lost" if lost else self.live.ending or "caller_hung_up")
                    return

    def _feed(self, audio: bytes) -> None:
        if not self._fed:
            self._fed = True
            self._conversation.origin_ms = max(0, self.live.line.now_ms() - 20)
        self.live.model.send(InputAudioBufferAppend(audio=self._in.push(audio)))

    async def _read_model(self) -> None:
        try:
            while True:
                self._events.handle(await self.live.model.receive())
        except ModelLost as error:
            self._model_lost(error.reason)

    async def _configured(self, first: Update) -> None:
        try:
            await first.accepted
        except UpdateRejected as error:
            self.live.log.add(facts.ModelError, code=str(error), detail="session.update")
            self._end("model_lost")

    async def _limit_length(self) -> None:
        await self.live.clock.sleep_ms(self.live.team.max_call_ms - self.live.line.now_ms())
        words = "We have reached the longest time that I can stay on the line. Please call again. Goodbye."
        self.end_after_words("too_long")
        self._responses.ask(
            Ask(
                reason="goodbye",
                agent=self.live.owner,
                instructions=f'Say exactly: "{words}"',
                tools=False,
            )
        )
        await self.live.clock.sleep_ms(GOODBYE_GRACE_MS)
        self._end("too_long")

    # -- what happens -----------------------------------------------------------------------------------------------

    def _spoken(self, spoken: Spoken) -> None:
        self.live.log.add(
            facts.AgentSpoke,
            owned_by=spoken.utterance.agent,
            turn=self.live.turn,
            response_id=spoken.utterance.response_id,
            item_id=spoken.utterance.item_id,
            text=spoken.utterance.text.strip(),
            heard_text=spoken.heard_text.strip(),
            generated_ms=spoken.generated_ms,
            heard_ms=spoken.heard_ms,
            start_ms=spoken.start_ms,
            end_ms=spoken.end_ms,
            interrupted=spoken.interrupted,
        )

    def _bad_input(self, code: str, detail: str) -> None:
        """Record rubbish from the line; a flood of it is recorded only in its beginning."""
        self._bad_inputs += 1
        if self._bad_inputs <= MAX_BAD_INPUTS:
            self.live.log.add(facts.BadInput, source="line", code=code, detail=detail[:200])

    def _busy(self) -> bool:
        return (
            self._events.caller_speaking
            or self._responses.busy
            or self._tools.busy
            or self._handoffs.busy
            or self._keys.busy
            or self._mouth.playing
        )

    def _working(self) -> bool:
        return self._tools.busy or self._handoffs.busy

    def _maybe_end(self) -> None:
        if self.live.ending is not None and not self._busy():
            self._end(self.live.ending)

    def _line_frozen(self) -> None:
        self.live.log.add(facts.LineLost, reason="no_frames")
        self._end("line_lost")

    def _model_lost(self, reason: str) -> None:
        self._lost = True
        if not self.ended.done():
            self.live.log.add(facts.ModelLost, reason=reason)
        self._end("model_lost")

    def _end(self, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result(reason)

    def _opener(self) -> str | None:
        agent = self.live.agent
        words = agent.opener if isinstance(agent, VoiceAgent) else None
        return f'Greet the caller. Say exactly: "{words}"' if words else None
