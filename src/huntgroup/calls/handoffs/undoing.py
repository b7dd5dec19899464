"""What is left of a receiver that did not get the call: nothing heard, nothing done, nothing remembered."""

from huntgroup.calls.handoffs import takeover
from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall


class Undoing:
    """Takes back what a receiver was asked for, wherever its answer is: waiting, on the wire, written or to come."""

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._asks: set[str] = set()
        self._dead: set[str] = set()

    def undo(self, move: Move) -> None:
        """Let nothing come of the receiver's first response, and tell the giver's model what happened."""
        self._asks.add(move.ask.ask_id)
        self._responses.kill(move.ask)
        if move.response_id is not None:
            self._bury(move.response_id)
            if not self._responses.server.is_active(move.response_id):
                self._wipe(move.response_id)
        if move.note is not None:
            self._live.model.send(self._live.items.delete(str(move.note.item.id)))
        self._tell_giver(move)

    def response_created(self, response_id: str, ask: Ask) -> None:
        """A dead response began after all."""
        if ask.ask_id in self._asks:
            self._bury(response_id)

    def response_done(self, response_id: str) -> None:
        """A dead response is over; its items can be deleted once they are whole."""
        if response_id in self._dead:
            self._wipe(response_id)

    def _bury(self, response_id: str) -> None:
        self._mouth.bury(response_id)
        self._dead.add(response_id)

    def _wipe(self, response_id: str) -> None:
        for item_id in self._live.items.of_response(response_id):
            self._live.model.send(self._live.items.delete(item_id))

    def _tell_giver(self, move: Move) -> None:
        """Tell the model of the failed transfer, and again what was taken out of its memory for the receiver."""
        note = f"The transfer to {move.to} did not work. Say so in a few words and carry on with the caller yourself."
        if move.trim.changes:
            note = f"{note}\n{takeover.so_far(self._live.log.facts, move.frm)}"
        self._live.model.send(self._live.items.note(note))
