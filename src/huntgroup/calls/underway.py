"""What is under way in a call: whether somebody speaks, or something is being done that should not be broken off."""

from huntgroup.calls.dispatch.callerturns import CallerTurns
from huntgroup.calls.handoffs.handoffs import HandoffDesk
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.conversation import Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.recovery import Recovery
from huntgroup.calls.succession.succession import MODEL_LOST, Succession
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.keys import KeyPad


class UnderWay:
    """Asks every desk of a call whether it is busy; it changes nothing."""

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        handoffs: HandoffDesk,
        keys: KeyPad,
        floor: Floor,
        turns: CallerTurns,
        recovery: Recovery,
        succession: Succession,
        conversation: Conversation,
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._handoffs = handoffs
        self._keys = keys
        self._floor = floor
        self._turns = turns
        self._recovery = recovery
        self._succession = succession
        self._conversation = conversation

    def busy(self) -> bool:
        """Whether somebody speaks or works, or is about to; without a model for good, only the sound counts."""
        if self._live.ending == MODEL_LOST:
            return self._live.taken_by is not None or self._mouth.playing
        return (
            self._live.taken_by is not None
            or self._turns.speaking
            or self._responses.busy
            or self._tools.busy
            or self._handoffs.busy
            or self._keys.busy
            or (self._recovery.running and (self._live.ending is None or self._succession.owes))
            or self._floor.busy
            or self._mouth.playing
        )

    def working(self) -> bool:
        """Whether something is being done that another process could not take up in the middle."""
        return self._tools.busy or self._handoffs.busy

    def unheard(self) -> bool:
        """Whether the caller has said something that the model's server does not have yet."""
        return self._conversation.unheard_from_ms(self._live.line.now_ms()) is not None

    def in_session(self) -> bool:
        """Whether something is under way that belongs to the model's session."""
        return (
            self._responses.busy
            or self._responses.paused
            or self._handoffs.busy
            or self._recovery.running
            or self.unheard()
        )
