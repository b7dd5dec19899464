"""Who has the floor while the agent speaks: a caller's sound is a turn, a sign of listening, a noise, or our own echo.

While that is open nothing is lost: a voice that lasts silences the agent and what was not heard is kept, the reply
goes on being made, nothing is asked for, and no tool call is begun. Then either the caller has the floor, or the agent
goes on.
"""

from collections.abc import Callable

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.waits import Why
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.conversation import CallerTurn
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.turns.agentpause import AgentPause
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.calls.turns.bids import Bid
from huntgroup.calls.turns.turnjudge import TurnJudge
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import ConversationItemDelete

# A server counts speech from before its first sound, and tells it a moment later.
NOTICED_MS = 300


class Floor:
    """Gives the floor to the caller, or leaves it to the agent.

    `on_turn` is told each turn of which it was open, when it was committed, whether it is one, `on_ignored` when what
    was open is none. `on_decided` is told whenever nothing is doubtful any more. `frame` must be called at every frame
    of the line.
    """

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue, barge_in: BargeIn) -> None:
        self._live = live
        self._policy = live.team.barge_in
        self._mouth = mouth
        self._responses = responses
        self._barge_in = barge_in
        self._judge = TurnJudge(live, mouth)
        self._pause = AgentPause(live, mouth)
        self._bids: dict[str, Bid] = {}
        self.on_turn: Callable[[CallerTurn], None] = lambda turn: None
        self.on_ignored: Callable[[], None] = lambda: None
        self.on_decided: Callable[[], None] = lambda: None

    @property
    def busy(self) -> bool:
        """Whether it is open whose turn it is."""
        return bool(self._bids) or self._pause.ending

    @property
    def doubtful(self) -> bool:
        """Whether somebody may be taking the floor now; our own echo is no reason to wait."""
        return any(not bid.echoes for bid in self._bids.values())

    # -- the caller -----------------------------------------------------------------------------------------------

    def speech_started(self, turn: CallerTurn) -> None:
        """Speech began: while the agent is heard it is a bid, otherwise the caller has the floor at once."""
        if self._live.ending not in (None, "silence"):
            return
        if not self._mouth.audible or self._mouth.cutting:
            self._yield()
            return
        heard = self._mouth.said.sounding()
        span = self._live.tracer.floor(heard[0].response_id if heard is not None else None)
        bid = self._bids[turn.item_id] = self._judge.bid(turn, span)
        self._pause.prolong()
        self._hold_back()
        self._weigh(bid)

    def take(self, cause: str) -> None:
        """The caller has the floor at once, whatever is open: who writes or presses leaves no doubt."""
        if self._live.ending in (None, "silence"):
            self._yield(cause)

    def speech_stopped(self, item_id: str) -> None:
        bid = self._bids.get(item_id)
        if bid is not None:
            bid.ended = True

    def committed(self, turn: CallerTurn) -> bool:
        """A turn was committed; False while it is open whether it is one."""
        if turn.ignored:
            self._forget(turn)
            return False
        bid = self._bids.get(turn.item_id)
        if bid is None:
            return True
        wait_ms = self._policy.words_ms if self._live.profile.supports_transcription else 0
        self._live.tasks.spawn(self._words_owed(bid, wait_ms), "words owed")
        return False

    def words(self, turn: CallerTurn, text: str) -> None:
        """The words of a turn: they decide when that is open."""
        bid = self._bids.get(turn.item_id)
        if bid is not None:
            reason = self._judge.reason_to_ignore(bid, text)
            self._decide(bid, reason, text)

    def never_committed(self, item_id: str) -> None:
        """The server dropped what had begun as speech."""
        bid = self._bids.get(item_id)
        if bid is not None:
            self._decide(bid, "echo" if bid.is_echo else "noise", "")

    def abandon(self) -> None:
        """The model's session is gone: no word of what is open will come, and whoever was silenced goes on."""
        for bid in self._bids.values():
            bid.span.set(became="lost").end("cancelled")
        self._bids.clear()
        self._resume()
        self._hold_back()

    def settle(self) -> None:
        """The call is over: what is known to be our own sound is recorded as that, the rest stays a turn."""
        for bid in list(self._bids.values()):
            if bid.is_echo:
                self._ignore(bid.turn, "echo", "")
        self._bids.clear()
        self.on_decided()

    async def _words_owed(self, bid: Bid, wait_ms: int) -> None:
        await self._live.clock.sleep_ms(wait_ms)
        if bid.turn.item_id in self._bids:
            self._decide(bid, "echo" if bid.is_echo else None, "")

    # -- frame by frame -------------------------------------------------------------------------------------------

    def frame(self, audio: bytes) -> None:
        """Take a frame of the caller in the line's format; cheap unless a bid is open."""
        now_ms = self._live.line.now_ms()
        self._judge.frame(audio, now_ms, at_once=self.busy)
        self._move_on(now_ms)

    def tick(self) -> None:
        """Time has passed on a line that brings no sound: the server's word is all there is to judge by."""
        self._mouth.listen()
        self._move_on(self._live.line.now_ms())

    def _move_on(self, now_ms: int) -> None:
        if self._pause.ending:
            self._pause.proceed()
        if self._bids:
            self._look(now_ms)

    def _look(self, now_ms: int) -> None:
        look_is_due = self._judge.look_is_due(now_ms)
        for bid in list(self._bids.values()):
            # What was put off for an earlier bid may have ended the session, and every bid with it.
            if bid.ended or bid.turn.item_id not in self._bids:
                continue
            if look_is_due:
                self._judge.look(bid)
            self._weigh(bid)
        self._hold_back()

    def _weigh(self, bid: Bid) -> None:
        if self._live.profile.plays_itself:
            # The agent cannot be silenced for a moment and go on, so its silence is the decision.
            if self._live.line.now_ms() - bid.turn.start_ms >= self._live.team.barge_in.patience_ms + NOTICED_MS:
                self._decide(bid, None, "")
            return
        if self._judge.silences(bid):
            self._pause.begin()
        if self._judge.is_certain(bid):
            self._decide(bid, None, "")

    # -- decisions ------------------------------------------------------------------------------------------------

    def _decide(self, bid: Bid, ignored: str | None, text: str) -> None:
        turn = bid.turn
        del self._bids[turn.item_id]
        bid.span.set(became=ignored or "turn", echo=round(bid.explained, 2)).end()
        if ignored is None:
            self._yield()
        else:
            self._pass_over(turn, ignored, text)
        self._hold_back()
        if ignored is None and turn.committed:
            self.on_turn(turn)

    def _yield(self, cause: str = "speech") -> None:
        """The caller has the floor."""
        if self._live.ending == "silence":
            self._live.ending = None
        if self._live.ending is None:
            self._pause.forget()
            self._responses.pause()
            self._barge_in.interrupt(cause)
        else:
            self._resume()

    def _pass_over(self, turn: CallerTurn, reason: str, text: str) -> None:
        self._ignore(turn, reason, text)
        if turn.committed:
            self._forget(turn)
        self._resume()
        self.on_ignored()

    def _ignore(self, turn: CallerTurn, reason: str, text: str) -> None:
        turn.told = turn.ignored = True
        self._live.log.add(
            facts.SpeechIgnored,
            item_id=turn.item_id,
            reason=reason,
            text=text.strip(),
            start_ms=turn.start_ms,
            end_ms=max(turn.start_ms, turn.end_ms),
        )
        if reason != "echo" and self._live.ending == "silence":
            self._live.ending = None

    def _forget(self, turn: CallerTurn) -> None:
        """The model must not answer later to what was no turn."""
        self._live.model.send(ConversationItemDelete(event_id=new_id("del"), item_id=turn.item_id))

    def _resume(self) -> None:
        if not self._bids:
            self._pause.end()

    def _hold_back(self) -> None:
        """Ask for nothing while somebody may be taking the floor."""
        if self.doubtful:
            self._responses.wait(Why.FLOOR)
        else:
            self._responses.go(Why.FLOOR)
            self.on_decided()
