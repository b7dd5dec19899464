"""A supervisor takes the call: caller and supervisor talk with one another, the agent is silent and is told in writing.

The call's model session goes on listening to the caller, so that the caller's words are transcribed as ever; nothing is
asked of it. The supervisor's words are written by the `Scribe` and told to it as text. Then the agent goes on, or the
supervisor ends the call. A supervisor who goes away without a word is waited for a while.
"""

from collections.abc import Callable

from huntgroup.calls.dispatch.typed import Typed
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.waits import Why
from huntgroup.calls.ports import RealtimeModel, Supervisor
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.state.supervised import BACK, JOINED, said
from huntgroup.calls.succession.announcer import Announcer
from huntgroup.calls.succession.seeding import message
from huntgroup.calls.succession.succession import MODEL_LOST
from huntgroup.calls.supervision.bridge import Bridge
from huntgroup.calls.supervision.scribe import Scribe, Words
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.domain import facts
from huntgroup.domain.errors import HandoffRefused
from huntgroup.media.formats import FRAME_MS

CAUSE = "supervisor"
CONNECT_LIMIT_MS = 15_000
RETURN_LIMIT_MS = 4_000
LAST_WORDS_MS = 1_500
# Ends that a person does not prevent.
STAYS = frozenset({"too_long", MODEL_LOST})


