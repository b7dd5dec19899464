"""The wiring of one call: every desk is made here, and told whom to tell what. Nothing here happens in the call."""

from collections.abc import Callable

from huntgroup.calls.dispatch.events import ModelEvents
from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.dispatch.typed import Typed
from huntgroup.calls.ending import Ending
from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.guardrails.retract import Retraction
from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.handoffs.gap import GapMeter
from huntgroup.calls.handoffs.handoffs import HandoffDesk
from huntgroup.calls.handoffs.placing import Keep
from huntgroup.calls.model import config
from huntgroup.calls.model.exchange import ActiveResponse
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.standing import Standing
from huntgroup.calls.model.updates import SessionUpdates, Update
from huntgroup.calls.onlookers.hearing import Hearing
from huntgroup.calls.ports import HousePhrases, RealtimeModel
from huntgroup.calls.pulse import Pulse
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.calls.state.conversation import Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.announcer import Announcer
from huntgroup.calls.succession.recovery import Recovery
from huntgroup.calls.succession.rollover import Rollover
from huntgroup.calls.succession.standbys import Allowance, Standbys
from huntgroup.calls.succession.succession import Succession
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.calls.succession.switching import Switch
from huntgroup.calls.supervision.supervision import SupervisorDesk
from huntgroup.calls.tools.consent import Announcements
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.calls.turns.callersound import CallerSound
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.keys import KeyPad
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.calls.underway import UnderWay
from huntgroup.teams import KeyTransfer


