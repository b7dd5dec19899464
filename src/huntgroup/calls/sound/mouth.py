"""The agents' side of the sound: from the model's deltas to the caller's ear, with an account of what was heard."""

from collections.abc import Callable

from huntgroup.calls.ports import Line
from huntgroup.calls.sound.fate import GIVE_UP, HOLD, MUTE, RELEASE
from huntgroup.calls.sound.heldsound import HeldSound
from huntgroup.calls.sound.holdback import HoldBack
from huntgroup.calls.sound.lineout import LineOut
from huntgroup.calls.sound.said import Said
from huntgroup.calls.sound.stopping import Stopping
from huntgroup.calls.sound.telling import Telling
from huntgroup.calls.sound.utterance import Spoken, SpokenResponse, Utterance
from huntgroup.media.formats import AudioFormat
from huntgroup.media.playout import Cut


class Mouth:
    """Plays model audio on a line.

    What may become of a response's sound is its `Fate`, which the methods that take a `response_id` change. `said` is
    the account of it all. `on_spoken` is told once per utterance, when it was heard to its end or cut; `on_heard`
    whenever the line says that something more was heard; `on_cut` what a `cut` took away, when that is certain.
    Without `can_hold` somebody else plays the sound, and what is made is heard.
    """

    def __init__(
        self,
        line: Line,
        model_format: AudioFormat,
        on_spoken: Callable[[Spoken], None],
        on_heard: Callable[[], None],
        on_cut: Callable[[list[Cut]], None],
        *,
        can_hold: bool = True,
    ) -> None:
        self._line, self._format = line, model_format
        self._can_hold = can_hold
        self._out = LineOut(line, model_format, self._stopped)
        self.ledger = self._out.ledger
        self.said = Said(self.ledger, line.now_ms)
        self._held = HeldSound(model_format, self._out.send, self._out.finish)
        self._telling = Telling(self.said, self._held.drop, on_spoken)
        self._stopping = Stopping(self._out, line.now_ms, self._cut)
        self._on_heard, self._on_cut = on_heard, on_cut

    def begin(self, item_id: str, response_id: str, agent: str) -> Utterance:
        """Return the utterance of an item, new if need be."""
        return self.said.begin(item_id, response_id, agent)

    def words(self, item_id: str, delta: str) -> None:
        """Add transcript to an item, which must have begun."""
        self.said.begun(item_id).text += delta

    def sound(self, item_id: str, content_index: int, audio: bytes) -> None:
        """Take sound of an item, which must have begun, in the model's format."""
        utterance = self.said.begun(item_id)
        utterance.content_index = content_index
        response = utterance.response
        duration_ms = self._format.duration_ms(len(audio))
        self.ledger.generated(item_id, duration_ms, response_id=response.response_id, content_index=content_index)
        if response.guard is not None:
            # Sound that will not be heard counts too: the guard pairs all of it with the transcript.
            response.guard.sound(item_id, duration_ms)
        if not self.ledger.is_cut(item_id, content_index=content_index):
            self._held.take(utterance, audio, duration_ms)

    def close(self, item_id: str) -> None:
        """Note that the model has made all sound of an item."""
        utterance = self.said.find(item_id)
        if utterance is None or utterance.closed:
            return
        utterance.closed = True
        if not self.said.made_ms(utterance):
            self._telling.tell(utterance, interrupted=False)
        elif not utterance.held:
            self._out.finish(utterance)

    def marked(self, name: str) -> None:
        """Handle the echo of a mark."""
        if self._out.marked(name):
            self._telling.heard()
            self._on_heard()

    def guard(self, response_id: str, guard: HoldBack) -> None:
        """Let sound of a response, which must have none yet, through only as far as `guard` allows."""
        if self._can_hold:
            self.said.response(response_id).guard = guard

    def unguard(self, response_id: str) -> None:
        """Forget the guard of a response; what it held may be heard."""
        self.said.response(response_id).guard = None
        self.let_through()

    def let_through(self) -> None:
        """Play what is held and may be heard by now; for the owner of a guard that allows more."""
        self._held.let_through()

    def hold(self, response_id: str) -> None:
        """Keep a response back whole until `release` or `bury`; what comes after it waits behind it."""
        if self._can_hold:
            self.said.response(response_id).step(HOLD)

    def release(self, response_id: str) -> None:
        """Play what was held of a response, as far as its guard allows, and let the rest through.

        What the caller has cut of it meanwhile is told only now: before, nobody knew whether it would ever be said.
        """
        response = self.said.response(response_id)
        cuts, response.cuts = response.cuts, []
        if cuts:
            self._telling.cut(cuts)
            self._on_cut(cuts)
        response.step(RELEASE)
        self._decided()

    def bury(self, response_id: str) -> None:
        """Let no more sound of a response be heard. What nobody heard of it counts as never said."""
        response = self.said.response(response_id)
        response.bury()
        self._silence(response)

    def mute(self, response_id: str) -> None:
        """Let no more sound of a response be heard; what a cut took of one on hold is still told at its `release`."""
        response = self.said.response(response_id)
        response.step(MUTE)
        self._silence(response)

    def give_up(self, response_id: str) -> list[Cut]:
        """The model stopped in the middle of a response: it ends where its sound ends, and no more of it is taken.

        Returns what ended so: all of it that there is may still be heard.
        """
        response = self.said.response(response_id)
        response.step(GIVE_UP)
        unfinished = [utterance for utterance in response.utterances if not utterance.closed]
        for utterance in unfinished:
            self._end_here(utterance)
        return [self.said.all_of(utterance) for utterance in unfinished]

    def break_off(self) -> None:
        """The model is gone: what it was saying ends where its sound ends; what was on hold is never heard."""
        for response in self.said.held():
            self.bury(response.response_id)
        for utterance in list(self.said.untold.values()):
            self._end_here(utterance)

    def withhold(self, response_id: str) -> list[Cut]:
        """Drop what is held of a response, while what was played before it is heard on; `bury` must follow."""
        cuts = self.ledger.withhold(response_id, self._line.now_ms())
        self._telling.cut(cuts)
        return cuts

    def end_early(self, response_id: str) -> list[Cut]:
        """Drop what is held of a response; what was let go is heard to its end, and is all that it will have said."""
        ended = []
        for utterance in self.said.of(response_id):
            if utterance.held:
                self._held.drop(utterance)
                ended.append(self.said.shorten(utterance))
                self._out.finish(utterance)
        self._telling.heard()
        self.let_through()
        return ended

    def _silence(self, response: SpokenResponse) -> None:
        for utterance in response.utterances:
            self._held.drop(utterance)
        self._decided()

    def _decided(self) -> None:
        self.let_through()
        # While a cut waits for the line nobody knows what was heard; the cut itself tells then.
        if not self.cutting:
            self._telling.dead()

    def _end_here(self, utterance: Utterance) -> None:
        if not utterance.closed:
            utterance.break_off(self.said.made_ms(utterance))
            self.close(utterance.item_id)

    @property
    def stopped(self) -> bool:
        """Whether the line is silenced and what was not heard is kept."""
        return self._out.stopped

    @property
    def certain(self) -> bool:
        """Whether it is known how much was heard before the last stop."""
        return self._out.certain

    @property
    def cutting(self) -> bool:
        """Whether a cut waits for the line to say what was heard."""
        return self._stopping.cutting

    @property
    def playing(self) -> bool:
        """Whether something is held, or given to the line and not heard to its end."""
        return self._held.waiting or self._out.playing

    @property
    def audible(self) -> bool:
        """Whether something was given to the line that is not heard to its end; stopped for a moment counts too."""
        return self._out.playing

    def stop(self) -> None:
        """Silence the line now, and keep what was not heard until `go_on` or `cut`."""
        self._stopping.stop()

    def go_on(self) -> None:
        """Say the rest of what was stopped, from where it was heard."""
        self._stopping.go_on()

    def cut(self) -> None:
        """Silence the line and let nothing that exists now be heard any more; `on_cut` is told what that was."""
        self._stopping.cut()

    def listen(self) -> bytes:
        """The line audio that sounded since the last call; to be called at every frame."""
        self._out.give_up_waiting()
        return self._out.follow()

    def _stopped(self) -> None:
        self._telling.heard()
        self._stopping.proceed()

    def _cut(self, cuts: list[Cut]) -> None:
        """Tell what was cut, but of responses on hold only at their release."""
        self._telling.heard()
        told = self.said.certain(cuts)
        self._telling.cut(told)
        self._telling.dead()
        self._on_cut(told)

    def settle(self) -> None:
        """Tell every utterance that is not told yet, as cut where it stands; the call is over."""
        if self.cutting:
            self._out.give_up()
        self.ledger.interrupt(self._line.now_ms())
        self._telling.rest()

    def catch_up(self) -> None:
        """Tell what is heard to its end by the clock although the mark that should say so never came."""
        self._out.give_up_waiting()
        if not self._out.stopped and not self.playing and self._telling.waiting():
            # Nothing is left to cut: this only settles the account by the clock, and late marks count no more.
            self.ledger.interrupt(self._line.now_ms())
            self._telling.unmarked()