class SupervisorDesk:
    """One supervisor at a time. `frame` must be called at every frame of the caller.

    `undecided` says whether a handoff is under way: a supervisor takes the call when it is decided who had it. `over`
    says whether the call has ended, and only its last words are heard. `on_end` is told when the supervisor ends the
    call. `settle` must follow the call's end.
    """

    def __init__(
        self,
        live: LiveCall,
        model: RealtimeModel,
        *,
        responses: ResponseQueue,
        typed: Typed,
        silence: SilenceWatch,
        announcer: Announcer,
        undecided: Callable[[], bool],
        over: Callable[[], bool],
        on_end: Callable[[str], None],
    ) -> None:
        self._live = live
        self._model = model
        self._responses = responses
        self._typed = typed
        self._silence = silence
        self._announcer = announcer
        self._undecided = undecided
        self._over = over
        self._on_end = on_end
        self._person: Supervisor | None = None
        self._by = self._visit = ""
        self._bridge: Bridge | None = None
        self._scribe: Scribe | None = None
        self._span: Span | None = None
        self._since_ms = self._away_ms = 0
        self._leaving = False

    def invite(self, person: Supervisor, by: str, visit: str) -> None:
        """Let somebody take the call as soon as they are there; who has it already may come in another way.

        `visit` is who they are: two people may have the one name `by`.

        Raises `HandoffRefused`: taken, ending, written (the caller hears nothing on this line), elsewhere.
        """
        if self._live.line.written:
            raise HandoffRefused("written", "the caller reads and writes on this line")
        if self._live.profile.plays_itself:
            raise HandoffRefused("elsewhere", "the caller's sound is at the model's server")
        if self._live.ending in STAYS and self._bridge is None:
            raise HandoffRefused("ending", "the call is ending")
        if self._leaving or (self._person is not None and self._visit != visit):
            raise HandoffRefused("taken", "another supervisor has the call")
        before, self._person, self._by, self._visit = self._person, person, by, visit
        self._away_ms = 0
        if before is not None:
            before.let_go()
        if self._bridge is None:
            self._live.tasks.spawn(self._expect(person), "a supervisor who comes")

    def frame(self, audio: bytes) -> None:
        """Take a frame of the caller; cheap while nobody has the call."""
        person = self._person
        if person is None:
            return
        if self._bridge is not None:
            self._bridge.frame(audio, person)
            self._away_ms = 0 if person.is_there else self._away_ms + FRAME_MS
            if self._away_ms >= RETURN_LIMIT_MS:
                self._part("lost")
        elif person.is_there and self._may_begin():
            self._begin()

    def give_back(self, visit: str) -> bool:
        """The agent is to go on; False when this supervisor does not have the call."""
        return self._may(visit) and self._part("given_back")

    def hang_up(self, visit: str) -> bool:
        """End the call; False when this supervisor does not have it."""
        return self._may(visit) and self._part("hung_up")

    def settle(self, reason: str) -> None:
        """The call is over here: whoever has it or comes is let go."""
        if self._live.taken_by is not None:
            self._note_left(reason)
        if self._scribe is not None:
            self._scribe.close()
        if self._person is not None:
            self._person.let_go()
        self._person = self._bridge = self._scribe = None

    # -- how it begins --------------------------------------------------------------------------------------------

    async def _expect(self, person: Supervisor) -> None:
        await self._live.clock.sleep_ms(CONNECT_LIMIT_MS)
        if self._person is person and self._bridge is None:
            self._person = None
            person.let_go()

    def _may_begin(self) -> bool:
        return self._live.ending not in STAYS and not self._undecided() and not self._over()

    def _begin(self) -> None:
        live = self._live
        self._since_ms, self._away_ms = live.line.now_ms(), 0
        live.taken_by = self._by
        self._responses.wait(Why.TAKEN)
        live.ending = None
        self._typed.interrupt(CAUSE)
        live.log.add(facts.SupervisorJoined, by=self._by, visit=self._visit)
        self._span = live.tracer.supervisor()
        self._tell(JOINED)
        self._scribe = Scribe(live, self._model, self._words)
        self._bridge = Bridge(live.line, self._scribe.hear)

    def _words(self, words: Words) -> None:
        end_ms = words.end_ms if words.end_ms is not None else words.start_ms
        self._live.log.add(
            facts.SupervisorSpoke, item_id=words.item_id, text=words.text, start_ms=words.start_ms, end_ms=end_ms
        )
        if words.text:
            self._tell(said(words.text))

    def _tell(self, text: str) -> None:
        self._live.model.send(self._live.items.create(message("system", text), CAUSE))

    # -- how it ends ----------------------------------------------------------------------------------------------

    def _may(self, visit: str) -> bool:
        return self._bridge is not None and self._visit == visit

    def _part(self, reason: str) -> bool:
        """The supervisor speaks no more; what was said last is still to be understood."""
        person, self._person, self._bridge, self._leaving = self._person, None, None, True
        if person is not None:
            person.let_go()
        self._live.tasks.spawn(self._leave(reason), "a supervisor leaves")
        return True

    async def _leave(self, reason: str) -> None:
        scribe, self._scribe = self._scribe, None
        if scribe is not None:
            await scribe.finish(LAST_WORDS_MS)
            scribe.close()
        self._leaving = False
        self._note_left(reason)
        if reason == "hung_up":
            self._on_end("supervisor_hung_up")
        else:
            self._go_on(reason)

    def _note_left(self, reason: str) -> None:
        live, by = self._live, self._by
        lasted_ms = max(0, live.line.now_ms() - self._since_ms)
        live.log.add(facts.SupervisorLeft, by=by, reason=reason, lasted_ms=lasted_ms)
        live.taken_by = None
        if self._span is not None:
            self._span.set(reason=reason).end("error" if reason == "lost" else "ok")

    def _go_on(self, reason: str) -> None:
        """The agent has the call again, and says so when the caller was left alone."""
        live = self._live
        self._tell(BACK[reason])
        self._silence.reset()
        if live.ending == MODEL_LOST:
            self._announcer.say("apology")
        again = None
        if live.ending is None:
            words = f'Say exactly: "{ALONE}"' if reason == "lost" else None
            again = Ask(reason=Reason.GIVEN_BACK, agent=live.owner, instructions=words)
        self._responses.give_back(again)


ALONE = "Sorry, the connection to my colleague broke. I am with you again. How can I help?"
