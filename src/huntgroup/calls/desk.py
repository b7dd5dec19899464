"""The desks of one running call, wired together: what comes from the line, and what ends the call."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from huntgroup.calls import config, hooks
from huntgroup.calls.announcer import Announcer
from huntgroup.calls.asks import Ask
from huntgroup.calls.bargein import BargeIn
from huntgroup.calls.callersound import CallerSound
from huntgroup.calls.consent import announcement
from huntgroup.calls.consults import ConsultDesk
from huntgroup.calls.conversation import Conversation
from huntgroup.calls.echo import EchoWatch
from huntgroup.calls.events import ModelEvents
from huntgroup.calls.floor import Floor
from huntgroup.calls.gap import GapMeter
from huntgroup.calls.guardrails import GuardrailDesk
from huntgroup.calls.handoffs import HandoffDesk
from huntgroup.calls.keys import KeyPad
from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.moving import GIVEN_UP, quiet_moment
from huntgroup.calls.placing import Keep
from huntgroup.calls.ports import HousePhrases, LineAudio, LineBadInput, LineDtmf, LineEnded, LineMark, RealtimeModel
from huntgroup.calls.pulse import Pulse
from huntgroup.calls.recovery import Recovery
from huntgroup.calls.replies import Replies
from huntgroup.calls.responses import ResponseQueue
from huntgroup.calls.resumption import Resumption, first_asks
from huntgroup.calls.retract import Retraction
from huntgroup.calls.rollover import Rollover
from huntgroup.calls.silence import SilenceWatch
from huntgroup.calls.standbys import Allowance, Standbys
from huntgroup.calls.standing import Standing
from huntgroup.calls.succession import MODEL_LOST, Succession
from huntgroup.calls.switchboard import Connection, Switchboard
from huntgroup.calls.switching import Switch
from huntgroup.calls.tools import ToolDesk
from huntgroup.calls.updates import SessionUpdates, Update, UpdateRejected
from huntgroup.calls.utterance import Spoken
from huntgroup.domain import facts
from huntgroup.domain.errors import TellModel
from huntgroup.teams import KeyTransfer, VoiceAgent
from huntgroup.wire.realtime import ServerEvent

MAX_BAD_INPUTS = 50
HANG_UP_LIMIT_S = 20
TRANSCRIPT_WAIT_MS = 1_500
POLL_MS = 50
GOODBYE_GRACE_MS = 15_000


class Desk:
    """The desks of one running call, wired together; `ended` is done with the reason when the call is to end."""

    def __init__(
        self,
        live: LiveCall,
        model: RealtimeModel,
        phrases: HousePhrases,
        standbys: Allowance,
        *,
        passthrough: bool,
    ) -> None:
        self.live = live
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._conversation = Conversation()
        self._switchboard = live.model = Switchboard(
            model,
            live.clock,
            live.tasks,
            on_event=self._model_event,
            on_lost=lambda reason: self._recovery.lost(reason),
            knows=lambda item_id: self._succession.knows(item_id),
        )
        sound = config.model_format(live.line.format, live.profile, passthrough=passthrough)
        self._sound = sound
        self._caller = CallerSound(live, sound, self._conversation)
        self._bad_inputs = 0
        self._responses = ResponseQueue(live.model, live.owner)
        self._mouth = Mouth(
            live.line, sound, self._spoken, lambda: self._gap.heard(), lambda cuts: self._barge_in.taken(cuts)
        )
        self._tools = ToolDesk(live, self._mouth, self._responses, lambda reply: self._guardrails.cleared(reply))
        self._barge_in = BargeIn(live, self._mouth, self._responses, self._tools)
        retraction = Retraction(live, self._mouth, self._responses, self._tools, self._barge_in)
        self._guardrails = GuardrailDesk(live, self._mouth, self._responses, retraction)
        self._floor = Floor(live, self._mouth, self._responses, self._barge_in)
        self._consults = ConsultDesk(live)
        self._updates = SessionUpdates(live.model)
        self._gap = GapMeter(live, self._mouth, lambda: self._conversation.last_end_ms)
        self._standing = Standing(live, self._updates)
        self._responses.server.spelled_out = self._standing.spelled_out
        keep = Keep(live, self._responses, self._tools, self._updates, self._standing)
        self._standbys = Standbys(live, self._switchboard, sound, standbys)
        self._handoffs = HandoffDesk(
            live,
            self._mouth,
            self._responses,
            self._tools,
            self._standing,
            self._gap,
            placings={"keep": keep, "switch": self._wire_switch(keep)},
        )
        self._echo = EchoWatch(live)
        self._keys = KeyPad(live, self._responses, self._key_transfer)
        live.approvals.on_asked = lambda pending: self._responses.ask(announcement(live, pending.words))
        self._silence = SilenceWatch(live, self._responses, self._busy)
        self._replies = self._wire_replies()
        self._events = self._wire_events()
        self._succession = self._wire_succession()
        self._recovery = self._wire_recovery(phrases)
        self._rollover = Rollover(
            live,
            self._switchboard,
            self._succession,
            quiet=self._nothing_under_way,
            on_connected=self._connected,
        )

    def _wire_switch(self, keep: Keep) -> Switch:
        return Switch(
            self.live,
            keep,
            self._switchboard,
            lambda: self._succession,
            self._standbys,
            self._responses,
            self._tools,
            self._sound,
            unheard=self._unheard,
            on_connected=self._connected,
        )

    def _wire_replies(self) -> Replies:
        return Replies(
            self.live,
            mouth=self._mouth,
            responses=self._responses,
            tools=self._tools,
            handoffs=self._handoffs,
            consults=self._consults,
            on_settled=self._settled,
            on_failing=lambda: self._recovery.failing(),
        )

    def _wire_events(self) -> ModelEvents:
        return ModelEvents(
            self.live,
            mouth=self._mouth,
            responses=self._responses,
            replies=self._replies,
            updates=self._updates,
            consults=self._consults,
            guardrails=self._guardrails,
            silence=self._silence,
            conversation=self._conversation,
            floor=self._floor,
            barge_in=self._barge_in,
        )

    def _wire_succession(self) -> Succession:
        return Succession(
            self.live,
            self._switchboard,
            self._sound,
            mouth=self._mouth,
            responses=self._responses,
            replies=self._replies,
            tools=self._tools,
            updates=self._updates,
            consults=self._consults,
            conversation=self._conversation,
            caller=self._caller,
            floor=self._floor,
            on_broken_off=lambda response_id: self._guardrails.agent.over(response_id, "incomplete"),
            pending_keys=lambda: self._keys.pending,
            on_configuration=self._configure,
            on_unheard=lambda turn: self._events.tell_turn(turn, ""),
        )

    def _wire_recovery(self, phrases: HousePhrases) -> Recovery:
        return Recovery(
            self.live,
            self._switchboard,
            self._succession,
            self._mouth,
            Announcer(self.live, self._mouth, self._sound, phrases),
            on_connected=self._connected,
            on_over=self._model_over,
            caller_speaks=lambda: self._responses.paused,
        )

    def open(self, resumption: Resumption | None = None) -> None:
        """Start the call's tasks, and have the agent answer, or go on, as soon as there is a model."""
        live = self.live
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
        live.tasks.spawn(pulse.run(), "pulse")
        live.tasks.spawn(self._limit_length(), "length")
        live.tasks.spawn(hooks.agent_started(live.run_context(), live.agent), "first hook")
        self._recovery.start()
        opener = Ask(reason="opener", agent=live.owner, instructions=self._opener())
        for ask in [opener] if resumption is None else first_asks(resumption.state):
            self._responses.ask(ask)

    @property
    def certain(self) -> bool:
        """Whether the model's server is known to stand on the owner's instructions and tools."""
        doubtful = self._handoffs.busy or self._standing.in_doubt or self._updates.outstanding
        return self._switchboard.connected and not doubtful

    def transfer(self, to: str, brief: Mapping[str, Any], by: str) -> asyncio.Future[bool]:
        """Begin a handoff that no model asked for; the result is True once it is committed. See `HandoffDesk`."""
        return self._handoffs.transfer(to, brief, by).outcome

    def end_after_words(self, reason: str) -> None:
        """End the call when what is being said and done is over."""
        if self.live.ending is None or self.live.ending == "silence":
            self.live.ending = reason

    def heard_of(self, response_id: str) -> int:
        """Return how many milliseconds of a response the caller has heard so far."""
        return self._mouth.heard_of(response_id)

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
        self._recovery.close()
        await self._last_transcripts()
        self._switchboard.drop()
        await self.live.tasks.stop_work()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.live.line.hang_up(), HANG_UP_LIMIT_S)

    def settle(self) -> None:
        """Bring the record to its end: words cut where they stand, every tool call answered, turns told."""
        self._replies.closing = True
        self._mouth.settle()
        self._floor.settle()
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
            if not self._switchboard.connected or not any(turn.number for turn in self._conversation.untold()):
                return
            await self.live.clock.sleep_ms(POLL_MS)

    # -- tasks ----------------------------------------------------------------------------------------------------

    async def _read_line(self) -> None:
        while True:
            event = await self.live.line.receive()
            match event:
                case LineAudio(audio):
                    self._caller.push(audio)
                    self._floor.frame(audio)
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

    def _configure(self, update: Update) -> None:
        self.live.tasks.spawn(self._configured(update), "configuration")

    async def _configured(self, first: Update) -> None:
        try:
            await first.accepted
        except UpdateRejected as error:
            if str(error) == MODEL_LOST:
                return
            self.live.log.add(facts.ModelError, code=str(error), detail="session.update")
            self._recovery.refused("configuration_refused")

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
        fact = self.live.log.add(
            facts.AgentSpoke,
            owned_by=spoken.utterance.agent,
            turn=self._replies.turn_of(spoken.utterance.response_id),
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
        self._succession.spoken(spoken)
        if isinstance(fact, facts.AgentSpoke):
            self._echo.spoken(fact)

    def _key_transfer(self, key: KeyTransfer) -> bool:
        try:
            self.transfer(key.to, key.brief, "key")
        except TellModel:
            return False
        return True

    def _bad_input(self, code: str, detail: str) -> None:
        """Record rubbish from the line; a flood of it is recorded only in its beginning."""
        self._bad_inputs += 1
        if self._bad_inputs <= MAX_BAD_INPUTS:
            self.live.log.add(facts.BadInput, source="line", code=code, detail=detail[:200])

    def _busy(self) -> bool:
        if self.live.ending == MODEL_LOST:
            return self._mouth.playing
        return (
            self._events.caller_speaking
            or self._responses.busy
            or self._tools.busy
            or self._handoffs.busy
            or self._keys.busy
            or (self._recovery.running and (self.live.ending is None or self._succession.owes))
            or self._floor.busy
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

    def _model_event(self, event: ServerEvent) -> None:
        self._events.handle(event)

    def _connected(self, connection: Connection) -> None:
        self._events.caller_speaking = False
        self._rollover.watch(connection)
        self._standbys.review()

    def _settled(self) -> None:
        self._standbys.review()
        self._maybe_end()

    def _unheard(self) -> bool:
        return self._conversation.unheard_from_ms(self.live.line.now_ms()) is not None

    def _nothing_under_way(self) -> bool:
        """Whether nothing is under way that belongs to the model's session."""
        return not (
            self._responses.busy
            or self._responses.paused
            or self._handoffs.busy
            or self._recovery.running
            or self._unheard()
        )

    def _model_over(self) -> None:
        self.live.ending = MODEL_LOST
        self._maybe_end()

    def _end(self, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result(reason)

    def _opener(self) -> str | None:
        agent = self.live.agent
        words = agent.opener if isinstance(agent, VoiceAgent) else None
        return f'Greet the caller. Say exactly: "{words}"' if words else None