class Desks:
    """The desks of one call, each made once and wired to the others.

    `on_spoken` is told what became of each utterance, `on_configuration` of each update that configures a session,
    `on_key_transfer` of a key that moves the call (it returns whether the call moves).
    """

    def __init__(
        self,
        live: LiveCall,
        model: RealtimeModel,
        phrases: HousePhrases,
        standbys: Allowance,
        *,
        passthrough: bool,
        on_spoken: Callable[[Spoken], None],
        on_configuration: Callable[[Update], None],
        on_key_transfer: Callable[[KeyTransfer], bool],
    ) -> None:
        self._live = live
        self._sound = config.model_format(live.line, live.profile, passthrough=passthrough)
        self.conversation = Conversation()
        self.switchboard = live.model = Switchboard(
            model,
            live.clock,
            live.tasks,
            on_event=lambda event: self.events.handle(event),
            on_lost=lambda reason: self.recovery.lost(reason),
            knows=lambda item_id: self.succession.knows(item_id),
        )
        self.caller = CallerSound(live, self._sound, self.conversation)
        self.responses = ResponseQueue(live.model, live.owner)
        self.consults = ConsultDesk(live)
        self._wire_sound(on_spoken)
        self._wire_handoffs(standbys)
        self.keys = KeyPad(live, self.responses, on_key_transfer, self.guardrails.caller.unspoken)
        announcements = Announcements(live, self.responses)
        live.approvals.on_asked, live.approvals.on_closed = announcements.put, announcements.take_back
        live.approvals.was_heard = lambda response_id: self.mouth.said.heard_of(response_id) > 0
        self.silence = SilenceWatch(live, self.responses, lambda: self.under_way.busy())
        self.replies = self._wire_replies()
        self.events = self._wire_events()
        self.typed = self._wire_typed()
        self._announcer = Announcer(live, self.mouth, self._sound, phrases)
        self.supervisors = self._wire_supervisors(model)
        self._hearing = Hearing(live, self.mouth, self.conversation, self.replies.turn_of)
        self.succession = self._wire_succession(on_configuration)
        self.recovery = self._wire_recovery()
        self.under_way = self._wire_under_way()
        self.ending = Ending(live, self.responses, busy=self.under_way.busy, working=self.under_way.working)
        self._rollover = Rollover(
            live,
            self.switchboard,
            self.succession,
            quiet=lambda: not self.under_way.in_session(),
            on_connected=self._connected,
        )

    def _wire_sound(self, on_spoken: Callable[[Spoken], None]) -> None:
        live, responses = self._live, self.responses
        self.mouth = Mouth(
            live.line,
            self._sound,
            on_spoken,
            on_heard=self._heard,
            on_cut=lambda cuts: self.barge_in.taken(cuts),
            can_hold=not live.profile.plays_itself,
        )
        self.gap = GapMeter(live, self.mouth, lambda: self.conversation.last_end_ms)
        self.tools = ToolDesk(live, self.mouth, responses, lambda reply: self.guardrails.cleared(reply))
        self.barge_in = BargeIn(live, self.mouth, responses, self.tools)
        retraction = Retraction(
            live, self.mouth, responses, self.tools, self.barge_in, lambda *what: self.handoffs.park(*what)
        )
        self.guardrails = GuardrailDesk(live, self.mouth, responses, retraction)
        self.floor = Floor(live, self.mouth, responses, self.barge_in)

    def _wire_handoffs(self, standbys: Allowance) -> None:
        live = self._live
        self.updates = SessionUpdates(live.model)
        self.standing = Standing(live, self.updates)
        self.responses.server.spelled_out = self.standing.spelled_out
        self._standbys = Standbys(live, self.switchboard, self._sound, standbys)
        keep = Keep(live, self.responses, self.tools, self.updates, self.standing)
        self.handoffs = HandoffDesk(
            live,
            self.mouth,
            self.responses,
            self.tools,
            self.standing,
            self.gap,
            placings={"keep": keep, "switch": self._wire_switch(keep)},
        )

    def _wire_switch(self, keep: Keep) -> Switch:
        return Switch(
            self._live,
            keep,
            self.switchboard,
            lambda: self.succession,
            self._standbys,
            self.responses,
            self.tools,
            self._sound,
            unheard=lambda: self.under_way.unheard(),
            on_connected=self._connected,
        )

    def _wire_replies(self) -> Replies:
        return Replies(
            self._live,
            mouth=self.mouth,
            responses=self.responses,
            tools=self.tools,
            handoffs=self.handoffs,
            consults=self.consults,
            on_settled=self._settled,
            on_stalled=self._stalled,
            on_failing=lambda: self.recovery.failing(),
        )

    def _wire_events(self) -> ModelEvents:
        return ModelEvents(
            self._live,
            mouth=self.mouth,
            responses=self.responses,
            replies=self.replies,
            updates=self.updates,
            consults=self.consults,
            guardrails=self.guardrails,
            silence=self.silence,
            conversation=self.conversation,
            floor=self.floor,
            barge_in=self.barge_in,
        )

    def _wire_typed(self) -> Typed:
        return Typed(
            self._live,
            responses=self.responses,
            conversation=self.conversation,
            floor=self.floor,
            guardrails=self.guardrails,
            silence=self.silence,
            events=self.events,
        )

    def _wire_succession(self, on_configuration: Callable[[Update], None]) -> Succession:
        return Succession(
            self._live,
            self.switchboard,
            self._sound,
            mouth=self.mouth,
            responses=self.responses,
            replies=self.replies,
            tools=self.tools,
            updates=self.updates,
            consults=self.consults,
            conversation=self.conversation,
            caller=self.caller,
            floor=self.floor,
            on_broken_off=lambda response_id: self.guardrails.agent.over(response_id, "incomplete"),
            pending_keys=lambda: self.keys.pending,
            on_configuration=on_configuration,
            on_unheard=lambda turn: self.events.turn_lost(turn),
            on_heard_again=lambda turn: self.guardrails.caller.heard_again(turn.item_id),
        )

    def _wire_supervisors(self, model: RealtimeModel) -> SupervisorDesk:
        return SupervisorDesk(
            self._live,
            model,
            responses=self.responses,
            typed=self.typed,
            silence=self.silence,
            announcer=self._announcer,
            undecided=lambda: self.handoffs.busy,
            over=lambda: self.ending.ended.done(),
            on_end=lambda reason: self.ending.now(reason),
        )

    def _wire_recovery(self) -> Recovery:
        return Recovery(
            self._live,
            self.switchboard,
            self.succession,
            self.mouth,
            self._announcer,
            on_connected=self._connected,
            on_over=lambda: self.ending.model_over(),
            caller_speaks=lambda: self.responses.paused,
        )

    def _wire_under_way(self) -> UnderWay:
        return UnderWay(
            self._live,
            mouth=self.mouth,
            responses=self.responses,
            tools=self.tools,
            handoffs=self.handoffs,
            keys=self.keys,
            floor=self.floor,
            events=self.events,
            recovery=self.recovery,
            succession=self.succession,
            conversation=self.conversation,
        )

    def pulse(self) -> Pulse:
        """Return the call's pulse, which is to run as a task."""
        return Pulse(
            self._live,
            mouth=self.mouth,
            responses=self.responses,
            replies=self.replies,
            silence=self.silence,
            on_idle_end=self.ending.look,
            on_frozen=lambda: self.ending.line_over("no_frames", lost=True),
        )

    def _connected(self, connection: Connection) -> None:
        self.events.caller_speaking = False
        self._rollover.watch(connection)
        self._standbys.review()

    def _heard(self) -> None:
        self.gap.heard()
        self._hearing.heard()

    def _stalled(self, stalled: ActiveResponse) -> None:
        """What there is of a response that the server left is still checked and heard, but nothing of a dead one."""
        self.guardrails.agent.over(stalled.response_id, "cancelled" if stalled.dead else "incomplete")
        if not stalled.dead:
            self.barge_in.given_up(stalled.response_id)

    def _settled(self) -> None:
        self._standbys.review()
        self.ending.look()
