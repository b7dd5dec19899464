"""The desks at which caller and agent talk: what is heard of each, who has the floor, what is asked for and done."""

from collections.abc import Callable

from huntgroup.calls.dispatch.callerturns import CallerTurns
from huntgroup.calls.dispatch.typed import Typed
from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.guardrails.retract import Retraction
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.calls.state.conversation import Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.tools.consent import Announcements
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.calls.turns.callersound import CallerSound
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.keys import KeyPad
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.media.formats import AudioFormat
from huntgroup.teams import KeyTransfer

Park = Callable[[str, Callable[[], None]], bool]


class Talk:
    """These desks, wired to each other. They know nothing of who takes part in the talk, nor for how long.

    The model of `live` must be there. `on_spoken`, `on_heard` and `on_key_transfer` are told what a `Mouth` and a
    `KeyPad` tell; `park` is that of the `HandoffDesk`, `busy` whether anything is under way in the call.
    """

    def __init__(
        self,
        live: LiveCall,
        sound: AudioFormat,
        *,
        on_spoken: Callable[[Spoken], None],
        on_heard: Callable[[], None],
        on_key_transfer: Callable[[KeyTransfer], bool],
        park: Park,
        busy: Callable[[], bool],
    ) -> None:
        self._live = live
        self.conversation = Conversation()
        self.caller = CallerSound(live, sound, self.conversation)
        self.responses = ResponseQueue(live.model, live.owner)
        self.mouth = Mouth(
            live.line,
            sound,
            on_spoken,
            on_heard=on_heard,
            on_cut=lambda cuts: self.barge_in.taken(cuts),
            can_hold=not live.profile.plays_itself,
        )
        self.tools = ToolDesk(live, self.mouth, self.responses, lambda reply: self.guardrails.cleared(reply))
        self.barge_in = BargeIn(live, self.mouth, self.responses, self.tools)
        self.guardrails = self._wire_guardrails(park)
        self.floor = Floor(live, self.mouth, self.responses, self.barge_in)
        self.keys = KeyPad(live, self.responses, on_key_transfer, self.guardrails.caller.unspoken)
        self.silence = SilenceWatch(live, self.responses, busy)
        self.turns = self._wire_turns()
        self.typed = self._wire_typed()
        self._wire_approvals()

    def _wire_guardrails(self, park: Park) -> GuardrailDesk:
        live, mouth, responses = self._live, self.mouth, self.responses
        retraction = Retraction(live, mouth, responses, self.tools, self.barge_in, park)
        return GuardrailDesk(live, mouth, responses, retraction)

    def _wire_turns(self) -> CallerTurns:
        return CallerTurns(
            self._live,
            responses=self.responses,
            guardrails=self.guardrails,
            silence=self.silence,
            conversation=self.conversation,
            floor=self.floor,
        )

    def _wire_typed(self) -> Typed:
        return Typed(
            self._live,
            responses=self.responses,
            conversation=self.conversation,
            floor=self.floor,
            guardrails=self.guardrails,
            silence=self.silence,
            turns=self.turns,
        )

    def _wire_approvals(self) -> None:
        approvals = self._live.approvals
        approvals.on_asked = Announcements(self._live, self.responses).put
        approvals.was_heard = lambda response_id: self.mouth.said.heard_of(response_id) > 0
