"""The wiring of one call: its desks are made here, and told whom to tell what. Nothing here happens in the call."""

from collections.abc import Callable

from huntgroup.calls.dispatch.events import ModelEvents
from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.ending import Ending
from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.handoffs.gap import GapMeter
from huntgroup.calls.handoffs.handoffs import HandoffDesk
from huntgroup.calls.handoffs.placing import Keep
from huntgroup.calls.model import config
from huntgroup.calls.model.exchange import ActiveResponse
from huntgroup.calls.model.standing import Standing
from huntgroup.calls.model.updates import SessionUpdates, Update
from huntgroup.calls.onlookers.hearing import Hearing
from huntgroup.calls.ports import HousePhrases, RealtimeModel
from huntgroup.calls.pulse import Pulse
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.announcer import Announcer
from huntgroup.calls.succession.recovery import Recovery
from huntgroup.calls.succession.rollover import Rollover
from huntgroup.calls.succession.standbys import Allowance, Standbys
from huntgroup.calls.succession.succession import Succession
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.calls.succession.switching import Switch
from huntgroup.calls.supervision.supervision import SupervisorDesk
from huntgroup.calls.talk import Talk
from huntgroup.calls.underway import UnderWay
from huntgroup.teams import KeyTransfer


class Desks:
    """The desks of one call, each made once and wired to the others; those of `talk` are the first.

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
        self.switchboard = live.model = Switchboard(
            model,
            live.clock,
            live.tasks,
            on_event=lambda event: self.events.handle(event),
            on_lost=lambda reason: self.recovery.lost(reason),
            knows=lambda item_id: self.succession.knows(item_id),
        )
        self.talk = Talk(
            live,
            self._sound,
            on_spoken=on_spoken,
            on_heard=self._heard,
            on_key_transfer=on_key_transfer,
            park=lambda *what: self.handoffs.park(*what),
            busy=lambda: self.under_way.busy(),
        )
        self.consults = ConsultDesk(live)
        self._wire_handoffs(standbys)
        self.replies = self._wire_replies()
        self.events = self._wire_events()
        self._announcer = Announcer(live, self.talk.mouth, self._sound, phrases)
        self.supervisors = self._wire_supervisors(model)
        self._hearing = Hearing(live, self.talk.mouth, self.talk.conversation, self.replies.turn_of)
        self.succession = self._wire_succession(on_configuration)
        self.recovery = self._wire_recovery()
        self.under_way = self._wire_under_way()
        self.ending = Ending(live, self.talk.responses, busy=self.under_way.busy, working=self.under_way.working)
        self._rollover = Rollover(
            live,
            self.switchboard,
            self.succession,
            quiet=lambda: not self.under_way.in_session(),
            on_connected=self._connected,
        )

    def _wire_handoffs(self, standbys: Allowance) -> None:
        live = self._live
        self.updates = SessionUpdates(live.model)
        self.standing = Standing(live, self.updates)
        self.talk.responses.server.spelled_out = self.standing.spelled_out
        self._standbys = Standbys(live, self.switchboard, self._sound, standbys)
        keep = Keep(live, self.talk.responses, self.talk.tools, self.updates, self.standing)
        self.gap = GapMeter(live, self.talk.mouth, lambda: self.talk.conversation.last_end_ms)
        self.handoffs = HandoffDesk(
            live,
            self.talk.mouth,
            self.talk.responses,
            self.talk.tools,
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
            self.talk.responses,
            self.talk.tools,
            self._sound,
            unheard=lambda: self.under_way.unheard(),
            on_connected=self._connected,
        )

    def _wire_replies(self) -> Replies:
        return Replies(
            self._live,
            mouth=self.talk.mouth,
            responses=self.talk.responses,
            tools=self.talk.tools,
            handoffs=self.handoffs,
            consults=self.consults,
            on_settled=self._settled,
            on_stalled=self._stalled,
            on_failing=lambda: self.recovery.failing(),
        )

    def _wire_events(self) -> ModelEvents:
        return ModelEvents(
            self._live,
            mouth=self.talk.mouth,
            responses=self.talk.responses,
            replies=self.replies,
            turns=self.talk.turns,
            updates=self.updates,
            consults=self.consults,
            guardrails=self.talk.guardrails,
            floor=self.talk.floor,
            barge_in=self.talk.barge_in,
        )

    def _wire_succession(self, on_configuration: Callable[[Update], None]) -> Succession:
        return Succession(
            self._live,
            self.switchboard,
            self._sound,
            mouth=self.talk.mouth,
            responses=self.talk.responses,
            replies=self.replies,
            tools=self.talk.tools,
            updates=self.updates,
            consults=self.consults,
            conversation=self.talk.conversation,
            caller=self.talk.caller,
            floor=self.talk.floor,
            on_broken_off=lambda response_id: self.talk.guardrails.agent.over(response_id, "incomplete"),
            pending_keys=lambda: self.talk.keys.pending,
            on_configuration=on_configuration,
            on_unheard=lambda turn: self.talk.turns.lost(turn),
            on_heard_again=lambda turn: self.talk.guardrails.caller.heard_again(turn.item_id),
        )

    def _wire_supervisors(self, model: RealtimeModel) -> SupervisorDesk:
        return SupervisorDesk(
            self._live,
            model,
            responses=self.talk.responses,
            typed=self.talk.typed,
            silence=self.talk.silence,
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
            self.talk.mouth,
            self._announcer,
            on_connected=self._connected,
            on_over=lambda: self.ending.model_over(),
            caller_speaks=lambda: self.talk.responses.paused,
        )

    def _wire_under_way(self) -> UnderWay:
        return UnderWay(
            self._live,
            mouth=self.talk.mouth,
            responses=self.talk.responses,
            tools=self.talk.tools,
            handoffs=self.handoffs,
            keys=self.talk.keys,
            floor=self.talk.floor,
            turns=self.talk.turns,
            recovery=self.recovery,
            succession=self.succession,
            conversation=self.talk.conversation,
        )

    def pulse(self) -> Pulse:
        """Return the call's pulse, which is to run as a task."""
        return Pulse(
            self._live,
            mouth=self.talk.mouth,
            responses=self.talk.responses,
            replies=self.replies,
            silence=self.talk.silence,
            on_idle_end=self.ending.look,
            on_frozen=lambda: self.ending.line_over("no_frames", lost=True),
        )

    def _connected(self, connection: Connection) -> None:
        self.talk.turns.speaking = False
        self._rollover.watch(connection)
        self._standbys.review()

    def _heard(self) -> None:
        self.gap.heard()
        self._hearing.heard()

    def _stalled(self, stalled: ActiveResponse) -> None:
        """What there is of a response that the server left is still checked and heard, but nothing of a dead one."""
        self.talk.guardrails.agent.over(stalled.response_id, "cancelled" if stalled.dead else "incomplete")
        if not stalled.dead:
            self.talk.barge_in.given_up(stalled.response_id)

    def _settled(self) -> None:
        self._standbys.review()
        self.ending.look()
