"""The agent silenced for a moment, because somebody may be taking the floor; what was not heard is kept."""

from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts


class AgentPause:
    """From `begin` until the agent goes on by `end`, or the caller has the floor by `forget`.

    The agent goes on once it is certain what was heard: `proceed` must be called at every frame.
    """

    def __init__(self, live: LiveCall, mouth: Mouth) -> None:
        self._live = live
        self._mouth = mouth
        self._since_ms: int | None = None
        self.ending = False

    def begin(self) -> None:
        """Silence the agent now, if it is heard."""
        if self._mouth.stopped or not self._mouth.audible:
            return
        self._since_ms = self._live.line.now_ms()
        self._mouth.stop()
        self._note(facts.AgentPaused)

    def end(self) -> None:
        """Nobody takes the floor from the agent that was silenced."""
        if self._since_ms is not None:
            self.ending = True
            self.proceed()

    def prolong(self) -> None:
        """An agent that was to go on waits once more."""
        self.ending = False

    def forget(self) -> None:
        """The caller has the floor: the agent will not go on."""
        self._since_ms, self.ending = None, False

    def proceed(self) -> None:
        """Say the rest, if the pause is to end and it is certain what was heard."""
        if not self.ending:
            return
        if self._since_ms is None or not self._mouth.stopped or self._mouth.cutting:
            self.forget()
        elif self._mouth.certain:
            silent_ms = self._live.line.now_ms() - self._since_ms
            self.forget()
            self._note(facts.AgentResumed, silent_ms=silent_ms)
            self._mouth.go_on()

    def _note(self, kind: type[facts.FactBase], **more: int) -> None:
        sounding = self._mouth.said.sounding()
        if sounding is not None:
            utterance, heard_ms = sounding
            ids = {"response_id": utterance.response_id, "item_id": utterance.item_id}
            self._live.log.add(kind, owned_by=utterance.agent, **ids, heard_ms=heard_ms, **more)
